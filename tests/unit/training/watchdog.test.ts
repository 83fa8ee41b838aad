import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from '../../../src-main/training/watchdog.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('a watchdog', () => {
  it('tells once that nothing was said for too long, and once that there is word again', () => {
    const told: boolean[] = [];
    const watchdog = new Watchdog(4500, (isSilent) => told.push(isSilent));
    for (let second = 0; second < 10; second += 1) {
      vi.advanceTimersByTime(1000);
      watchdog.heard();
    }
    expect(told).toEqual([]);
    vi.advanceTimersByTime(4000);
    expect(watchdog.isSilent).toBe(false);
    vi.advanceTimersByTime(1000);
    expect([watchdog.isSilent, told]).toEqual([true, [true]]);
    vi.advanceTimersByTime(60_000);
    watchdog.heard();
    expect([watchdog.isSilent, told]).toEqual([false, [true, false]]);
    watchdog.stop();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([true, false]);
  });
});
