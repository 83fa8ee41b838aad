// A small run's folder with everything that a run has, for the tests.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { presets } from '../../../src-shared/presets.ts';
import { Random } from '../../../src-shared/random.ts';
import { encodeModel } from '../../../src-main/runs/modelFile.ts';
import { encodePredictionHead, encodePredictions } from '../../../src-main/runs/predictionLog.ts';
import { exampleModel } from './exampleModel.ts';

export const exampleRunId = '2026-03-01-example-1';

/** Enough that it shows whether its log is packed. */
const usualImages = 50_000;

/** What run.json says. */
export function exampleRecord(validationImages = usualImages): Record<string, unknown> {
  const { classes, architecture, recipe, dataset } = exampleModel();
  return {
    id: exampleRunId,
    name: 'Example',
    datasetId: dataset.id,
    recipe: { ...presets[0]!.recipe, ...recipe },
    state: 'finished',
    createdAt: '2026-03-01T10:00:00.000Z',
    parameters: 83,
    threads: 1,
    kernels: 'reference',
    keptEpoch: 3,
    test: null,
    temperature: null,
    failure: null,
    tags: ['small'],
    notes: 'For the tests.',
    weftVersion: '0.1.0',
    processId: 1,
    classes,
    shape: architecture.shape,
    datasetFingerprint: dataset.fingerprint,
    batchesPerEpoch: 2,
    validationImages,
    epochsPerPrediction: 1,
  };
}

/** The files of a run, by their names, with what else run.json is to say. */
export function exampleRunFiles(
  changes: Record<string, unknown> = {},
  validationImages = usualImages,
): Map<string, Uint8Array> {
  const random = Random.fromSeed(3, 'example-run');
  const head = encodePredictionHead({
    imageSplit: 'train',
    imageIndices: Uint32Array.from({ length: validationImages }, (_, index) => index),
    labels: new Uint8Array(validationImages),
    classCount: 3,
    epochsPerPrediction: 1,
  });
  const blocks = [1, 2, 3].map((epoch) =>
    encodePredictions(
      epoch,
      Float32Array.from({ length: validationImages * 3 }, () => (random.uniform() < 0.1 ? 1 : 0)),
      3,
    ),
  );
  const predictions = new Uint8Array(Buffer.concat([head, ...blocks]));
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  return new Map<string, Uint8Array>([
    ['history.ndjson', text('{"step":1,"loss":2.5,"accuracy":0.1}\n{"step":2,"loss":2.25,"accuracy":0.2}\n')],
    ['model.safetensors', encodeModel(exampleModel())],
    ['predictions.bin', predictions],
    ['run.json', text(JSON.stringify({ ...exampleRecord(validationImages), ...changes }))],
  ]);
}

/** Writes the folder of such a run. */
export async function writeExampleRun(
  folder: string,
  changes: Record<string, unknown> = {},
): Promise<Map<string, Uint8Array>> {
  const files = exampleRunFiles(changes);
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return files;
}
