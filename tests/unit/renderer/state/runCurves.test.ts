import { describe, expect, it } from 'vitest';
import { RunCurves } from '../../../../src-renderer/state/runCurves.ts';
import { bytesOf } from '../../../../src-shared/schemas/bytes.ts';
import type { EpochRecord, RunHistory } from '../../../../src-shared/schemas/run.ts';

const epochRecord = (epoch: number, validationAccuracy = 0.5): EpochRecord => ({
  epoch,
  trainLoss: 1 / epoch,
  trainAccuracy: 0.6,
  validationLoss: 1,
  validationAccuracy,
  learningRate: 0.001,
  seconds: 1,
  imagesPerSecond: 1000,
});

const history = (
  steps: number[],
  epochs: number[],
  changes: RunHistory['learningRateChanges'] = [],
): RunHistory => ({
  batchSteps: bytesOf(Uint32Array.from(steps)),
  batchLosses: bytesOf(Float32Array.from(steps, (step) => step / 2)),
  batchAccuracies: bytesOf(Float32Array.from(steps, (step) => step / 4)),
  epochs: epochs.map((epoch) => epochRecord(epoch)),
  batchesPerEpoch: 4,
  learningRateChanges: changes,
});

describe('RunCurves', () => {
  it('adds answer after answer, steps placed on an axis of epochs', () => {
    const curves = new RunCurves();
    curves.append(history([1, 2, 3], []));
    curves.append(history([4, 5], [1]));
    expect([...curves.batchEpochs.view()]).toEqual([0.25, 0.5, 0.75, 1, 1.25]);
    expect([...curves.batchLosses.view()]).toEqual([0.5, 1, 1.5, 2, 2.5]);
    expect([...curves.batchAccuracies.view()]).toEqual([0.25, 0.5, 0.75, 1, 1.25]);
    expect(curves.epochs.map((record) => record.epoch)).toEqual([1]);
  });

  it('asks for what comes after the last that it has', () => {
    const curves = new RunCurves();
    expect(curves.position).toEqual({ afterStep: 0, afterEpoch: 0 });
    curves.append(history([1, 2, 3, 4, 5], [1]));
    expect(curves.position).toEqual({ afterStep: 5, afterEpoch: 1 });
  });

  it('shows nothing twice when answers overlap', () => {
    const curves = new RunCurves();
    const change = { step: 2, learningRate: 0.01 };
    curves.append(history([1, 2, 3, 4], [1], [change]));
    curves.append(history([3, 4, 5], [1, 2], [change, { step: 5, learningRate: 0.1 }]));
    expect([...curves.batchSteps.view()]).toEqual([1, 2, 3, 4, 5]);
    expect(curves.epochs.map((record) => record.epoch)).toEqual([1, 2]);
    expect(curves.learningRateChanges).toEqual([change, { step: 5, learningRate: 0.1 }]);
  });
});
