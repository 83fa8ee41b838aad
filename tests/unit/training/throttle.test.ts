import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createThrottle } from '../../../src-main/training/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a throttle', () => {
  it('passes the first value at once and then the latest of each interval', () => {
    const passed: number[] = [];
    const throttle = createThrottle<number>(100, (value) => passed.push(value));
    for (let value = 1; value <= 100; value += 1) {
      throttle.offer(value);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    expect(passed).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('passes what waits when flushed and nothing when cancelled', () => {
    const passed: number[] = [];
    const throttle = createThrottle<number>(100, (value) => passed.push(value));
    throttle.offer(1);
    throttle.offer(2);
    throttle.flush();
    throttle.offer(3);
    throttle.cancel();
    vi.advanceTimersByTime(1000);
    expect(passed).toEqual([1, 2]);
  });
});
