// A run that is cut off at any moment and gone on with ends as if nothing had happened: the same weights and optimizer
// state to the last bit, the same history without gap or repetition, the same predictions.
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../src-main/datasets/types.ts';
import { decodeModel } from '../../../src-main/runs/modelFile.ts';
import { findNewestCheckpoint } from '../../../src-main/runs/newestCheckpoint.ts';
import { PredictionLog } from '../../../src-main/runs/predictionLog.ts';
import type { Control, FromTraining, TrainingOrder } from '../../../src-main/training/messages.ts';
import { prepareTraining } from '../../../src-main/training/preparation.ts';
import { TrainingJob } from '../../../src-main/training/trainingJob.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { readOutcome } from '../../faults/outcome.ts';
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
  layers: [
    { type: 'dense', units: 12, activation: 'relu' },
    { type: 'dropout', rate: 0.3 },
  ],
  optimizer: { type: 'adam', learningRate: 0.01 },
  schedule: { type: 'plateau', patience: 1, minimumDelta: 1 },
  mixup: 0.3,
  weightAveraging: { decay: 0.9 },
  batchSize: 10,
  epochs: 4,
  earlyStopping: { patience: 100, minimumDelta: 0 },
};

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weft-resume-'));
  folder = join(root, 'run');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Wish = Control extends infer C ? (C extends Control ? Omit<C, 'requestId'> : never) : never;

const orderOf = (changes: Partial<TrainingOrder>): TrainingOrder => ({
  kind: 'train',
  runId: 'run',
  name: 'Run',
  createdAt: '2026-03-01T10:00:00.000Z',
  weftVersion: '0.1.0',
  dataDirectory: root,
  datasetId: dataset.id,
  recipe,
  corrections: null,
  threads: 1,
  paused: false,
  runFolder: folder,
  resume: null,
  ...changes,
});

/** Runs a job to its end; `wish` says after each message what the person does. */
async function run(
  order: Partial<TrainingOrder>,
  wish: (message: FromTraining) => Wish | undefined = () => undefined,
  images = dataset,
): Promise<FromTraining[]> {
  const messages: FromTraining[] = [];
  const job = new TrainingJob(orderOf(order), {
    workerProgram: new URL('file:///unused'),
    send: (message) => {
      messages.push(message);
      const wished = wish(message);
      if (wished !== undefined) setImmediate(() => job.control({ ...wished, requestId: 1 }));
    },
  });
  await job.run({ load: () => Promise.resolve(images) });
  return messages;
}

const resume = { learningRate: null };

async function outcome(): Promise<Awaited<ReturnType<typeof readOutcome>>> {
  const log = await PredictionLog.open(join(folder, 'predictions.bin'));
  expect(log.epochs).toEqual([1, 2, 3, 4]);
  const read = await readOutcome(folder);
  expect([read.problems, read.afterHistory]).toEqual([[], '']);
  return read;
}

async function startAnew(): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
}

