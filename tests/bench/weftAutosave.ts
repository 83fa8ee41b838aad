// The benchmark's program for autosave: trains 784-128-64-10 (Adam, batch 32) on Fashion-MNIST in epochs that are, in
// turns, followed by a checkpoint and not, and prints one JSON object: the median seconds of both, and the share of the time
// that training itself waited. Arguments: the folder of the dataset, pairs of epochs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import { isFiniteState } from '../../src-main/engine/trainerState.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';
import { RunWriter } from '../../src-main/runs/runWriter.ts';
import { defaultPreset } from '../../src-shared/presets.ts';

const [data = '', pairs = '8'] = process.argv.slice(2);
/** V8 is still compiling in these. */
const warmUpPairs = 2;
const folder = mkdtempSync(join(tmpdir(), 'weft-autosave-'));
const { recipe } = defaultPreset;

const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(data, name)));
const { pixels, height, width } = decodeIdxImages(read('train-images-idx3-ubyte.gz'), 'images');
const labels = decodeIdxLabels(read('train-labels-idx1-ubyte.gz'), 'labels', 10);
const indices = Uint32Array.from(labels, (_label, index) => index);
const trainer = await createTrainer({
  recipe,
  shape: { height, width, channels: 1 },
  classCount: 10,
  train: { pixels, labels },
  trainIndices: indices,
  validation: { pixels, labels },
  validationIndices: indices.subarray(0, 100),
  threads: 0,
  workerProgram: new URL('./worker.js', import.meta.url),
});
const writer = new RunWriter({
  folder,
  lengths: { historyBytes: 0, predictionsBytes: 0 },
  onChange: () => undefined,
});
let copyMs = 0;

function save(): void {
  const startMs = performance.now();
  const state = trainer.state();
  if (!isFiniteState(state)) throw new Error('Training diverged.');
  copyMs += performance.now() - startMs;
  writer.addCheckpoint({
    runId: 'bench',
    weftVersion: '',
    kernels: trainer.kernels,
    datasetFingerprint: '',
    recipe,
    trainer: state,
    meter: { lossSum: 0, rightSum: 0, images: 0, stepsDone: 0, epochMs: 0, trainingMs: 0, totalMs: 0 },
    lastEpoch: null,
    watch: null,
    bestTensors: null,
    best: null,
    historyBytes: 0,
    predictionsBytes: 0,
  });
}

/** Seconds of an epoch, in slices between which files are written, as in the training process. */
async function trainEpoch(saves: boolean): Promise<number> {
  const startMs = performance.now();
  if (saves) save();
  do {
    trainer.train(25);
    await nextTurn();
  } while (!trainer.isEpochDone);
  return (performance.now() - startMs) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const plain: number[] = [];
const saving: number[] = [];
for (let pair = 0; pair < warmUpPairs + Number(pairs); pair += 1) {
  if (pair === warmUpPairs) copyMs = -writer.costMs;
  const isCounted = pair >= warmUpPairs;
  const seconds = [await trainEpoch(false), await trainEpoch(true)] as const;
  await writer.flush();
  if (!isCounted) continue;
  plain.push(seconds[0]);
  saving.push(seconds[1]);
}
const waitedMs = copyMs + writer.costMs;
rmSync(folder, { recursive: true });
const line = {
  kernels: trainer.kernels,
  threads: trainer.threads,
  plainSeconds: median(plain),
  savingSeconds: median(saving),
  waitedShare: waitedMs / 1000 / saving.reduce((sum, seconds) => sum + seconds, 0),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
await trainer.close();
