// The curves of one run as the page holds them: fed by `run.history` bit by bit, drawn by the charts.
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { EpochRecord, RunHistory } from '../../src-shared/schemas/run.ts';
import { GrowingColumn } from '../ui/charts/growingColumn.ts';

export interface LearningRateChange {
  step: number;
  learningRate: number;
}

export class RunCurves {
  /** Steps from 1, ascending, and the same in epochs: the charts' x axis. */
  readonly batchSteps = new GrowingColumn();
  readonly batchEpochs = new GrowingColumn();
  readonly batchLosses = new GrowingColumn();
  readonly batchAccuracies = new GrowingColumn();
  epochs: readonly EpochRecord[] = [];
  learningRateChanges: readonly LearningRateChange[] = [];
  batchesPerEpoch = 1;

  /** What to ask `run.history` for next: everything after these. */
  get position(): { afterStep: number; afterEpoch: number } {
    return { afterStep: this.batchSteps.last ?? 0, afterEpoch: this.epochs.at(-1)?.epoch ?? 0 };
  }

  /** Adds what is new; what was there already is left out, so an answer may overlap the one before. */
  append(history: RunHistory): void {
    this.batchesPerEpoch = Math.max(1, history.batchesPerEpoch);
    const steps = uint32Of(history.batchSteps);
    const losses = float32Of(history.batchLosses);
    const accuracies = float32Of(history.batchAccuracies);
    const { afterStep, afterEpoch } = this.position;
    steps.forEach((step, index) => {
      if (step <= afterStep) return;
      this.batchSteps.push(step);
      this.batchEpochs.push(step / this.batchesPerEpoch);
      this.batchLosses.push(losses[index] ?? NaN);
      this.batchAccuracies.push(accuracies[index] ?? NaN);
    });
    const newEpochs = history.epochs.filter((record) => record.epoch > afterEpoch);
    if (newEpochs.length > 0) this.epochs = [...this.epochs, ...newEpochs];

    const known = new Set(this.learningRateChanges.map((change) => `${change.step}:${change.learningRate}`));
    const newChanges = history.learningRateChanges.filter(
      (change) => !known.has(`${change.step}:${change.learningRate}`),
    );
    if (newChanges.length > 0) {
      this.learningRateChanges = [...this.learningRateChanges, ...newChanges].sort(
        (one, other) => one.step - other.step,
      );
    }
  }
}
