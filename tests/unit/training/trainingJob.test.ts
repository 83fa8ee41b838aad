import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src-main/datasets/types.ts';
import { decodeModel, type Model } from '../../../src-main/runs/modelFile.ts';
import { PredictionLog } from '../../../src-main/runs/predictionLog.ts';
import type { FromTraining, TrainingOrder } from '../../../src-main/training/messages.ts';
import { TrainingJob } from '../../../src-main/training/trainingJob.ts';
import { presets } from '../../../src-shared/presets.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';

/** 100 images of two classes: the left or the right half is lit, each a little differently. */
function halves(count: number): Dataset['train'] {
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  const pixels = new Uint8Array(count * 16);
  labels.forEach((label, image) => {
    for (let pixel = 0; pixel < 16; pixel += 1) {
      const isLit = pixel % 4 < 2 === (label === 0);
      pixels[image * 16 + pixel] = (isLit ? 200 : 20) + ((image * 7 + pixel * 3) % 30);
    }
  });
  return { pixels, labels };
}

const dataset: Dataset = {
  id: 'halves',
  name: 'Halves',
  classes: ['left', 'right'],
  shape: { height: 4, width: 4, channels: 1 },
  train: halves(100),
  test: halves(20),
  fingerprint: 'f00d',
};
const recipe: Recipe = {
  ...presets[0]!.recipe,
  layers: [],
  optimizer: { type: 'gradient-descent', learningRate: 0.1 },
  batchSize: 30,
  epochs: 4,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-training-job-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const orderOf = (changes: Partial<Recipe>): TrainingOrder => ({
  kind: 'train',
  runId: 'run',
  name: 'Run',
  createdAt: '2026-03-01T10:00:00.000Z',
  weftVersion: '0.1.0',
  dataDirectory: folder,
  datasetId: dataset.id,
  recipe: { ...recipe, ...changes },
  corrections: null,
  threads: 1,
  paused: false,
  runFolder: folder,
  resume: null,
});

async function train(changes: Partial<Recipe>): Promise<{ messages: FromTraining[]; model: Model }> {
  const messages: FromTraining[] = [];
  const order = orderOf(changes);
  const job = new TrainingJob(order, {
    workerProgram: new URL('file:///unused'),
    send: (message) => messages.push(message),
  });
  await job.run({ load: () => Promise.resolve(dataset) });
  expect(messages.filter((message) => message.kind === 'failed')).toEqual([]);
  return { messages, model: decodeModel(await readFile(join(folder, 'model.safetensors')), 'model') };
}

const ofKind = <K extends FromTraining['kind']>(messages: FromTraining[], kind: K) =>
  messages.filter((message): message is Extract<FromTraining, { kind: K }> => message.kind === kind);

describe('a training job', () => {
  it('tells every step once, in order, and every epoch, and ends with the last one’s weights', async () => {
    const { messages, model } = await train({});
    expect(messages[0]).toMatchObject({
      kind: 'began',
      facts: { parameters: 34, batchesPerEpoch: 3, validationImages: 10 },
    });
    const steps = ofKind(messages, 'progressed').flatMap((message) => [...message.steps]);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const records = ofKind(messages, 'epochEnded').map((message) => message.record);
    expect(records.map((record) => record.epoch)).toEqual([1, 2, 3, 4]);
    expect(records[3]!.trainLoss).toBeLessThan(records[0]!.trainLoss);
    expect(messages.at(-1)).toEqual({ kind: 'ended', state: 'finished' });
    expect(model.results).toMatchObject({ epoch: 4, validationLoss: records[3]!.validationLoss });
    expect(model.dataset).toEqual({ id: 'halves', fingerprint: 'f00d' });
    const log = await PredictionLog.open(join(folder, 'predictions.bin'));
    expect(log.epochs).toEqual([1, 2, 3, 4]);
    expect(log.head).toMatchObject({ imageSplit: 'train', classCount: 2 });
    expect([...log.head.labels]).toEqual([...log.head.imageIndices].map((image) => image % 2));
  });

  it('stops when validation no longer improves and keeps the weights of the best epoch', async () => {
    // No epoch can improve the loss by this much, so the first one stays the best.
    const earlyStopping = { patience: 2, minimumDelta: 1 };
    const stopped = await train({ epochs: 50, earlyStopping });
    expect(ofKind(stopped.messages, 'epochEnded')).toHaveLength(3);
    expect(stopped.messages.at(-1)).toEqual({ kind: 'ended', state: 'finished' });
    expect(ofKind(stopped.messages, 'kept').at(-1)).toEqual({ kind: 'kept', epoch: 1 });
    expect(stopped.model.results.epoch).toBe(1);
    const single = await train({ epochs: 1 });
    expect(stopped.model.tensors).toEqual(single.model.tensors);
  });

  it('records the learning rate that each epoch was trained with, not the next one’s', async () => {
    const { messages } = await train({ schedule: { type: 'step', factor: 0.5, everyEpochs: 2 } });
    const rates = ofKind(messages, 'epochEnded').map((message) => message.record.learningRate);
    expect(rates).toEqual([0.1, 0.1, 0.05, 0.05]);
  });

  it('lowers the rate when validation no longer improves, where the schedule is a plateau’s', async () => {
    // No epoch can improve the loss by this much, so from the second on each one lowers the rate.
    const { messages } = await train({ schedule: { type: 'plateau', patience: 1, minimumDelta: 1 } });
    const rates = ofKind(messages, 'epochEnded').map((message) => message.record.learningRate);
    expect(rates).toEqual([0.1, 0.1, 0.05, 0.025]);
  });

  it('trains on every image at once when the batch is full', async () => {
    const { messages } = await train({ batchSize: 'full', epochs: 5 });
    expect(messages[0]).toMatchObject({ facts: { batchesPerEpoch: 1 } });
    expect(ofKind(messages, 'epochEnded')).toHaveLength(5);
  });

  it('validates on the test images where the recipe says so', async () => {
    const { messages } = await train({ validation: { type: 'test' } });
    expect(messages[0]).toMatchObject({ facts: { validationImages: 20, batchesPerEpoch: 4 } });
  });
});

describe('a batch that takes long', () => {
  // Minutes on the reference, a second or two here: what matters is what is told and answered before it is over.
  const images = 2000;
  const random = Random.fromSeed(1, 'noise');
  const noise = (count: number): Dataset['train'] => ({
    pixels: Uint8Array.from({ length: count * 784 }, () => random.below(256)),
    labels: Uint8Array.from({ length: count }, (_one, image) => image % 10),
  });
  const large: Dataset = {
    ...dataset,
    classes: Array.from({ length: 10 }, (_one, index) => String(index)),
    shape: { height: 28, width: 28, channels: 1 },
    train: noise(images),
    test: noise(20),
  };
  const layer = { type: 'dense', units: 1024, activation: 'relu' };
  const changes: Partial<Recipe> = {
    layers: Array.from({ length: 6 }, () => layer),
    initializer: { type: 'he-normal' },
    batchSize: 'full',
    epochs: 3,
    validation: { type: 'first', count: 10 },
  };

  it('is seen to move, pauses and goes on in its midst, and is given up when the run is stopped', async () => {
    const messages: FromTraining[] = [];
    const wishes = ['pause', 'resume', 'stop'] as const;
    let wished = 0;
    const job = new TrainingJob(orderOf(changes), {
      workerProgram: new URL('file:///unused'),
      send: (message) => {
        messages.push(message);
        const isMoving = message.kind === 'progressed' && message.progress.stepProgress > 0;
        const isAnswer = message.kind === 'answered';
        const kind = wishes[wished];
        if (kind === undefined || !(wished === 0 ? isMoving : isAnswer)) return;
        wished += 1;
        setImmediate(() => job.control({ kind, requestId: wished }));
      },
    });
    await job.run({ load: () => Promise.resolve(large) });
    const told = ofKind(messages, 'progressed').map(({ progress }) => progress);
    expect(told.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1])).toEqual([
      'running',
      'paused',
      'running',
      'stopped',
    ]);
    expect(ofKind(messages, 'answered').map(({ requestId }) => requestId)).toEqual([1, 2]);
    expect(told.map(({ step }) => step)).toEqual(told.map(() => 0));
    const shares = told.map(({ stepProgress }) => stepProgress);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share < 1)).toBe(true);
    const moving = told.filter(({ stepProgress }) => stepProgress > 0);
    for (const { secondsLeft, secondsElapsed, stepProgress, imagesPerSecond } of moving) {
      expect(secondsLeft).toBeCloseTo((secondsElapsed / stepProgress) * (3 - stepProgress), 6);
      expect(imagesPerSecond).toBeGreaterThan(0);
    }
    expect(messages.at(-1)).toEqual({ kind: 'ended', state: 'stopped' });
  });
});
