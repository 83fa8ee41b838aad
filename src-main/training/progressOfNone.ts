import type { RunProgress } from '../../src-shared/schemas/run.ts';
import type { TrainingOrder } from './messages.ts';

/** Where a run is that has not begun. */
export function progressOfNone({ runId, recipe }: Pick<TrainingOrder, 'runId' | 'recipe'>): RunProgress {
  return {
    runId,
    state: 'preparing',
    epoch: 1,
    epochs: recipe.epochs,
    batch: 0,
    batches: 0,
    step: 0,
    stepProgress: 0,
    imagesPerSecond: 0,
    secondsElapsed: 0,
    secondsLeft: null,
    learningRate: 0,
    trouble: null,
  };
}