describe('a run that is gone on with', () => {
  it('ends as if it had never been cut off, wherever that was', async () => {
    await run({});
    const whole = await outcome();
    expect(whole.history).toHaveLength(4 * 11 + 4);

    await startAnew();
    // After every batch the folder is copied, as a kill at that moment would leave it.
    const copies: string[] = [];
    await run({ paused: true }, (message) => {
      if (message.kind === 'began' || message.kind === 'answered') return { kind: 'step' };
      return undefined;
    });
    expect(await outcome()).toEqual(whole);

    await startAnew();
    let pauses = 0;
    await run({}, (message) =>
      message.kind === 'progressed' && pauses++ < 3 ? { kind: 'stop' } : undefined,
    );
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const copy = join(root, `copy-${attempt}`);
      await cp(folder, copy, { recursive: true });
      copies.push(copy);
      let seen = 0;
      const messages = await run({ resume, paused: attempt % 3 === 1 }, (message) => {
        if (message.kind === 'began' && attempt % 3 === 1) return { kind: 'step' };
        if (message.kind === 'answered' && seen < attempt % 7) {
          seen += 1;
          return { kind: 'step' };
        }
        return message.kind === 'answered' || message.kind === 'epochEnded' ? { kind: 'stop' } : undefined;
      });
      expect(messages[0]).toMatchObject({ kind: 'began', resumed: { notices: [] } });
      if (messages.some((message) => message.kind === 'ended' && message.state === 'finished')) break;
    }
    expect(copies.length).toBeGreaterThan(3);
    expect(await outcome()).toEqual(whole);

    // Each of the states that it was in between leads there, too, with what a kill leaves behind: lines and bytes past
    // the checkpoint, a line that is cut.
    for (const copy of copies.slice(0, 4)) {
      await rm(folder, { recursive: true });
      await cp(copy, folder, { recursive: true });
      const history = join(folder, 'history.ndjson');
      // More of them than the rest of the run has.
      const lines = '{"step":99,"loss":9,"accuracy":0}\n'.repeat(500);
      await writeFile(history, `${lines}{"step":100,"lo`, { flag: 'a' });
      await writeFile(join(folder, 'predictions.bin'), new Uint8Array(10_000).fill(7), { flag: 'a' });
      await run({ resume });
      expect(await outcome()).toEqual(whole);
    }
  });

  it('goes on from the checkpoint before when the newest is damaged, and says so', async () => {
    await run({});
    const whole = await outcome();
    await startAnew();
    const stopAfterEpoch = (message: FromTraining): Wish | undefined =>
      message.kind === 'epochEnded' ? { kind: 'stop' } : undefined;
    await run({}, stopAfterEpoch);
    await run({ resume }, stopAfterEpoch);
    const { checkpoint } = await findNewestCheckpoint(folder);
    const newest = `checkpoint-${checkpoint.trainer.position.step}.safetensors`;
    await truncate(join(folder, newest), 500);
    const messages = await run({ resume });
    const began = messages.find((message) => message.kind === 'began')!;
    expect(began.resumed!.notices).toEqual([
      `The checkpoint "${newest}" is damaged: its SHA-256 is not that of its bytes.`,
      `The run went on from the one before, of step ${began.resumed!.step}.`,
    ]);
    expect(began.resumed!.step).toBeLessThan(checkpoint.trainer.position.step);
    expect(await outcome()).toEqual(whole);
  });

  it('is refused with other images, and its files stay as they are', async () => {
    await run({}, (message) => (message.kind === 'epochEnded' ? { kind: 'stop' } : undefined));
    await copyFile(join(folder, 'history.ndjson'), join(root, 'history'));
    const messages = await run({ resume }, undefined, { ...dataset, fingerprint: 'beef' });
    expect(messages).toMatchObject([{ kind: 'failed', error: { code: 'run.other-dataset' } }]);
    expect(await readFile(join(folder, 'history.ndjson'))).toEqual(await readFile(join(root, 'history')));
  });

  it('takes a new learning rate along, and the history says so', async () => {
    await run({}, (message) => (message.kind === 'epochEnded' ? { kind: 'stop' } : undefined));
    const messages = await run({ resume: { learningRate: 0.5 } });
    const began = messages.find((message) => message.kind === 'began')!;
    expect(messages.find((message) => message.kind === 'learningRateChanged')).toEqual({
      kind: 'learningRateChanged',
      step: began.resumed!.step,
      learningRate: 0.5,
    });
  });

  it('has a model that says which learning rates a person set, those before it was gone on with too', async () => {
    const stopAfterEpoch = (message: FromTraining): Wish | undefined =>
      message.kind === 'epochEnded' ? { kind: 'stop' } : undefined;
    await run({}, stopAfterEpoch);
    const began = await run({ resume: { learningRate: 0.5 } }, stopAfterEpoch);
    await run({ resume });
    const model = decodeModel(await readFile(join(folder, 'model.safetensors')), 'model');
    const step = began.find((message) => message.kind === 'learningRateChanged')!.step;
    expect(model.learningRateChanges).toEqual([{ step, learningRate: 0.5 }]);
  });

  it('says what is missing where history or predictions were lost', async () => {
    await run({}, (message) => (message.kind === 'epochEnded' ? { kind: 'stop' } : undefined));
    await truncate(join(folder, 'history.ndjson'), 50);
    await rm(join(folder, 'predictions.bin'));
    const messages = await run({ resume });
    const began = messages.find((message) => message.kind === 'began')!;
    expect(began.resumed!.notices).toEqual([
      'A part of "history.ndjson" is missing: curves have a gap before this point.',
      'A part of "predictions.bin" is missing: some epochs can\'t be looked back at.',
    ]);
    const log = await PredictionLog.open(join(folder, 'predictions.bin'));
    expect(log.epochs).toEqual([2, 3, 4].slice(began.resumed!.epoch - 1));
    for (const line of (await readFile(join(folder, 'history.ndjson'), 'utf8')).trim().split('\n')) {
      expect(JSON.parse(line)).toBeTypeOf('object');
    }
  });
});

