import { describe, expect, it } from 'vitest';
import { epochsPerPrediction } from '../../../src-main/runs/predictionLog.ts';

const limitBytes = 512 * 1024 * 1024;

describe('the prediction log', () => {
  it('has every epoch of an ordinary run', () => {
    expect(epochsPerPrediction(50, 6000, 10)).toBe(1);
  });

  it('leaves out epochs evenly so that the log of a very long run stays below its limit', () => {
    const interval = epochsPerPrediction(100_000, 6000, 10);
    expect(Math.floor(100_000 / interval) * 6000 * 10).toBeLessThanOrEqual(limitBytes);
    expect(interval).toBe(12);
  });
});
