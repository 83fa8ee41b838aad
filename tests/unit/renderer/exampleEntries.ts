// Runs and models as the core sends them, for tests of what the page makes of them.
import { catalogue } from '../../../src-main/engine/catalogue.ts';
import { summarizeEpochs } from '../../../src-main/runs/outcome.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { DatasetSummary } from '../../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import type { EpochRecord, RunSummary } from '../../../src-shared/schemas/run.ts';
import { entryOfRun, type Entry } from '../../../src-renderer/state/entries.ts';

export { catalogue };

export function recipeOf(presetId: string): Recipe {
  const preset = presets.find(({ id }) => id === presetId);
  if (preset === undefined) throw new Error(`There is no preset "${presetId}".`);
  return preset.recipe;
}

/** Epochs of these validation accuracies, two seconds each. */
export const epochsOf = (accuracies: readonly number[]): EpochRecord[] =>
  accuracies.map((validationAccuracy, index) => ({
    epoch: index + 1,
    trainLoss: 0.5 - index / 10,
    trainAccuracy: validationAccuracy + 0.01,
    validationLoss: 0.75 - index / 10,
    validationAccuracy,
    learningRate: 0.001,
    seconds: 2,
    imagesPerSecond: 1000,
  }));

export function exampleRun(
  id: string,
  changes: Partial<RunSummary> = {},
  accuracies: readonly number[] = [0.5, 0.75],
): RunSummary {
  const keptEpoch = accuracies.length === 0 ? null : accuracies.length;
  return {
    id,
    name: id,
    datasetId: 'strokes',
    recipe: recipeOf('keras-split'),
    state: 'finished',
    createdAt: '2026-01-01T00:00:00.000Z',
    parameters: 109_386,
    threads: 2,
    kernels: 'wasm-simd',
    outcome: summarizeEpochs(epochsOf(accuracies), keptEpoch),
    keptEpoch,
    test: null,
    failure: null,
    tags: [],
    corrections: null,
    temperature: null,
    canResume: false,
    resumes: [],
    notes: '',
    ...changes,
  };
}

export const strokes: DatasetSummary = {
  id: 'strokes',
  name: 'Strokes',
  description: '',
  classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  shape: { height: 28, width: 28, channels: 1 },
  trainCount: 12_000,
  testCount: 2000,
  unlabelledCount: 0,
  kind: 'catalogue',
  state: 'built-in',
  origin: '',
  licence: '',
  citation: '',
  failure: null,
  download: null,
};

export const exampleEntry = (
  id: string,
  changes: Partial<RunSummary> = {},
  accuracies?: readonly number[],
): Entry => entryOfRun(exampleRun(id, changes, accuracies), catalogue, strokes);
