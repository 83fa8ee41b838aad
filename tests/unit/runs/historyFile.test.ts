import { describe, expect, it } from 'vitest';
import { stepsPerStoredPoint } from '../../../src-main/runs/historyFile.ts';

describe('the history on the disk', () => {
  it.each([1, 20_000, 20_001, 1_000_000, 2 ** 31])(
    'has at most 20,000 batch points of a run of %i steps, and no fewer than half of that if it can',
    (totalSteps) => {
      const points = Math.floor(totalSteps / stepsPerStoredPoint(totalSteps));
      expect(points).toBeLessThanOrEqual(20_000);
      expect(points).toBeGreaterThanOrEqual(Math.min(totalSteps, 10_000));
    },
  );
});
