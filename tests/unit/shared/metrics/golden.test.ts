import { describe, expect, it } from 'vitest';
import { goldenMetrics } from '../../../metrics/golden.ts';
import { findMetricDifferences } from '../../../metrics/weftSide.ts';

describe('the metrics', () => {
  it('equal those that scikit-learn, NumPy and exact fractions gave', () => {
    expect(goldenMetrics.classifications.length).toBeGreaterThan(3);
    expect(goldenMetrics.mcnemar.length).toBeGreaterThan(5);
    expect(findMetricDifferences(goldenMetrics)).toEqual([]);
  });
});
