import { describe, expect, it } from 'vitest';
import { EarlyStoppingWatch } from '../../../src-main/training/earlyStopping.ts';
import type { EpochRecord } from '../../../src-shared/schemas/run.ts';

const recordOf = (epoch: number, validationLoss: number): EpochRecord => ({
  epoch,
  validationLoss,
  validationAccuracy: 0.5,
  trainLoss: 1,
  trainAccuracy: 0.5,
  learningRate: 0.1,
  seconds: 1,
  imagesPerSecond: 1,
});
const weightsOf = (epoch: number) => () => [{ name: 'w', shape: [1], data: Float32Array.of(epoch) }];

function watch(losses: readonly number[], patience: number, minimumDelta: number): EarlyStoppingWatch {
  const watched = new EarlyStoppingWatch({ patience, minimumDelta });
  losses.forEach((loss, index) => watched.observe(recordOf(index + 1, loss), weightsOf(index + 1)));
  return watched;
}

describe('early stopping', () => {
  it('waits as many epochs as its patience after the best one, and has that one’s weights', () => {
    expect(watch([1, 0.5, 0.6], 2, 0).isPatienceOver).toBe(false);
    const over = watch([1, 0.5, 0.6, 0.7], 2, 0);
    expect(over.isPatienceOver).toBe(true);
    expect(over.best?.record).toMatchObject({ epoch: 2, validationLoss: 0.5 });
    expect([...over.best!.tensors[0]!.data]).toEqual([2]);
  });

  it('begins to wait anew when a better epoch comes', () => {
    const watched = watch([1, 1.1, 0.9, 1], 2, 0);
    expect(watched.isPatienceOver).toBe(false);
    expect(watched.best?.record.epoch).toBe(3);
  });

  it('does not count an improvement that is no larger than the minimum', () => {
    const watched = watch([1, 0.75, 0.5], 2, 0.5);
    expect(watched.best?.record.epoch).toBe(1);
    expect(watched.isPatienceOver).toBe(true);
  });
});
