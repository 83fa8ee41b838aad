// Training with corrections: their labels are what is learnt, what is excluded is never seen, and the run stays exact
// whatever becomes of the corrections beside the dataset.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { splitCorrected } from '../../../src-main/datasets/correctedDataset.ts';
import { splitValidation } from '../../../src-main/datasets/split.ts';
import type { Dataset } from '../../../src-main/datasets/types.ts';
import {
  summarizeCorrections,
  encodeCorrections,
  type Corrections,
} from '../../../src-main/files/corrections.ts';
import { decodeModel } from '../../../src-main/runs/modelFile.ts';
import { PredictionLog } from '../../../src-main/runs/predictionLog.ts';
import { evaluateModel } from '../../../src-main/training/evaluation.ts';
import type { FromTraining, TrainingOrder } from '../../../src-main/training/messages.ts';
import { TrainingJob } from '../../../src-main/training/trainingJob.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { bandedImages, smallShape } from '../engine/samples.ts';

const dataset: Dataset = {
  id: 'bands',
  name: 'Bands',
  classes: ['top', 'middle', 'bottom'],
  shape: smallShape,
  train: bandedImages(120, 1),
  test: bandedImages(20, 2),
  fingerprint: 'f00d',
};
const recipe: Recipe = {
  ...presets[0]!.recipe,
  layers: [{ type: 'dense', units: 12, activation: 'relu' }],
  optimizer: { type: 'adam', learningRate: 0.01 },
  batchSize: 10,
  epochs: 4,
  validation: { type: 'stratified', fraction: 0.2 },
};
const plainSplit = splitValidation(dataset.train.labels, 20, recipe.validation, recipe.seed);
const [trained, excludedFromTraining] = plainSplit.trainIndices;
const [validated, excludedFromValidation] = plainSplit.validationIndices;
const another = (image: number): number => (dataset.train.labels[image]! + 1) % 3;
const corrections: Corrections = {
  dataset: { id: dataset.id, fingerprint: dataset.fingerprint },
  list: [
    { index: trained!, label: another(trained!) },
    { index: excludedFromTraining!, excluded: true as const },
    { index: validated!, label: another(validated!) },
    { index: excludedFromValidation!, excluded: true as const },
  ].sort((a, b) => a.index - b.index),
};

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weft-corrections-'));
  folder = await putFolder('run', corrections);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function putFolder(name: string, given: Corrections | null): Promise<string> {
  const made = join(root, name);
  await mkdir(made);
  if (given !== null) await writeFile(join(made, 'corrections.json'), encodeCorrections(given));
  return made;
}

/** Runs a job to its end, over the set as it is or over one that already has what corrections would change. */
async function train(changes: Partial<TrainingOrder>, images = dataset): Promise<FromTraining[]> {
  const messages: FromTraining[] = [];
  const order: TrainingOrder = {
    kind: 'train',
    runId: 'run',
    name: 'Run',
    createdAt: '2026-03-01T10:00:00.000Z',
    weftVersion: '0.1.0',
    dataDirectory: root,
    datasetId: dataset.id,
    recipe,
    corrections: summarizeCorrections(corrections),
    threads: 1,
    paused: false,
    runFolder: folder,
    resume: null,
    ...changes,
  };
  const job = new TrainingJob(order, {
    workerProgram: new URL('file:///unused'),
    send: (message) => {
      messages.push(message);
      if (message.kind === 'epochEnded' && message.record.epoch === 2 && changes.name === 'Stopped') {
        job.control({ kind: 'stop', requestId: 1 });
      }
    },
  });
  await job.run({ load: () => Promise.resolve(images) });
  return messages;
}

const modelIn = async (where: string) =>
  decodeModel(await readFile(join(where, 'model.safetensors')), 'model');
const weightsIn = async (where: string): Promise<number[][]> =>
  (await modelIn(where)).tensors.map(({ data }) => [...data]);

describe('the split of a corrected set', () => {
  it('is the one of the set as it is, with the new labels and without what is excluded', () => {
    const { split, dataset: corrected } = splitCorrected(dataset, recipe, corrections);
    expect([...split.trainIndices]).toEqual(
      [...plainSplit.trainIndices].filter((image) => image !== excludedFromTraining),
    );
    expect([...split.validationIndices]).toEqual(
      [...plainSplit.validationIndices].filter((image) => image !== excludedFromValidation),
    );
    expect(corrected.train.labels[trained!]).toBe(another(trained!));
    expect(corrected.train.pixels).toBe(dataset.train.pixels);
    expect(corrected.test).toBe(dataset.test);
    expect(corrected.fingerprint).toBe(dataset.fingerprint);
  });

  it('says so when corrections leave nothing to train or to validate on', () => {
    const without = (images: Uint32Array): Corrections => ({
      ...corrections,
      list: [...images].map((index) => ({ index, excluded: true as const })),
    });
    const split = (given: Corrections) => () => splitCorrected(dataset, recipe, given);
    expect(split(without(plainSplit.trainIndices))).toThrow(/exclude every image that would be trained on/);
    expect(split(without(plainSplit.validationIndices))).toThrow(
      /exclude every image that would be validated on/,
    );
  });

  it('refuses corrections of other images', () => {
    const other = { ...dataset, fingerprint: 'beef' };
    expect(() => splitCorrected(other, recipe, corrections)).toThrow(/of other images/);
  });
});

