import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src-main/datasets/types.ts';
import { decodeModel, type Model } from '../../../src-main/runs/modelFile.ts';
import type { FromTraining, TrainingOrder } from '../../../src-main/training/messages.ts';
import { TrainingJob } from '../../../src-main/training/trainingJob.ts';
import { presets } from '../../../src-shared/presets.ts';
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

async function train(changes: Partial<Recipe>): Promise<{ messages: FromTraining[]; model: Model }> {
  const messages: FromTraining[] = [];
  const order: TrainingOrder = {
    kind: 'train',
    runId: 'run',
    name: 'Run',
    createdAt: '2026-03-01T10:00:00.000Z',
    weftVersion: '0.1.0',
    dataDirectory: folder,
    datasetId: dataset.id,
    recipe: { ...recipe, ...changes },
    threads: 1,
    paused: false,
    modelPath: join(folder, 'model.safetensors'),
    predictionsPath: join(folder, 'predictions.bin'),
  };
  const job = new TrainingJob(order, {
    workerProgram: new URL('file:///unused'),
    send: (message) => messages.push(message),
  });
  await job.run({ load: () => Promise.resolve(dataset) });
  expect(messages.filter((message) => message.kind === 'failed')).toEqual([]);
  return { messages, model: decodeModel(await readFile(order.modelPath), 'model') };
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
    expect((await readFile(join(folder, 'predictions.bin'))).length).toBe(4 * 10 * 2);
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
