import { describe, expect, it } from 'vitest';
import { summarizeEpochs } from '../../../src-main/runs/outcome.ts';
import type { EpochRecord } from '../../../src-shared/schemas/run.ts';

const epochsOf = (accuracies: readonly number[]): EpochRecord[] =>
  accuracies.map((validationAccuracy, index) => ({
    epoch: index + 1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy,
    learningRate: 0.001,
    seconds: 1.5,
    imagesPerSecond: 1000,
  }));

describe('what the epochs of a run came to', () => {
  it('has the last, the best (the earliest of equals) and the kept epoch, and the time of all', () => {
    const epochs = epochsOf([0.5, 0.8, 0.8, 0.7]);
    expect(summarizeEpochs(epochs, 3)).toEqual({
      epochs: 4,
      seconds: 6,
      last: epochs[3],
      best: epochs[1],
      kept: epochs[2],
      validationCurve: [0.5, 0.8, 0.8, 0.7],
    });
  });

  it('has nothing of a run without epochs, and no kept epoch of one that was stopped within it', () => {
    const nothing = { epochs: 0, seconds: 0, last: null, best: null, kept: null, validationCurve: [] };
    expect(summarizeEpochs([], 0)).toEqual(nothing);
    expect(summarizeEpochs(epochsOf([0.5]), 2).kept).toBeNull();
  });

  it('keeps the curve of a very long run short, from its first epoch to its last', () => {
    const accuracies = Array.from({ length: 10_000 }, (_, index) => index / 10_000);
    const { validationCurve, epochs } = summarizeEpochs(epochsOf(accuracies), null);
    expect(epochs).toBe(10_000);
    expect(validationCurve).toHaveLength(64);
    expect([validationCurve[0], validationCurve.at(-1)]).toEqual([0, 0.9999]);
    expect(validationCurve).toEqual(validationCurve.toSorted((one, other) => one - other));
  });
});