describe('a run with corrections', () => {
  it('learns the labels that it is given, and never sees what is excluded', async () => {
    expect((await train({})).at(-1)).toEqual({ kind: 'ended', state: 'finished' });
    // The pixels of what is excluded are changed beyond recognition: whoever trains on them gets other weights.
    const pixels = Uint8Array.from(dataset.train.pixels);
    const imageBytes = pixels.length / dataset.train.labels.length;
    for (const image of [excludedFromTraining!, excludedFromValidation!]) {
      pixels.fill(255, image * imageBytes, (image + 1) * imageBytes);
    }
    const spoiled = await putFolder('spoiled', corrections);
    const images = { ...dataset, train: { pixels, labels: dataset.train.labels } };
    await train({ runFolder: spoiled }, images);
    expect(await weightsIn(spoiled)).toEqual(await weightsIn(folder));

    const plain = await putFolder('plain', null);
    await train({ runFolder: plain, corrections: null });
    const [relabelled] = corrections.list.filter(({ index }) => index === trained);
    const only: Corrections = { ...corrections, list: [relabelled!] };
    const labelled = await putFolder('labelled', only);
    await train({ runFolder: labelled, corrections: summarizeCorrections(only) });
    expect(await weightsIn(labelled)).not.toEqual(await weightsIn(plain));
  });

  it('logs its predictions under the corrected labels, and keeps the corrections in its model', async () => {
    await train({});
    const { head } = await PredictionLog.open(join(folder, 'predictions.bin'));
    const place = [...head.imageIndices].indexOf(validated!);
    expect(head.labels[place]).toBe(another(validated!));
    expect([...head.imageIndices]).not.toContain(excludedFromValidation);
    const model = await modelIn(folder);
    expect(model.dataset).toEqual({ ...corrections.dataset, corrections: summarizeCorrections(corrections) });
    expect(model.corrections).toEqual(corrections.list);
  });

  it('goes on with the same bits, and only with the corrections that it began with', async () => {
    await train({});
    const stopped = await putFolder('stopped', corrections);
    const order = { runFolder: stopped, name: 'Stopped' };
    expect((await train(order)).at(-1)).toEqual({ kind: 'ended', state: 'stopped' });
    const resume = { learningRate: null };

    const fewer = { ...corrections, list: corrections.list.slice(1) };
    const refused = async (changes: Partial<TrainingOrder>): Promise<unknown> =>
      (await train({ runFolder: stopped, resume, ...changes })).at(-1);
    await writeFile(join(stopped, 'corrections.json'), encodeCorrections(fewer));
    expect(await refused({})).toMatchObject({ kind: 'failed', error: { code: 'corrections.other' } });
    expect(await refused({ corrections: summarizeCorrections(fewer) })).toMatchObject({
      ...{ kind: 'failed', error: { code: 'run.other-corrections' } },
    });
    expect(await refused({ corrections: null })).toMatchObject({
      ...{ kind: 'failed', error: { code: 'run.other-corrections' } },
    });

    await writeFile(join(stopped, 'corrections.json'), encodeCorrections(corrections));
    expect(await refused({})).toEqual({ kind: 'ended', state: 'finished' });
    expect(await weightsIn(stopped)).toEqual(await weightsIn(folder));
  });

  it('is evaluated by the labels that it was trained with, and on test images as any other', async () => {
    await train({});
    const model = await modelIn(folder);
    const options = { threads: 1, workerProgram: new URL('file:///unused') };
    const validation = await evaluateModel(model, dataset, 'validation', options);
    const place = [...validation.imageIndices].indexOf(validated!);
    expect(validation.labels[place]).toBe(another(validated!));
    expect([...validation.imageIndices]).not.toContain(excludedFromValidation);
    expect(validation.corrections).toEqual(summarizeCorrections(corrections));

    const all = await evaluateModel(model, dataset, 'train', options);
    expect(all.imageIndices).toHaveLength(118);
    expect(all.labels[[...all.imageIndices].indexOf(trained!)]).toBe(another(trained!));

    const test = await evaluateModel(model, dataset, 'test', options);
    expect([...test.labels]).toEqual([...dataset.test.labels]);
    expect(test.corrections).toBeUndefined();
    const elsewhere = await evaluateModel(model, { ...dataset, fingerprint: 'beef' }, 'train', options);
    expect(elsewhere.imageIndices).toHaveLength(120);
    expect([...elsewhere.labels]).toEqual([...dataset.train.labels]);
  });
});
