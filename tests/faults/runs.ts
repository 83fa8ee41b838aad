// The run that faults are done to, and what must be the same of it with and without them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeSafetensors } from '../../src-main/formats/safetensors.ts';
import { decodeHistory } from '../../src-main/runs/historyFile.ts';
import { listCheckpoints, checkpointFile, runFiles } from '../../src-main/runs/runFiles.ts';
import { defaultPreset } from '../../src-shared/presets.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { extent } from './extent.ts';

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

/** Everything of a run that must not depend on what happened to it. */
export interface RunResult {
  /** Name and bytes of each tensor: weights, and optimizer slots under `optimizer.`. */
  tensors: Map<string, Uint8Array>;
  model: Map<string, Uint8Array>;
  predictions: Uint8Array;
  steps: { step: number; loss: number; accuracy: number }[];
  epochs: { epoch: number; trainLoss: number; validationLoss: number; validationAccuracy: number }[];
}

function tensorsOf(path: string): Map<string, Uint8Array> {
  const { tensors } = decodeSafetensors(readFileSync(path), path);
  return new Map(tensors.filter(({ name }) => name !== 'sha256').map(({ name, bytes }) => [name, bytes]));
}

export async function readResult(dataDirectory: string, runId: string): Promise<RunResult> {
  const folder = join(dataDirectory, 'runs', runId);
  const [newest = 0] = await listCheckpoints(folder);
  const history = decodeHistory(readFileSync(join(folder, runFiles.history)));
  const { steps, losses, accuracies } = history.points.after(0);
  return {
    tensors: tensorsOf(join(folder, checkpointFile(newest))),
    model: tensorsOf(join(folder, runFiles.model)),
    predictions: readFileSync(join(folder, runFiles.predictions)),
    steps: Array.from(steps, (step, index) => ({ step, loss: losses[index]!, accuracy: accuracies[index]! })),
    epochs: history.epochs.map(({ epoch, trainLoss, validationLoss, validationAccuracy }) => {
      return { epoch, trainLoss, validationLoss, validationAccuracy };
    }),
  };
}

/** The same weights, optimizer state and predictions bit for bit, and the same history without gap or duplicate. */
export function expectSame(result: RunResult, undisturbed: RunResult): void {
  expect([...result.tensors.keys()]).toEqual([...undisturbed.tensors.keys()]);
  expect([...result.tensors.keys()].some((name) => name.startsWith('optimizer.'))).toBe(true);
  for (const part of ['tensors', 'model'] as const) {
    for (const [name, bytes] of undisturbed[part]) {
      expect(Buffer.compare(result[part].get(name) ?? new Uint8Array(), bytes), `${part} ${name}`).toBe(0);
    }
  }
  expect(Buffer.compare(result.predictions, undisturbed.predictions), 'predictions').toBe(0);
  expect(result.steps.map(({ step }) => step)).toEqual(undisturbed.steps.map(({ step }) => step));
  expect(result.steps).toEqual(undisturbed.steps);
  expect(result.epochs).toEqual(undisturbed.epochs);
}