describe('a long epoch', () => {
  const prepare = () =>
    prepareTraining(orderOf({ recipe: { ...recipe, batchSize: 1 } }), dataset, {
      workerProgram: new URL('file:///unused'),
      send: () => undefined,
      onDiskChange: () => undefined,
    });

  it('has a checkpoint as soon as the person has changed the learning rate', async () => {
    const { trainer, saver } = await prepare();
    for (const learningRate of [0.02, 0.03]) {
      trainer.baseLearningRate = learningRate;
      saver.addLearningRateChange(trainer.step, learningRate);
      saver.addSteps([]);
      await saver.flush();
      const { checkpoint } = await findNewestCheckpoint(folder);
      expect(checkpoint.trainer.position).toMatchObject({ step: 0, baseLearningRate: learningRate });
    }
    saver.close();
  });

  it('has its state copied for a checkpoint every 30 seconds', async () => {
    const { trainer, saver } = await prepare();
    const start = Math.ceil(performance.now());
    let second = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => start + second * 1000);
    const copies = vi.spyOn(trainer, 'state');
    const copied: number[] = [];
    for (second = 1; second <= 100; second += 1) {
      saver.addSteps(trainer.train(Infinity, 1));
      if (copies.mock.calls.length > copied.length) copied.push(second);
    }
    clock.mockRestore();
    await saver.flush();
    saver.close();
    // The first is counted from when the run began, some milliseconds before.
    expect(copied).toEqual([30, 60, 90]);
    expect((await findNewestCheckpoint(folder)).checkpoint.trainer.position.step).toBe(90);
  });
});

describe('training that diverges', () => {
  it('stops at once, keeps the last good weights and never writes a state that is not finite', async () => {
    const messages = await run({ recipe: { ...recipe, earlyStopping: null } }, (message) =>
      message.kind === 'epochEnded' && message.record.epoch === 2
        ? { kind: 'changeLearningRate', learningRate: 1e30 }
        : undefined,
    );
    const last = messages.at(-1)!;
    expect(last).toMatchObject({ kind: 'failed', error: { code: 'training.diverged' } });
    const { checkpoint, problems } = await findNewestCheckpoint(folder);
    expect(problems).toEqual([]);
    for (const { data } of checkpoint.trainer.tensors) expect(data.every(Number.isFinite)).toBe(true);
    const model = decodeModel(await readFile(join(folder, 'model.safetensors')), 'model');
    expect(model.results.epoch).toBeGreaterThanOrEqual(2);
    expect(messages.filter((message) => message.kind === 'kept').at(-1)).toEqual({
      kind: 'kept',
      epoch: model.results.epoch,
    });
  });
});
