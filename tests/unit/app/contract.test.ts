// Calls every command of the contract over a real core; as long as the contract's table, for the same reason.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src-main/app/app.ts';
import { decodeModel } from '../../../src-main/runs/modelFile.ts';
import { openSettingsStore } from '../../../src-main/app/settingsStore.ts';
import type { App } from '../../../src-main/app/types.ts';
import { commands, events, predictionsPerRequest, type CommandName } from '../../../src-shared/contract.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../../src-main/formats/idx.ts';
import { encodeNpz } from '../../../src-main/formats/npz.ts';
import { findFoldRuns } from '../../../src-shared/foldRuns.ts';
import { exportFormats } from '../../../src-shared/exportFormats.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import { atTemperature } from '../../../src-shared/metrics/calibration.ts';
import { predictedClasses } from '../../../src-shared/metrics/predictions.ts';
import { presets } from '../../../src-shared/presets.ts';
import {
  answer,
  createClient,
  eventMessageSchema,
  type ClientEnd,
  type EventMessage,
} from '../../../src-shared/protocol.ts';
import { float32Of, uint32Of } from '../../../src-shared/schemas/bytes.ts';
import { noAugmentation, type Recipe } from '../../../src-shared/schemas/recipe.ts';
import { trainInProcess } from '../../inProcessTraining.ts';

const recipe: Recipe = {
  ...presets[0]!.recipe,
  layers: [{ type: 'dense', units: 8, activation: 'relu' }],
  batchSize: 600,
  epochs: 2,
};
const datasetId = 'strokes';
/** One thread needs no worker program. */
const threads = 1;
const validationImages = 1200;
/** Three runs of an epoch in turn, on a machine that is busy. */
const foldsTimeoutMs = 20_000;

