import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src-main/app/app.ts';
import { openSettingsStore } from '../../src-main/app/settingsStore.ts';
import type { App } from '../../src-main/app/types.ts';
import { decodeSafetensors } from '../../src-main/formats/safetensors.ts';
import { PredictionLog } from '../../src-main/runs/predictionLog.ts';
import type { TrainingChannel } from '../../src-main/training/channel.ts';
import { forkTraining } from '../../src-main/training/forkChannel.ts';
import type { CommandInput } from '../../src-shared/contract.ts';
import { presets } from '../../src-shared/presets.ts';
import { answer, createClient, type Client } from '../../src-shared/protocol.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';

const program = resolve(import.meta.dirname, '../../out/main/training.js');
const datasetId = 'strokes';
const recipe: Recipe = {
  ...presets[0]!.recipe,
  layers: [{ type: 'dense', units: 16, activation: 'relu' }],
  batchSize: 100,
  epochs: 1,
};
const batchesPerEpoch = 108;
const isFashionThere = existsSync('/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz');
/** Never comes to its end by itself. */
const endless: Recipe = { ...recipe, epochs: 100_000 };

let dataDirectory: string;
let app: App;
let channels: TrainingChannel[];

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-training-'));
  channels = [];
  app = await openApp();
});
afterEach(async () => {
  await app.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

const openApp = (): Promise<App> =>
  createApp({
    host: 'browser',
    version: '0.1.0',
    dataDirectory,
    openSettings: openSettingsStore,
    spawnTraining: () => {
      const channel = forkTraining(program);
      channels.push(channel);
      return channel;
    },
  });

/** A page: it starts with no memory of what was before. */
function openPage(): Client {
  const end = createClient((request) => {
    void answer(app.handlers, request).then((response) => end.receive(response));
  });
  app.subscribe((message) => end.receive(message));
  return end.client;
}

function whenEnded(page: Client, runId: string): Promise<RunSummary> {
  return new Promise((found) => {
    page.on('run.changed', (run) => {
      if (run.id === runId && !['preparing', 'running', 'paused'].includes(run.state)) found(run);
    });
  });
}

async function trainToEnd(input: CommandInput<'run.start'>): Promise<RunSummary> {
  const page = openPage();
  const { id } = await page.call('run.start', { ...input, paused: true });
  const ended = whenEnded(page, id);
  await page.call('run.resume', { runId: id });
  return ended;
}

/** Resolves when the run has gone past a step. */
function whenPast(page: Client, step: number): Promise<void> {
  return new Promise((past) => {
    const stopListening = page.on('run.progressed', (progress) => {
      if (progress.step <= step) return;
      stopListening();
      past();
    });
  });
}

describe('a training process', () => {
  it('obeys step, resume, pause, a new learning rate and stop, and a reloaded page has all of it', async () => {
    const page = openPage();
    const { id: runId } = await page.call('run.start', { recipe: endless, datasetId, paused: true });
    await page.call('run.step', { runId });
    expect(await page.call('run.current', {})).toMatchObject({ state: 'paused', step: 1, batch: 1 });

    const past = whenPast(page, batchesPerEpoch);
    await page.call('run.resume', { runId });
    await past;
    await page.call('run.pause', { runId });
    const paused = await page.call('run.current', {});
    await page.call('run.changeLearningRate', { runId, learningRate: 0.002 });
    await page.call('run.step', { runId });

    const reloaded = openPage();
    const current = await reloaded.call('run.current', {});
    expect(current).toMatchObject({ runId, state: 'paused', step: paused!.step + 1, learningRate: 0.002 });
    const history = await reloaded.call('run.history', { runId, afterStep: 0, afterEpoch: 0 });
    expect(history.batchesPerEpoch).toBe(batchesPerEpoch);
    expect([...uint32Of(history.batchSteps)]).toEqual(
      Array.from({ length: current!.step }, (_, index) => index + 1),
    );
    expect(history.epochs).toHaveLength(Math.floor(current!.step / batchesPerEpoch));
    expect(history.learningRateChanges).toEqual([{ step: paused!.step, learningRate: 0.002 }]);

    const stopped = await page.call('run.stop', { runId });
    expect(stopped).toMatchObject({ state: 'stopped', failure: null, keptEpoch: current!.epoch });
    const { bytes } = await page.call('model.export', { model: { kind: 'run', runId } });
    expect(decodeSafetensors(bytes, 'model').tensors).toHaveLength(4);
    expect(await page.call('run.current', {})).toBeNull();
  });

  it('logs the predictions of every validation image after every epoch, one byte a probability', async () => {
    const run = await trainToEnd({ recipe: { ...recipe, epochs: 3 }, datasetId });
    const log = await PredictionLog.open(join(dataDirectory, 'runs', run.id, 'predictions.bin'));
    expect(log.epochs).toEqual([1, 2, 3]);
    const { loss, accuracy, probabilities } = await openPage().call('model.evaluate', {
      model: { kind: 'run', runId: run.id },
      datasetId,
      split: 'validation',
    });
    const last = run.outcome.last!;
    expect([loss, accuracy]).toEqual([last.validationLoss, last.validationAccuracy]);
    const asFloats = float32Of(probabilities);
    const logged = await log.probabilities(3);
    // One less than rounded where else another class would be the likeliest.
    logged.forEach((byte, index) => expect(Math.abs(byte - asFloats[index]! * 255)).toBeLessThan(1.51));
    expect(predictedClasses(logged, 10)).toEqual(predictedClasses(asFloats, 10));
  });

  it.skipIf(!isFashionThere)(
    'counts a look at the test images each time, and none where the classes are others (needs the package dataset-fashion-mnist)',
    async () => {
      const page = openPage();
      const { id: runId } = await trainToEnd({ recipe, datasetId });
      const evaluate = (onDataset: string) =>
        page.call('model.evaluate', {
          model: { kind: 'run', runId },
          datasetId: onDataset,
          split: 'test',
        });
      await evaluate(datasetId);
      await expect(evaluate('fashion-mnist')).rejects.toMatchObject({ code: 'model.wrong-classes' });
      const { accuracy } = await evaluate(datasetId);
      const [run] = await page.call('run.list', {});
      expect(run?.test).toMatchObject({ accuracy, looks: 2 });
    },
  );

  it('gives the same weights bit for bit for the same seed, whatever the number of threads', async () => {
    const page = openPage();
    const weights: string[] = [];
    for (const threads of [1, 1, 2]) {
      const { id } = await trainToEnd({ recipe, datasetId, threads });
      const { bytes } = await page.call('model.export', { model: { kind: 'run', runId: id } });
      const { tensors } = decodeSafetensors(bytes, 'model');
      weights.push(tensors.map((tensor) => Buffer.from(tensor.bytes).toString('base64')).join());
    }
    expect(weights[1]).toBe(weights[0]);
    expect(weights[2]).toBe(weights[0]);
    const other = await trainToEnd({ recipe: { ...recipe, seed: 2 }, datasetId });
    const { bytes } = await page.call('model.export', { model: { kind: 'run', runId: other.id } });
    expect(Buffer.from(decodeSafetensors(bytes, 'model').tensors[0]!.bytes).toString('base64')).not.toBe(
      weights[0]!.split(',')[0],
    );
  });

  it('that is killed leaves a failed run with a sentence, what it had kept, and room for the next run', async () => {
    const page = openPage();
    const { id } = await page.call('run.start', { recipe: endless, datasetId });
    const ended = whenEnded(page, id);
    await whenPast(page, 2 * batchesPerEpoch);
    channels[0]!.kill();
    const failed = await ended;
    expect(failed.state).toBe('failed');
    expect(failed.failure).toMatchObject({ code: 'training.process-ended' });
    expect(failed.failure!.message).toContain('SIGKILL');
    expect(failed.outcome.epochs).toBeGreaterThanOrEqual(2);
    expect((await trainToEnd({ recipe, datasetId })).state).toBe('finished');
  });

  it('keeps the weights of a run under way when Weft ends, as interrupted', async () => {
    const page = openPage();
    const { id } = await page.call('run.start', { recipe: endless, datasetId });
    await whenPast(page, 0);
    await app.close();
    app = await openApp();
    const [run] = await openPage().call('run.list', {});
    expect(run).toMatchObject({ id, state: 'interrupted' });
    expect(run!.keptEpoch).toBeGreaterThanOrEqual(1);
    expect(existsSync(join(dataDirectory, 'runs', id, 'model.safetensors'))).toBe(true);
  });

  it('refuses what it cannot train and leaves nothing of that run', async () => {
    const page = openPage();
    const impossible: Recipe = { ...recipe, validation: { type: 'first', count: 12_000 } };
    await expect(page.call('run.start', { recipe: impossible, datasetId })).rejects.toMatchObject({
      code: 'split.nothing-to-train',
    });
    expect(await page.call('run.list', {})).toEqual([]);
    expect(await page.call('run.current', {})).toBeNull();
  });

  it('says so when training diverges', async () => {
    const optimizer = { type: 'gradient-descent', learningRate: 0.1 };
    // Nothing bounds what linear layers pass on.
    const layers = [16, 16].map((units) => ({ type: 'dense', units, activation: 'linear' }));
    const page = openPage();
    const { id: runId } = await page.call('run.start', {
      recipe: { ...endless, optimizer, layers },
      datasetId,
      paused: true,
    });
    const ended = whenEnded(page, runId);
    await page.call('run.changeLearningRate', { runId, learningRate: 1000 });
    await page.call('run.resume', { runId });
    expect(await ended).toMatchObject({ state: 'failed', failure: { code: 'training.diverged' } });
  });

  it('ends when its parent is killed', async () => {
    const order = {
      kind: 'train',
      runId: 'orphan',
      name: 'orphan',
      createdAt: new Date().toISOString(),
      weftVersion: '0.1.0',
      dataDirectory,
      datasetId,
      recipe: endless,
      corrections: null,
      threads: 0,
      paused: false,
      runFolder: dataDirectory,
      resume: null,
    };
    const script = `
      const child = require('node:child_process').fork(${JSON.stringify(program)}, { serialization: 'advanced' });
      child.on('message', ({ kind }) => kind === 'progressed' && console.log('training'));
      child.send(${JSON.stringify(order)});`;
    const parent = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((begun) => parent.stdout.once('data', begun));
    // The output is closed when nobody is left that could write to it: the training process has it too.
    const closed = new Promise((done) => parent.once('close', done));
    parent.kill('SIGKILL');
    await closed;
    const { size } = await stat(join(dataDirectory, 'predictions.bin')).catch(() => ({ size: 0 }));
    await delay(200);
    expect((await stat(join(dataDirectory, 'predictions.bin')).catch(() => ({ size: 0 }))).size).toBe(size);
  });
});
