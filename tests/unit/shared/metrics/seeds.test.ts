import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../../src-shared/metrics/seeds.ts';
import { publishedResults } from '../../../../src-shared/publishedResults.ts';

describe('spreadOf', () => {
  it('is the mean and the standard deviation of the sample', () => {
    // numpy.std([2, 4, 4, 4, 5, 5, 7, 9], ddof=1) = 2.138089935299395
    const spread = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(spread).toMatchObject({ count: 8, mean: 5, lowest: 2, highest: 9 });
    expect(spread!.deviation).toBeCloseTo(2.138089935299395, 12);
  });

  it('has no deviation of one value, and is nothing of none', () => {
    expect(spreadOf([0.5])).toMatchObject({ mean: 0.5, deviation: null });
    expect(spreadOf([])).toBeNull();
  });
});

describe('published results', () => {
  it('are shares with a source, the best first', () => {
    for (const { results } of Object.values(publishedResults)) {
      const accuracies = results.map((one) => one.accuracy);
      expect(accuracies).toEqual(accuracies.toSorted((a, b) => b - a));
      expect(results.every((one) => one.accuracy > 0.5 && one.accuracy < 1 && one.source !== '')).toBe(true);
    }
  });
});
