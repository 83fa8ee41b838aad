import { describe, expect, it } from 'vitest';
import { fractionDone, fractionOfBatch } from '../../../../../src-renderer/screens/train/runProgress.ts';
import type { RunProgress } from '../../../../../src-shared/schemas/run.ts';

const progressOf = (changes: Partial<RunProgress>): RunProgress => ({
  runId: 'run-1',
  state: 'running',
  epoch: 1,
  epochs: 4,
  batch: 0,
  batches: 1,
  step: 0,
  stepProgress: 0,
  imagesPerSecond: 100,
  secondsElapsed: 0,
  trouble: null,
  secondsLeft: null,
  learningRate: 0.1,
  ...changes,
});

describe('the progress of a run', () => {
  it('moves within a batch that takes minutes', () => {
    const within = progressOf({ step: 1, stepProgress: 0.5, secondsElapsed: 90 });
    expect(fractionDone(within)).toBe(1.5 / 4);
    expect(fractionOfBatch(within)).toBe(0.5);
    expect(fractionOfBatch(progressOf({ stepProgress: 0.25, secondsElapsed: 15 }))).toBe(0.25);
  });

  it('says nothing of batches that come faster than one reads, nor between two', () => {
    expect(fractionOfBatch(progressOf({ step: 500, stepProgress: 0.5, secondsElapsed: 10 }))).toBeNull();
    expect(fractionOfBatch(progressOf({ step: 2, stepProgress: 0, secondsElapsed: 100 }))).toBeNull();
    expect(fractionOfBatch(progressOf({}))).toBeNull();
  });

  it('is unknown while the run is prepared, and never more than all', () => {
    expect(fractionDone(progressOf({ batches: 0 }))).toBeNull();
    expect(fractionDone(progressOf({ step: 4, stepProgress: 0.2 }))).toBe(1);
  });
});
