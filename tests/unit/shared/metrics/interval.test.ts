import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../../src-shared/metrics/interval.ts';

/** The printed values below have this many places. */
const printedPlaces = 4;

describe('wilsonInterval', () => {
  it('equals the intervals that Newcombe (1998), table I, prints for the score method', () => {
    const printed = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const;
    for (const [successes, trials, low, high] of printed) {
      const interval = wilsonInterval(successes, trials);
      expect(interval.low).toBeCloseTo(low, printedPlaces);
      expect(interval.high).toBeCloseTo(high, printedPlaces);
    }
  });

  it('never leaves the range from 0 to 1', () => {
    for (const trials of [1, 2, 7, 10_000]) {
      expect(wilsonInterval(0, trials).low).toBeCloseTo(0, 12);
      expect(wilsonInterval(0, trials).low).toBeGreaterThanOrEqual(0);
      expect(wilsonInterval(trials, trials).high).toBeCloseTo(1, 12);
      expect(wilsonInterval(trials, trials).high).toBeLessThanOrEqual(1);
    }
  });

  it('says nothing where nothing was tried', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
