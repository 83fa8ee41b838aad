// Runs in a data directory as training would have left them, but for their weights: lists, curves and comparisons need
// many of them, and no minutes of training.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeHistory } from '../../../src-main/runs/historyFile.ts';
import { RunStore } from '../../../src-main/runs/runStore.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import type { RunState } from '../../../src-shared/schemas/run.ts';

export interface StoredRun {
  name: string;
  presetId: string;
  /** Validation accuracy of each epoch; training is 0.05 better. */
  accuracies: readonly number[];
  recipe?: Partial<Recipe>;
  state?: RunState;
  secondsPerEpoch?: number;
  tags?: string[];
}

/** Writes the runs, the last one the newest. */
export async function storeRuns(dataDirectory: string, runs: readonly StoredRun[]): Promise<void> {
  const store = await RunStore.open(dataDirectory);
  for (const { name, presetId, accuracies, recipe, state, secondsPerEpoch, tags } of runs) {
    const preset = presets.find(({ id }) => id === presetId);
    if (preset === undefined) throw new Error(`There is no preset "${presetId}".`);
    const { id } = await store.create({
      name,
      datasetId: 'strokes',
      recipe: { ...preset.recipe, epochs: accuracies.length, ...recipe },
      state: state ?? 'finished',
      weftVersion: '0.1.0',
      classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
      shape: { height: 28, width: 28, channels: 1 },
    });
    const history = accuracies.map((validationAccuracy, index) => ({
      epoch: {
        epoch: index + 1,
        trainLoss: 1 - validationAccuracy,
        trainAccuracy: validationAccuracy + 0.05,
        validationLoss: 1.1 - validationAccuracy,
        validationAccuracy,
        learningRate: 0.001,
        seconds: secondsPerEpoch ?? 1,
        imagesPerSecond: 10_000,
      },
    }));
    await writeFile(join(store.folder(id), 'history.ndjson'), encodeHistory(history));
    await store.change(id, {
      keptEpoch: accuracies.length,
      parameters: 109_386,
      tags: tags ?? [],
      batchesPerEpoch: 1,
    });
  }
}

/** Writes the run `count` times, as `NAME 0` to the newest, without waiting for the disk each time. */
export async function storeCopies(dataDirectory: string, run: StoredRun, count: number): Promise<void> {
  await storeRuns(dataDirectory, [run]);
  const store = await RunStore.open(dataDirectory);
  const [stored] = await store.list();
  if (stored === undefined) throw new Error('The run to copy was not stored.');
  const record = await store.record(stored.id);
  const history = await readFile(join(store.folder(stored.id), 'history.ndjson'));
  await store.remove(stored.id);
  const start = Date.parse(record.createdAt);
  for (let index = 0; index < count; index += 1) {
    const id = `${stored.id}-${index}`;
    const createdAt = new Date(start + index * 1000).toISOString();
    await mkdir(store.folder(id));
    await writeFile(join(store.folder(id), 'history.ndjson'), history);
    await writeFile(
      join(store.folder(id), 'run.json'),
      JSON.stringify({ ...record, id, createdAt, name: `${run.name} ${index}` }),
    );
  }
}
