import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPredictor } from '../../src-main/engine/predictor.ts';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import type { NamedTensor, SplitResult, StepReport } from '../../src-main/engine/types.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../src-main/formats/idx.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { bandedImages, everyOption, smallShape, smallTrainerOptions } from '../unit/engine/samples.ts';

const workerProgram = new URL('../../out/main/worker.js', import.meta.url);
const isBuilt = existsSync(workerProgram);

interface Outcome {
  reports: StepReport[];
  result: SplitResult;
  tensors: NamedTensor[];
}

async function trainOn(threads: number, changes: Partial<Recipe>, imageCount?: number): Promise<Outcome> {
  const trainer = await createTrainer({
    ...smallTrainerOptions(changes, imageCount),
    threads,
    workerProgram,
  });
  expect(trainer.threads).toBe(threads);
  const reports: StepReport[] = [];
  while (trainer.epoch < 2) reports.push(...trainer.train(1000));
  const outcome = { reports, result: trainer.validate(), tensors: trainer.tensors() };
  await trainer.close();
  return outcome;
}

describe.skipIf(!isBuilt)('threads (needs out/main/worker.js)', () => {
  it.each([
    // Wide enough for its first layer to be split by columns; the others are split by rows.
    { units: 1200, activation: 'relu', batchSize: 16, optimizer: 'adam' },
    { units: 33, activation: 'gelu', batchSize: 7, optimizer: 'momentum' },
    { units: 1, activation: 'tanh', batchSize: 1, optimizer: 'rmsprop' },
  ])('give the same bits, be they 1, 2, 3 or 4: $units units, batch of $batchSize', async (network) => {
    const { units, activation, batchSize, optimizer } = network;
    const changes: Partial<Recipe> = {
      layers: [
        { type: 'dense', units, activation },
        { type: 'dense', units: 19, activation },
      ],
      optimizer: { type: optimizer, learningRate: 0.003 },
      penalties: { l1: 1e-4, l2: 1e-3 },
      batchSize,
    };
    const alone = await trainOn(1, changes);
    for (const threads of [2, 3, 4]) expect(await trainOn(threads, changes)).toEqual(alone);
  });

  it.each([
    { name: 'every option', batchSize: 16, options: everyOption },
    { name: 'no limit on all gradients', batchSize: 7, options: { clipping: { norm: null, value: 0.1 } } },
    { name: 'a batch of several passes', batchSize: 'full', options: { epochs: 2 }, imageCount: 1100 },
  ] as const)('give the same bits with $name on, be they 1, 2, 3 or 4', async (one) => {
    const changes: Partial<Recipe> = {
      ...everyOption,
      ...one.options,
      layers: [
        // Enough parameters for several blocks of the gradients' norm.
        { type: 'dense', units: 500, activation: 'silu' },
        { type: 'dropout', rate: 0.3 },
        { type: 'dense', units: 45, activation: 'relu' },
      ],
      batchSize: one.batchSize,
    };
    const imageCount = 'imageCount' in one ? one.imageCount : 200;
    const alone = await trainOn(1, changes, imageCount);
    for (const threads of [2, 3, 4]) expect(await trainOn(threads, changes, imageCount)).toEqual(alone);
  });

  it.each([
    { name: 'images pooled and flattened', batchSize: 7, end: [{ type: 'flatten' }] },
    { name: 'images pooled as a whole', batchSize: 33, end: [{ type: 'global-average-pooling' }] },
    { name: 'a batch of several passes', batchSize: 'full', end: [], imageCount: 1100 },
  ] as const)('give the same bits with layers of every kind, be they 1, 2, 3 or 4: $name', async (one) => {
    const changes: Partial<Recipe> = {
      layers: [
        { type: 'batch-norm' },
        { type: 'convolution', filters: 18, kernel: 3, padding: 1, activation: 'linear' },
        { type: 'batch-norm' },
        { type: 'prelu' },
        { type: 'max-pooling', size: 2, stride: 1 },
        { type: 'convolution', filters: 33, kernel: 2, padding: 1, activation: 'relu' },
        { type: 'average-pooling', size: 2, stride: 2 },
        { type: 'dropout', rate: 0.3 },
        ...one.end,
        { type: 'batch-norm' },
        { type: 'activation', activation: 'silu' },
        { type: 'dense', units: 21, activation: 'linear' },
        { type: 'batch-norm' },
        { type: 'prelu' },
      ],
      batchSize: one.batchSize,
    };
    const imageCount = 'imageCount' in one ? one.imageCount : 200;
    const alone = await trainOn(1, changes, imageCount);
    for (const threads of [2, 3, 4]) expect(await trainOn(threads, changes, imageCount)).toEqual(alone);
  });

  it('predict the same bits', async () => {
    const options = smallTrainerOptions();
    const trainer = await createTrainer(options);
    const { recipe, shape, classCount, validation, validationIndices } = options;
    const predictor = await createPredictor({
      architecture: { shape, classCount, layers: recipe.layers },
      tensors: trainer.tensors(),
      threads: 3,
      workerProgram,
    });
    const { probabilities } = trainer.validate();
    expect(predictor.predict(validation.pixels, validationIndices)).toEqual(probabilities);
    await predictor.close();
  });

  it('do not keep a process alive that has nothing else to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weft-threads-'));
    const { pixels, labels } = bandedImages(100, 1);
    const images = { count: 100, ...smallShape, pixels };
    for (const part of ['train', 't10k']) {
      writeFileSync(join(folder, `${part}-images-idx3-ubyte.gz`), gzipSync(encodeIdxImages(images)));
      writeFileSync(join(folder, `${part}-labels-idx1-ubyte.gz`), gzipSync(encodeIdxLabels(labels)));
    }
    // The benchmark's program trains on two threads and never closes its trainer.
    const program = fileURLToPath(new URL('../../out/main/bench.js', import.meta.url));
    const { status, signal, stdout } = spawnSync(process.execPath, [program, folder, '10', '2', '2'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    rmSync(folder, { recursive: true });
    expect([status, signal]).toEqual([0, null]);
    const epochs = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(epochs).toMatchObject([
      { epoch: 1, threads: 2 },
      { epoch: 2, threads: 2 },
    ]);
  });
});
