import { describe, expect, it } from 'vitest';
import { describeEnding, listRunFacts } from '../../../../../src-renderer/screens/train/runResult.ts';
import { defaultPreset } from '../../../../../src-shared/presets.ts';
import { summarizeEpochs } from '../../../../../src-main/runs/outcome.ts';
import type { EpochRecord, RunSummary } from '../../../../../src-shared/schemas/run.ts';

const epochsOf = (accuracies: number[]): EpochRecord[] =>
  accuracies.map((validationAccuracy, index) => ({
    epoch: index + 1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy,
    learningRate: 0.001,
    seconds: 30,
    imagesPerSecond: 1000,
  }));

const runOf = (accuracies: number[], changes: Partial<RunSummary> = {}): RunSummary => ({
  id: 'run-1',
  name: 'run',
  datasetId: 'strokes',
  recipe: defaultPreset.recipe,
  state: 'finished',
  createdAt: '2026-01-01T00:00:00.000Z',
  parameters: 1,
  threads: 1,
  kernels: 'reference',
  outcome: summarizeEpochs(epochsOf(accuracies), null),
  canResume: false,
  resumes: [],
  keptEpoch: accuracies.length === 0 ? null : accuracies.length,
  test: null,
  corrections: null,
  temperature: null,
  failure: null,
  tags: [],
  notes: '',
  ...changes,
});

describe('the result of a run', () => {
  it('tells the last and the best accuracy, the epoch kept, the time and the arithmetic', () => {
    expect(listRunFacts(runOf([0.8, 0.9, 0.85], { keptEpoch: 2 }))).toEqual([
      { label: 'Validation accuracy', value: '85.00 %' },
      { label: 'Best', value: '90.00 % in epoch 2' },
      { label: 'Weights kept', value: 'of epoch 2' },
      { label: 'Time', value: '1 min 30 s' },
      { label: 'Arithmetic', value: 'plain loops, 1 thread' },
    ]);
  });

  it('says so when the weights kept are of an epoch that was not finished', () => {
    expect(listRunFacts(runOf([0.8, 0.9], { state: 'stopped', keptEpoch: 3 }))).toEqual([
      { label: 'Validation accuracy', value: '90.00 % in epoch 2' },
      { label: 'Best', value: '90.00 % in epoch 2' },
      { label: 'Weights kept', value: 'of epoch 3, unfinished' },
      { label: 'Time', value: '1 min 0 s' },
      { label: 'Arithmetic', value: 'plain loops, 1 thread' },
    ]);
  });

  it('says how it ended', () => {
    expect(describeEnding(runOf([0.5, 0.6]))).toBe('Finished after 2 epochs');
    expect(describeEnding(runOf([0.5], { state: 'stopped' }))).toBe('Stopped after 1 epoch');
    expect(describeEnding(runOf([], { state: 'failed' }))).toBe('Failed in the first epoch');
  });

  it('has no facts of a run that failed before it began to train', () => {
    expect(listRunFacts(runOf([], { state: 'failed', kernels: '' }))).toEqual([]);
  });
});
