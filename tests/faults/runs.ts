// The run that faults are done to, and what must be the same of it with and without them.
import { join } from 'node:path';
import { expect } from 'vitest';
import { defaultPreset } from '../../src-shared/presets.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { extent } from './extent.ts';
import { readOutcome } from './outcome.ts';

export const datasetId = 'strokes';

/** Shuffled, with dropout and an optimizer that has slots: every state that a checkpoint must hold. */
export const recipe: Recipe = {
  ...defaultPreset.recipe,
  name: 'faults',
  layers: [
    { type: 'dense', units: 64, activation: 'relu' },
    { type: 'dropout', rate: 0.2 },
  ],
  batchSize: 64,
  epochs: extent.epochs,
  seed: 7,
};

/** Steps of the whole run; of the 12,000 images a tenth is held out. */
export const stepsPerEpoch = Math.ceil(10_800 / 64);
export const totalSteps = stepsPerEpoch * recipe.epochs;

export type RunResult = Awaited<ReturnType<typeof readOutcome>>;

export const readResult = (dataDirectory: string, runId: string): Promise<RunResult> =>
  readOutcome(join(dataDirectory, 'runs', runId));

/** The same weights, optimizer state, random states and predictions bit for bit, and the same history, whole. */
export function expectSame(result: RunResult, undisturbed: RunResult): void {
  const steps = result.history.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'step' in entry ? [entry.step] : [],
  );
  // Each once and in order: neither gap nor duplicate.
  expect(steps).toEqual(Array.from(steps, (_, index) => index + 1));
  expect(result.afterHistory).toBe('');
  expect(result.history).toEqual(undisturbed.history);
  expect(result.checkpoint).toEqual(undisturbed.checkpoint);
  expect(result.model).toEqual(undisturbed.model);
  expect(Buffer.compare(result.predictions, undisturbed.predictions), 'predictions').toBe(0);
}