let dataDirectory: string;
let app: App;
let end: ClientEnd;
const seen: EventMessage[] = [];
const succeeded = new Set<string>();

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-contract-'));
  app = await createApp({
    host: 'browser',
    version: '0.1.0',
    dataDirectory,
    openSettings: openSettingsStore,
    spawnTraining: trainInProcess,
  });
  end = createClient((request) => {
    void answer(app.handlers, request).then((response) => {
      if ('output' in response) {
        succeeded.add(request.command);
        const { output } = commands[request.command as CommandName];
        expect(v.safeParse(output, response.output).issues).toBeUndefined();
      }
      end.receive(response);
    });
  });
  app.subscribe((message) => {
    const { event, payload } = v.parse(eventMessageSchema, message);
    expect(v.safeParse(events[event as keyof typeof events], payload).issues).toBeUndefined();
    seen.push(message);
    end.receive(message);
  });
});
afterAll(async () => {
  await app.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

const call: ClientEnd['client']['call'] = (command, input) => end.client.call(command, input);
const ended = (runId: string): Promise<string> =>
  new Promise((resolve) => {
    const stopListening = end.client.on('run.changed', (run) => {
      if (run.id !== runId || !['finished', 'stopped', 'failed'].includes(run.state)) return;
      stopListening();
      resolve(run.state);
    });
  });

describe('every command of the contract', () => {
  const invalid: unknown[] = [
    undefined,
    null,
    7,
    'text',
    [7],
    { unexpected: true },
    { datasetId: '../..', runId: '../..', modelId: '../..' },
    { datasetId: 7, runId: {}, modelId: [], recipe: null, indices: 'all' },
    { recipe: { ...recipe, epochs: -1 }, datasetId },
    { runId: 'x', learningRate: Number.NaN, afterStep: -1, name: '' },
  ];

  it.each(Object.keys(commands))(
    '%s refuses invalid input with a typed error and goes on',
    async (command) => {
      for (const input of invalid) {
        const response = await answer(app.handlers, { id: 1, command, input });
        const error = 'error' in response ? response.error : undefined;
        expect(error?.code).toBe('contract.invalid-input');
        expect(error?.message).toContain(command);
      }
    },
  );

  it('answers for things that are not there with an error that names them', async () => {
    const missing = { runId: 'no-such-run', modelId: 'no-such-model', datasetId: 'no-such-set' };
    const { runId, modelId } = missing;
    const model = { kind: 'run', runId: '../../etc' } as const;
    const calls: [string, () => Promise<unknown>][] = [
      ['dataset.unknown', () => call('dataset.describe', { datasetId: missing.datasetId })],
      [
        'dataset.unknown',
        () => call('dataset.images', { datasetId: missing.datasetId, split: 'train', indices: [0] }),
      ],
      [
        'dataset.no-such-image',
        () =>
          call('dataset.augment', {
            datasetId,
            index: 12_000,
            augmentation: noAugmentation,
            seed: 1,
            count: 1,
          }),
      ],
      ['dataset.unknown', () => call('dataset.download', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('dataset.cancelDownload', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('dataset.info', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('dataset.verify', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('dataset.change', { datasetId: missing.datasetId, name: 'name' })],
      ['dataset.unknown', () => call('dataset.remove', { datasetId: missing.datasetId })],
      ['import.over', () => call('import.append', { importId: 'gone', bytes: new Uint8Array(1) })],
      ['import.over', () => call('import.preview', { importId: 'gone' })],
      ['import.over', () => call('import.keep', { importId: 'gone', name: 'name', classes: [] })],
      ['import.relative-path', () => call('import.begin', { source: { kind: 'path', path: 'images' } })],
      ['dataset.unknown', () => call('corrections.read', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('corrections.clear', { datasetId: missing.datasetId })],
      [
        'corrections.no-such-image',
        () => call('corrections.change', { datasetId, changes: [{ index: 12_000, excluded: true }] }),
      ],
      [
        'corrections.no-such-class',
        () => call('corrections.change', { datasetId, changes: [{ index: 0, label: 10 }] }),
      ],
      ['dataset.unknown', () => call('network.plan', { recipe, datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('run.start', { recipe, datasetId: missing.datasetId })],
      ['corrections.none', () => call('run.start', { recipe, datasetId, corrections: 'apply' })],
      ['dataset.no-such-image', () => call('dataset.images', { datasetId, split: 'test', indices: [2000] })],
      ['run.not-active', () => call('run.pause', { runId })],
      ['run.unknown', () => call('run.resume', { runId })],
      ['run.not-active', () => call('run.step', { runId })],
      ['run.not-active', () => call('run.stop', { runId })],
      ['run.not-active', () => call('run.discard', { runId })],
      ['run.not-active', () => call('run.changeLearningRate', { runId, learningRate: 1 })],
      ['run.unknown', () => call('run.history', { runId, afterStep: 0, afterEpoch: 0 })],
      ['run.unknown', () => call('run.predictions', { runId, epochs: [] })],
      ['run.unknown', () => call('run.repeat', { runId, times: 2 })],
      ['run.unknown', () => call('labelIssues.find', { runIds: [runId] })],
      ['dataset.unknown', () => call('crossValidation.start', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('duplicates.find', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('duplicates.cancel', { datasetId: missing.datasetId })],
      ['dataset.unknown', () => call('duplicates.read', { datasetId: missing.datasetId })],
      ['run.unknown', () => call('run.rename', { runId, name: 'name' })],
      ['run.unknown', () => call('run.annotate', { runId, notes: 'notes' })],
      ['run.unknown', () => call('run.describe', { runId })],
      ['run.unknown', () => call('run.delete', { runId })],
      ['run.unknown', () => call('model.save', { runId, name: 'name' })],
      ['run.unknown', () => call('model.export', { model })],
      ['run.unknown', () => call('model.evaluate', { model, datasetId, split: 'test' })],
      ['run.unknown', () => call('model.inspect', { model, datasetId, split: 'test', index: 0 })],
      [
        'run.unknown',
        () => call('model.findNeighbours', { model, datasetId, split: 'test', index: 0, count: 5 }),
      ],
      ['run.unknown', () => call('model.inspectPixels', { model, pixels: new Uint8Array(784) })],
      ['run.unknown', () => call('model.predict', { model, pixels: new Uint8Array(784) })],
      ['run.unknown', () => call('model.predictUnlabelled', { model, datasetId })],
      ['run.unknown', () => call('model.setTemperature', { model, temperature: 2 })],
      ['model.unknown', () => call('model.rename', { modelId, name: 'name' })],
      ['model.unknown', () => call('model.annotate', { modelId, notes: 'notes' })],
      ['model.unknown', () => call('model.describe', { modelId })],
      ['model.unknown', () => call('model.delete', { modelId })],
      ['model.unknown', () => call('model.export', { model: { kind: 'model', modelId: '../x' } })],
      [
        'safetensors.too-short',
        () => call('model.import', { fileName: 'x.safetensors', bytes: new Uint8Array(3) }),
      ],
    ];
    for (const [code, answered] of calls) {
      const error: unknown = await answered().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WeftError);
      expect(error).toMatchObject({ code });
    }
  });

  it('tells what this Weft is, remembers settings and shows datasets', async () => {
    const described = await call('app.describe', {});
    expect(described).toMatchObject({ version: '0.1.0', host: 'browser', dataDirectory });
    expect(described.catalogue.layers.map((layer) => layer.type)).toContain('dense');

    await call('settings.change', { theme: 'dark', threads: 1 });
    expect(await call('settings.read', {})).toMatchObject({ theme: 'dark', datasetId: 'strokes' });
    expect(seen.at(-1)).toMatchObject({ event: 'settings.changed', payload: { theme: 'dark' } });

    const strokes = (await call('dataset.list', {})).find((dataset) => dataset.id === datasetId);
    expect(strokes).toMatchObject({ state: 'built-in', trainCount: 12_000, testCount: 2000 });
    const details = await call('dataset.describe', { datasetId });
    expect(details.trainCounts.reduce((sum, count) => sum + count, 0)).toBe(12_000);
    const images = await call('dataset.images', { datasetId, split: 'train', indices: [5, 0, 5] });
    const [first, second, third] = [0, 1, 2].map((one) => [
      ...images.pixels.subarray(one * 784, (one + 1) * 784),
    ]);
    expect(third).toEqual(first);
    expect(second).not.toEqual(first);
    const augmentation = { ...noAugmentation, horizontalFlip: true };
    const copies = await call('dataset.augment', { datasetId, index: 5, augmentation, seed: 1, count: 16 });
    expect(copies.pixels).toHaveLength(16 * 784);
    const mirrored = first!.map((_byte, pixel) => first![pixel - (pixel % 28) + 27 - (pixel % 28)]);
    const sides = Array.from({ length: 16 }, (_one, copy) => {
      const pixels = [...copies.pixels.subarray(copy * 784, (copy + 1) * 784)];
      expect([String(first), String(mirrored)]).toContain(String(pixels));
      return String(pixels) === String(first);
    });
    expect(new Set(sides).size).toBe(2);
    await call('dataset.cancelDownload', { datasetId });
    expect((await call('dataset.download', { datasetId })).id).toBe(datasetId);

    const plan = await call('network.plan', { recipe, datasetId });
    expect(plan.parameters).toBe(784 * 8 + 8 + 8 * 10 + 10);
  });

  it('corrects training images, gives what undoes it, and tells of it', async () => {
    expect(await call('corrections.read', { datasetId })).toEqual({
      ...{ datasetId, list: [], summary: null, problem: null },
    });
    const { trainLabels } = await call('dataset.describe', { datasetId });
    const label = (trainLabels[7]! + 1) % 10;
    const { corrections, undo } = await call('corrections.change', {
      datasetId,
      changes: [
        { index: 7, label },
        { index: 3, excluded: true },
      ],
    });
    expect(corrections.list).toEqual([
      { index: 3, excluded: true },
      { index: 7, label },
    ]);
    expect(corrections.summary).toMatchObject({ relabelled: 1, excluded: 1 });
    expect(seen.at(-1)).toEqual({ event: 'corrections.changed', payload: corrections });
    expect(await call('corrections.read', { datasetId })).toEqual(corrections);
    const undone = await call('corrections.change', { datasetId, changes: undo });
    expect(undone.corrections.list).toEqual([]);
    await call('corrections.change', { datasetId, changes: undone.undo });
    const cleared = await call('corrections.clear', { datasetId });
    expect(cleared).toMatchObject({ corrections: { list: [], summary: null }, undo: corrections.list });
    expect(await readdir(join(dataDirectory, 'datasets'))).not.toContain('strokes.corrections.json');
  });

  it('says which layer is impossible, and refuses to start a run of such a recipe', async () => {
    const impossible = {
      ...recipe,
      layers: [
        { type: 'convolution', kernel: 15, padding: 0 },
        { type: 'max-pooling', size: 15 },
      ],
    };
    const plan = await call('network.plan', { recipe: impossible, datasetId });
    expect(plan.problem).toMatchObject({ layer: 1, error: { code: 'layer.impossible' } });
    expect(plan.layers.map((layer) => layer.outputShape)).toEqual([[14, 14, 32]]);

    const runsBefore = await call('run.list', {});
    await expect(call('run.start', { recipe: impossible, datasetId })).rejects.toMatchObject({
      code: 'recipe.invalid',
    });
    expect(await call('run.list', {})).toEqual(runsBefore);
  });

  it('trains a run step by step, to its end, and gives its history', async () => {
    const run = await call('run.start', { recipe, datasetId, threads, name: 'First run', paused: true });
    expect(run).toMatchObject({ name: 'First run', state: 'paused', parameters: 6370 });
    await expect(call('run.start', { recipe, datasetId })).rejects.toMatchObject({ code: 'run.busy' });
    await expect(call('run.delete', { runId: run.id })).rejects.toMatchObject({ code: 'run.active' });

    await call('run.step', { runId: run.id });
    await call('run.step', { runId: run.id });
    expect(await call('run.current', {})).toMatchObject({
      state: 'paused',
      step: 2,
      epoch: 1,
      batch: 2,
      batches: 18,
    });
    await call('run.changeLearningRate', { runId: run.id, learningRate: 0.01 });
    await call('run.step', { runId: run.id });
    expect(await call('run.current', {})).toMatchObject({ step: 3, learningRate: 0.01 });

    const finished = ended(run.id);
    await call('run.resume', { runId: run.id });
    expect(await finished).toBe('finished');
    expect(await call('run.current', {})).toBeNull();

    const history = await call('run.history', { runId: run.id, afterStep: 30, afterEpoch: 1 });
    expect([...uint32Of(history.batchSteps)]).toEqual([31, 32, 33, 34, 35, 36]);
    expect(history.epochs.map((record) => record.epoch)).toEqual([2]);
    expect(history.learningRateChanges).toEqual([{ step: 2, learningRate: 0.01 }]);
    const [listed] = await call('run.list', {});
    expect(listed).toMatchObject({ id: run.id, state: 'finished', keptEpoch: 2, failure: null });
    const { epochs } = await call('run.history', { runId: run.id, afterStep: 0, afterEpoch: 0 });
    expect(epochs[1]!.trainLoss).toBeLessThan(epochs[0]!.trainLoss);
    expect(listed!.outcome).toMatchObject({ epochs: 2, last: epochs[1], kept: epochs[1] });
    await expect(call('run.pause', { runId: run.id })).rejects.toMatchObject({ code: 'run.not-active' });
  });

  it('trains a recipe again with the seeds that follow, until that is cancelled', async () => {
    const [run] = await call('run.list', {});
    const repetition = await call('run.repeat', { runId: run!.id, times: 3 });
    const seeds = [1, 2, 3].map((step) => run!.recipe.seed + step);
    expect(repetition).toMatchObject({ runId: run!.id, seeds, done: 0, state: 'running' });
    const [first] = repetition.runIds;
    expect(await ended(first!)).toBe('finished');
    await call('run.cancelRepetition', {});
    await expect.poll(() => call('run.current', {})).toBeNull();
    const last = await call('run.repetition', {});
    expect(last!.state).toBe('cancelled');
    const repeated = (await call('run.list', {})).filter(({ id }) => last!.runIds.includes(id));
    expect(repeated.find(({ id }) => id === first)).toMatchObject({
      name: `First run · seed ${seeds[0]}`,
      recipe: { ...run!.recipe, seed: seeds[0] },
    });
    for (const { id } of repeated) await call('run.delete', { runId: id });
  });

  it('trains the folds of a set, goes on where it was cancelled, and judges every training image once', async () => {
    const folds = 3;
    const short = { ...recipe, epochs: 1 };
    const first = await call('crossValidation.start', { datasetId, recipe: short, folds });
    expect(first).toMatchObject({ datasetId, folds, missing: [1, 2, 3], done: 0, state: 'running' });
    expect(await ended(first.runIds[0]!)).toBe('finished');
    await call('crossValidation.cancel', {});
    await expect.poll(() => call('run.current', {})).toBeNull();
    expect(await call('crossValidation.current', {})).toMatchObject({ state: 'cancelled' });
    const foldRuns = async () =>
      findFoldRuns(await call('run.list', {}), { datasetId, recipe: short, folds });
    const { missing } = await foldRuns();
    expect(missing).not.toContain(1);
    if (missing.length > 0) {
      const second = await call('crossValidation.start', { datasetId, recipe: short, folds });
      expect(second.missing).toEqual(missing);
    }
    await expect.poll(async () => (await foldRuns()).missing, { timeout: foldsTimeoutMs }).toEqual([]);
    await expect(call('crossValidation.start', { datasetId, recipe: short, folds })).rejects.toMatchObject({
      code: 'cross-validation.complete',
    });

    const runIds = (await foldRuns()).runs.map((run) => run!.id);
    const issues = await call('labelIssues.find', { runIds });
    expect(issues).toMatchObject({ datasetId, imageSplit: 'train', images: 12_000 });
    const { trainLabels } = await call('dataset.describe', { datasetId });
    const indices = uint32Of(issues.imageIndices);
    expect(new Set(indices).size).toBe(indices.length);
    expect([...issues.labels]).toEqual(Array.from(indices, (index) => trainLabels[index]));
    expect(issues.suggested.every((one, place) => one !== issues.labels[place])).toBe(true);
    const own = float32Of(issues.labelProbabilities);
    expect([...own]).toEqual([...own].sort((a, b) => a - b));
    await expect(call('labelIssues.find', { runIds: [runIds[0]!, 'no-such-run'] })).rejects.toMatchObject({
      code: 'run.unknown',
    });
    for (const runId of runIds) await call('run.delete', { runId });
  });

  it('trains with corrections, and the run keeps them while those of the set change', async () => {
    const { trainLabels } = await call('dataset.describe', { datasetId });
    const label = (trainLabels[0]! + 1) % 10;
    const changes = [
      { index: 0, label },
      { index: 1, excluded: true as const },
    ];
    const { corrections } = await call('corrections.change', { datasetId, changes });
    const run = await call('run.start', { recipe, datasetId, threads, corrections: 'apply' });
    await call('corrections.clear', { datasetId });
    expect(await ended(run.id)).toBe('finished');
    const [listed] = await call('run.list', {});
    expect(listed).toMatchObject({ id: run.id, corrections: corrections.summary });
    const kept = JSON.parse(
      await readFile(join(dataDirectory, 'runs', run.id, 'corrections.json'), 'utf8'),
    ) as unknown;
    expect(kept).toMatchObject({ dataset: { id: datasetId }, corrections: corrections.list });

    const saved = await call('model.save', { runId: run.id, name: 'Corrected' });
    const evaluation = await call('model.evaluate', {
      ...{ model: { kind: 'model', modelId: saved.id }, datasetId, split: 'train' },
    });
    expect(evaluation.corrections).toEqual(corrections.summary);
    expect(evaluation.labels).toHaveLength(11_999);
    expect(evaluation.labels[0]).toBe(label);

    const { runIds } = await call('run.repeat', { runId: run.id, times: 1 });
    expect(await ended(runIds[0]!)).toBe('finished');
    expect((await call('run.list', {}))[0]).toMatchObject({
      id: runIds[0],
      corrections: corrections.summary,
    });
    await call('model.delete', { modelId: saved.id });
    for (const runId of [run.id, runIds[0]!]) await call('run.delete', { runId });
  });

  it('finds duplicates, cancels a search, and remembers what was found', async () => {
    const similarity = 0.97;
    const cancelled = call('duplicates.find', { datasetId, similarity });
    await expect.poll(async () => (await call('duplicates.read', { datasetId })).search).not.toBeNull();
    await expect(call('duplicates.find', { datasetId, similarity })).rejects.toMatchObject({
      code: 'duplicates.busy',
    });
    await call('duplicates.cancel', { datasetId });
    await expect(cancelled).rejects.toMatchObject({ code: 'duplicates.cancelled' });
    expect(await call('duplicates.read', { datasetId })).toEqual({ search: null, found: null });

    const found = await call('duplicates.find', { datasetId, similarity });
    expect(found).toMatchObject({ datasetId, similarity, trainImages: 12_000, testImages: 2000 });
    expect(await call('duplicates.read', { datasetId })).toEqual({ search: null, found });
    expect(seen.at(-1)).toMatchObject({ event: 'duplicates.progressed', payload: { share: null } });
  });

  it('pauses, and stops early with the weights kept', async () => {
    const run = await call('run.start', { recipe: { ...recipe, epochs: 10_000 }, datasetId, threads });
    await call('run.pause', { runId: run.id });
    const paused = await call('run.current', {});
    expect(paused).toMatchObject({ state: 'paused' });
    const stopped = await call('run.stop', { runId: run.id });
    expect(stopped.state).toBe('stopped');
    expect(stopped.keptEpoch).toBe(paused!.step === 0 ? 0 : paused!.epoch);
    expect((await call('run.rename', { runId: run.id, name: 'Renamed' })).name).toBe('Renamed');
    await call('run.delete', { runId: run.id });
    expect(seen.at(-1)).toEqual({ event: 'run.removed', payload: { runId: run.id } });
  });

  it('keeps the tags and notes of a run and a model, and says where both lie', async () => {
    const [run] = await call('run.list', {});
    const { id: runId } = run!;
    const tagged = await call('run.annotate', { runId, tags: [' baseline', 'Baseline', 'relu '] });
    expect(tagged).toMatchObject({ tags: ['baseline', 'relu'], notes: '' });
    await call('run.annotate', { runId, notes: 'Wide is not better.' });
    expect((await call('run.list', {}))[0]).toMatchObject({
      tags: ['baseline', 'relu'],
      notes: 'Wide is not better.',
    });
    const ofRun = await call('run.describe', { runId });
    expect(ofRun.folder).toBe(join(dataDirectory, 'runs', runId));
    expect(ofRun.files.map(({ name }) => name)).toContain('history.ndjson');
    expect(ofRun.datasetFingerprint).not.toBe('');

    const { id: modelId } = await call('model.save', { runId, name: 'Annotated' });
    const model = await call('model.annotate', { modelId, tags: ['keep'], notes: 'For the lesson.' });
    expect(model).toMatchObject({ name: 'Annotated', tags: ['keep'], notes: 'For the lesson.' });
    const ofModel = await call('model.describe', { modelId });
    expect(ofModel).toMatchObject({ weftVersion: '0.1.0', datasetFingerprint: ofRun.datasetFingerprint });
    expect(ofModel.files.map(({ name }) => name)).toEqual(['annotated.json', 'annotated.safetensors']);
    await call('model.delete', { modelId });
  });

  it('discards a run and leaves nothing of it', async () => {
    const run = await call('run.start', { recipe, datasetId, threads, paused: true });
    await call('run.discard', { runId: run.id });
    expect((await call('run.list', {})).map((one) => one.id)).not.toContain(run.id);
    expect(await call('run.current', {})).toBeNull();
  });

  it('evaluates a run and the model saved from it alike, and counts looks at the test set', async () => {
    const [run] = await call('run.list', {});
    const ofRun = { kind: 'run', runId: run!.id } as const;
    const evaluation = await call('model.evaluate', { model: ofRun, datasetId, split: 'test' });
    expect(evaluation.labels).toHaveLength(2000);
    expect(float32Of(evaluation.probabilities)).toHaveLength(20_000);
    expect(evaluation.testLooks).toBe(1);
    const validation = await call('model.evaluate', { model: ofRun, datasetId, split: 'validation' });
    expect(validation.testLooks).toBe(0);
    expect(uint32Of(validation.imageIndices)).toHaveLength(validationImages);
    // The same weights over the same images: what training measured after its last epoch.
    expect(validation.accuracy).toBe(run!.outcome.last!.validationAccuracy);
    expect(validation.loss).toBe(run!.outcome.last!.validationLoss);

    const saved = await call('model.save', { runId: run!.id, name: 'Saved' });
    expect(saved.test).toEqual({ loss: evaluation.loss, accuracy: evaluation.accuracy, looks: 1 });
    const ofModel = { kind: 'model', modelId: saved.id } as const;
    const again = await call('model.evaluate', { model: ofModel, datasetId, split: 'test' });
    expect(again.probabilities).toEqual(evaluation.probabilities);
    expect(again.testLooks).toBe(2);
    expect((await call('run.list', {}))[0]!.test).toMatchObject({ looks: 1 });
  });

  it('gives a run and a model a temperature that every prediction is made with, and takes it away again', async () => {
    const [run] = await call('run.list', {});
    const [saved] = await call('model.list', {});
    const ofRun = { kind: 'run', runId: run!.id } as const;
    const ofModel = { kind: 'model', modelId: saved!.id } as const;
    const temperature = 2;
    for (const model of [ofRun, ofModel]) {
      const evaluate = () => call('model.evaluate', { model, datasetId, split: 'validation' });
      const plain = await evaluate();
      expect(plain.temperature).toBeNull();
      await call('model.setTemperature', { model, temperature });
      const cooled = await evaluate();
      expect(cooled).toMatchObject({ temperature, accuracy: plain.accuracy });
      const expected = atTemperature(float32Of(plain.probabilities), cooled.classes.length, temperature);
      float32Of(cooled.probabilities).forEach((probability, index) => {
        // Logits of some ten, rounded as float32.
        expect(Math.abs(probability - expected[index]!)).toBeLessThan(1e-5);
      });
      const { bytes, fileName } = await call('model.export', { model });
      expect(decodeModel(bytes, fileName).temperature).toBe(temperature);
      const copy = await call('model.import', { fileName, bytes });
      expect(copy.temperature).toBe(temperature);
      await call('model.delete', { modelId: copy.id });
      await call('model.setTemperature', { model, temperature: null });
      expect((await evaluate()).probabilities).toEqual(plain.probabilities);
    }
    expect((await call('run.list', {}))[0]!.temperature).toBeNull();
    const error: unknown = await call('model.setTemperature', { model: ofRun, temperature: 0 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'contract.invalid-input' });
  });

  it('gives what a run said of its validation images after each epoch', async () => {
    const [run] = await call('run.list', {});
    const head = await call('run.predictions', { runId: run!.id, epochs: [] });
    expect(head).toMatchObject({ epochs: [1, 2], imageSplit: 'train', classCount: 10 });
    expect(head.probabilities).toHaveLength(0);
    const { probabilities } = await call('run.predictions', { runId: run!.id, epochs: [2] });
    const model = { kind: 'run', runId: run!.id } as const;
    const evaluation = await call('model.evaluate', { model, datasetId, split: 'validation' });
    expect(head.imageIndices).toEqual(evaluation.imageIndices);
    expect(head.labels).toEqual(evaluation.labels);
    const asFloats = float32Of(evaluation.probabilities);
    // One less than rounded where else another class would be the likeliest.
    probabilities.forEach((byte, index) =>
      expect(Math.abs(byte - asFloats[index]! * 255)).toBeLessThan(1.51),
    );
    expect(predictedClasses(probabilities, 10)).toEqual(predictedClasses(asFloats, 10));
    await expect(call('run.predictions', { runId: run!.id, epochs: [7] })).rejects.toMatchObject({
      code: 'predictions.no-epoch',
    });
  });

  it('looks into a model at one image, and finds the training images that are like it', async () => {
    const [run] = await call('run.list', {});
    const model = { kind: 'run', runId: run!.id } as const;
    const seen = await call('model.inspect', { model, datasetId, split: 'test', index: 3 });
    expect(seen.layers.map(({ shape }) => shape)).toEqual([[8]]);
    expect(seen.lead).toBeGreaterThan(0);
    expect(float32Of(seen.gradient).some((one) => one !== 0)).toBe(true);
    expect(float32Of(seen.occlusion)).toHaveLength(784);

    const order = { model, datasetId, split: 'train', index: 7 } as const;
    const near = await call('model.findNeighbours', { ...order, count: 5 });
    const indices = uint32Of(near.indices);
    const distances = float32Of(near.distances);
    expect(near).toMatchObject({ compared: 11_999, features: 8 });
    expect([...distances]).toEqual([...distances].sort((a, b) => a - b));
    expect([...indices]).not.toContain(7);
    const { trainLabels } = await call('dataset.describe', { datasetId });
    expect([...near.labels]).toEqual(Array.from(indices, (image) => trainLabels[image]));
    await expect(call('model.inspect', { ...order, index: 12_000 })).rejects.toMatchObject({
      code: 'dataset.no-such-image',
    });
  });

  it('says of images that are in no dataset what evaluating and inspecting say of the same pixels, and what a model takes', async () => {
    const [run] = await call('run.list', {});
    const model = { kind: 'run', runId: run!.id } as const;
    const asked = await call('model.predict', { model, pixels: new Uint8Array() });
    expect(asked.shape).toEqual({ height: 28, width: 28, channels: 1 });
    expect(asked.classes).toHaveLength(10);
    expect(asked.probabilities).toHaveLength(0);

    const evaluation = await call('model.evaluate', { model, datasetId, split: 'test' });
    const { pixels } = await call('dataset.images', { datasetId, split: 'test', indices: [3, 4, 5] });
    const { probabilities } = await call('model.predict', { model, pixels });
    expect(float32Of(probabilities)).toEqual(float32Of(evaluation.probabilities).slice(30, 60));

    const seen = await call('model.inspect', { model, datasetId, split: 'test', index: 3 });
    const same = await call('model.inspectPixels', { model, pixels: pixels.slice(0, 784) });
    expect(same.layers).toEqual(seen.layers);
    expect(same.forClass).toBe(seen.forClass);
    for (const wrong of [new Uint8Array(783), new Uint8Array(784 * (predictionsPerRequest + 1))]) {
      await expect(call('model.predict', { model, pixels: wrong })).rejects.toMatchObject({
        code: 'images.wrong-size',
      });
    }
    await expect(call('model.inspectPixels', { model, pixels })).rejects.toMatchObject({
      code: 'images.wrong-size',
    });
  });

  it('exports a model in every format under its present name, compared with itself', async () => {
    const [saved] = await call('model.list', {});
    const model = { kind: 'model', modelId: saved!.id } as const;
    const { modelId } = model;
    await call('model.rename', { modelId, name: 'Better name' });
    for (const { id: format, ending } of exportFormats) {
      const { fileName, check } = await call('model.export', { model, format, withExamples: true });
      expect(fileName).toBe(`better-name${ending}`);
      expect(check).toMatchObject({ images: validationImages, source: 'validation', largestDifference: 0 });
      const [run] = await call('run.list', {});
      expect(check.reloadedAccuracy).toBe(run!.outcome.kept!.validationAccuracy);
    }
    await call('model.rename', { modelId, name: 'Saved' });
  });

  it('exports a model, imports it as another, renames and deletes that one', async () => {
    const [saved] = await call('model.list', {});
    const { fileName, bytes } = await call('model.export', { model: { kind: 'model', modelId: saved!.id } });
    expect(fileName).toBe('saved.safetensors');
    const imported = await call('model.import', { fileName, bytes });
    expect(imported).toMatchObject({ name: 'Saved', id: 'saved-2', network: saved!.network });
    expect((await call('model.rename', { modelId: imported.id, name: 'Other' })).name).toBe('Other');
    await call('model.delete', { modelId: imported.id });
    expect((await call('model.list', {})).map((model) => model.id)).toEqual([saved!.id]);
  });

  it('says what it recognises of a model made elsewhere, and takes it into the library once it is accepted', async () => {
    const weights = { dtype: 'float32', shape: [784, 10], data: new Float32Array(7840).fill(0.01) } as const;
    const file = { fileName: 'elsewhere.npz', bytes: encodeNpz([{ name: 'W1', ...weights }]) };
    const asked = await call('model.importForeign', file);
    expect(asked).toMatchObject({
      kind: 'sketch',
      sketch: {
        layers: [{ kind: 'dense', inputs: 784, outputs: 10 }],
        answers: { datasetId: 'fashion-mnist' },
      },
    });
    const answers = { datasetId, name: 'Elsewhere' };
    const imported = await call('model.importForeign', { ...file, answers, accept: true });
    expect(imported).toMatchObject({ kind: 'imported', model: { name: 'Elsewhere', datasetId } });
    if (imported.kind !== 'imported') throw new Error('It was not imported.');
    const model = { kind: 'model', modelId: imported.model.id } as const;
    const evaluation = await call('model.evaluate', { model, datasetId, split: 'test' });
    // Ten equal outputs.
    expect(evaluation.loss).toBeCloseTo(Math.log(10), 5);
    await call('model.delete', { modelId: imported.model.id });
  });

  it('owns its data directory, and forgets a notice that was dismissed', async () => {
    expect(await call('directory.describe', {})).toEqual({ isReadOnly: false, owner: null });
    expect(await call('directory.takeOver', {})).toEqual({ isReadOnly: false, owner: null });
    await call('app.dismissNotice', { noticeId: 1 });
    expect((await call('app.describe', {})).notices).toEqual([]);
  });

  it('packs a run into one file, piece by piece, and makes the same run of it again under another id', async () => {
    const [run] = await call('run.list', {});
    const { transferId, fileName, sizeBytes } = await call('project.export', { runId: run!.id });
    expect(fileName).toBe('first-run.weft');
    const pieces: Uint8Array[] = [];
    for (let isDone = false; !isDone;) {
      const part = await call('project.read', { transferId });
      pieces.push(part.bytes);
      isDone = part.isDone;
    }
    const bytes = new Uint8Array(Buffer.concat(pieces));
    expect(bytes.byteLength).toBeLessThan(sizeBytes);
    const over = { code: 'project.unknown-transfer' };
    await expect(call('project.read', { transferId })).rejects.toMatchObject(over);

    const half = Math.floor(bytes.byteLength / 2);
    const upload = await call('project.begin', { fileName, sizeBytes: bytes.byteLength });
    await call('project.append', { ...upload, bytes: bytes.slice(0, half) });
    await call('project.append', { ...upload, bytes: bytes.slice(half) });
    const opened = await call('project.import', upload);
    expect(opened).toEqual({ ...run, id: `${run!.id}-2` });
    expect(seen.at(-1)).toEqual({ event: 'run.changed', payload: opened });
    const model = { kind: 'run', runId: opened.id } as const;
    const evaluation = await call('model.evaluate', { model, datasetId, split: 'validation' });
    expect(evaluation.accuracy).toBe(run!.outcome.kept!.validationAccuracy);
    await call('run.delete', { runId: opened.id });

    const cut = await call('project.begin', { fileName, sizeBytes: bytes.byteLength });
    await call('project.append', { ...cut, bytes: bytes.slice(0, half) });
    await expect(call('project.import', cut)).rejects.toMatchObject({ code: 'project.wrong-size' });
    const left = await call('project.begin', { fileName, sizeBytes: 7 });
    await expect(call('project.append', { ...left, bytes: new Uint8Array(8) })).rejects.toMatchObject({
      code: 'project.wrong-size',
    });
    const ended = await call('project.begin', { fileName, sizeBytes: 7 });
    await call('project.cancel', ended);
    await expect(call('project.append', { ...ended, bytes })).rejects.toMatchObject(over);
    const kept = await readdir(join(dataDirectory, 'runs'));
    expect(kept.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('imports images that are sent, trains on them, renames, checks and removes the set', async () => {
    // Five classes of colour images: each has a bright band of its own.
    const shape = { height: 32, width: 20, channels: 3 };
    const imageBytes = 32 * 20 * 3;
    const labels = Uint8Array.from({ length: 70 }, (_value, image) => image % 5);
    const pixels = Uint8Array.from({ length: 70 * imageBytes }, (_value, place) => {
      const image = Math.floor(place / imageBytes);
      const row = Math.floor((place % imageBytes) / (20 * 3));
      return Math.floor(row / 6) === labels[image] ? 200 : (place * 7) % 23;
    });
    // Of each class in turn, but without labels.
    const unlabelled = pixels.slice(0, 7 * imageBytes);
    const sent: [string, Uint8Array][] = [
      ['bands/images', encodeIdxImages({ count: 70, ...shape, pixels })],
      ['bands/more', encodeIdxImages({ count: 7, ...shape, pixels: unlabelled })],
      ['bands/empty', new Uint8Array(0)],
      ['bands/labels', encodeIdxLabels(labels)],
    ];
    const files = sent.map(([path, { byteLength }]) => ({ path, sizeBytes: byteLength }));
    const bytes = new Uint8Array(Buffer.concat(sent.map((one) => one[1])));
    const { importId } = await call('import.begin', { source: { kind: 'files', files } });
    await expect(call('import.preview', { importId })).rejects.toMatchObject({ code: 'import.incomplete' });
    // Cut without regard to where a file ends.
    for (let offset = 0; offset < bytes.length; offset += 40_000)
      await call('import.append', { importId, bytes: bytes.slice(offset, offset + 40_000) });
    const preview = await call('import.preview', { importId });
    expect(preview).toMatchObject({
      name: 'bands',
      shape,
      trainCount: 60,
      testCount: 10,
      unlabelledCount: 7,
      kind: 'idx',
    });
    expect(seen.some(({ event }) => event === 'import.progressed')).toBe(true);
    expect((await call('dataset.list', {})).some(({ kind }) => kind === 'imported')).toBe(false);
    const classes = ['top', 'upper', 'middle', 'lower', 'bottom'];
    await expect(
      call('import.keep', { importId, name: 'Bands', classes: classes.slice(1) }),
    ).rejects.toMatchObject({ code: 'import.wrong-classes' });
    const kept = await call('import.keep', { importId, name: 'Bands', classes, licence: 'my own' });
    expect(kept).toMatchObject({
      id: 'bands',
      kind: 'imported',
      state: 'ready',
      classes,
      licence: 'my own',
    });
    expect(seen.at(-1)).toEqual({ event: 'dataset.changed', payload: kept });
    const own = { datasetId: kept.id };
    expect((await call('dataset.describe', own)).testCounts).toEqual([2, 2, 2, 2, 2]);
    const image = await call('dataset.images', { ...own, split: 'train', indices: [0] });
    expect(image.shape).toEqual(shape);

    const trained = await call('run.start', {
      recipe: { ...recipe, batchSize: 10, epochs: 12 },
      ...own,
      threads,
      runId: 'bands-run',
    });
    await expect(call('dataset.remove', own)).rejects.toMatchObject({ code: 'dataset.in-use' });
    expect(await ended(trained.id)).toBe('finished');
    const model = { kind: 'run', runId: trained.id } as const;
    const evaluation = await call('model.evaluate', { model, ...own, split: 'test' });
    expect(evaluation.classes).toEqual(classes);
    expect(evaluation.accuracy).toBe(1);
    const answers = await call('model.predictUnlabelled', { model, ...own });
    expect([...answers.predicted]).toEqual([0, 1, 2, 3, 4, 0, 1]);
    expect(answers.sourceLabels).toEqual(['0', '1', '2', '3', '4']);

    expect(await call('dataset.change', { ...own, name: 'Stripes' })).toMatchObject({
      name: 'Stripes',
      id: 'bands',
    });
    const info = await call('dataset.info', own);
    expect(info).toMatchObject({
      name: 'Stripes',
      licence: 'my own',
      folder: join(dataDirectory, 'datasets', 'bands'),
    });
    expect(info.files.map(({ name }) => name)).toContain('train-images-idx4-ubyte');
    expect((await call('dataset.verify', own)).files.map(({ state }) => state)).toEqual(
      Array(5).fill('whole'),
    );
    await writeFile(join(info.folder!, 'train-labels-idx1-ubyte'), 'x');
    expect((await call('dataset.verify', own)).files[1]).toEqual({
      name: 'train-labels-idx1-ubyte',
      state: 'damaged',
    });
    await expect(call('dataset.change', { datasetId, name: 'Other' })).rejects.toMatchObject({
      code: 'dataset.not-imported',
    });
    await call('dataset.remove', own);
    expect(seen.at(-1)).toEqual({ event: 'dataset.removed', payload: own });
    expect((await call('dataset.list', {})).map(({ id }) => id)).not.toContain('bands');
    await call('run.delete', { runId: trained.id });

    const other = await call('import.begin', { source: { kind: 'path', path: dataDirectory } });
    await call('import.cancel', other);
    await expect(call('import.preview', other)).rejects.toMatchObject({ code: 'import.over' });
    expect(await readdir(join(dataDirectory, 'datasets'))).not.toContainEqual(
      expect.stringMatching(/^\.import|bands/),
    );
  });

  it('was used above, every one', () => {
    expect(Object.keys(commands).filter((command) => !succeeded.has(command))).toEqual([]);
  });
});
