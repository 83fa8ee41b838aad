import { spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../../src-shared/contract.ts';
import { presets } from '../../../src-shared/presets.ts';
import { runSummarySchema, type EpochRecord, type RunState } from '../../../src-shared/schemas/run.ts';
import { encodeHistory, type HistoryEntry } from '../../../src-main/runs/historyFile.ts';
import type { NewRun } from '../../../src-main/runs/runRecord.ts';
import { RunStore } from '../../../src-main/runs/runStore.ts';
import * as v from 'valibot';

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-run-store-'));
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const newRun = (name: string, state: RunState = 'preparing'): NewRun => ({
  name,
  datasetId: 'strokes',
  recipe: presets[0]!.recipe,
  state,
  weftVersion: '0.1.0',
  classes: ['a', 'b'],
  shape: { height: 28, width: 28, channels: 1 },
});

const epochRecord = (epoch: number): EpochRecord => ({
  epoch,
  trainLoss: 1 / epoch,
  trainAccuracy: 0.5,
  validationLoss: 1,
  validationAccuracy: 0.5,
  learningRate: 0.001,
  seconds: 1,
  imagesPerSecond: 1000,
});

const recordPath = (runId: string): string => join(dataDirectory, 'runs', runId, 'run.json');

/** As the training process does. */
const writeHistory = (runId: string, entries: HistoryEntry[]): Promise<void> =>
  writeFile(join(dataDirectory, 'runs', runId, 'history.ndjson'), encodeHistory(entries));

async function rewriteRecord(runId: string, changes: Record<string, unknown>): Promise<void> {
  const record = JSON.parse(await readFile(recordPath(runId), 'utf8')) as Record<string, unknown>;
  await writeFile(recordPath(runId), JSON.stringify({ ...record, ...changes }));
}

/** Makes run.json say that a process of another id trained the run. */
const claimFor = (runId: string, processId: number): Promise<void> => rewriteRecord(runId, { processId });

describe('the run store', () => {
  it('names runs by the day and the name, each its own, as the contract wants them', async () => {
    const store = await RunStore.open(dataDirectory);
    const first = await store.create(newRun('Keras split'));
    const second = await store.create(newRun('Keras split'));
    expect(first.id).toMatch(/^\d{4}-\d\d-\d\d-keras-split-1$/);
    expect(second.id).toBe(first.id.replace(/1$/, '2'));
    expect(v.safeParse(commands['run.stop'].input, { runId: first.id }).success).toBe(true);
    expect(v.safeParse(runSummarySchema, first).success).toBe(true);
  });

  it('has every run with its epochs and batch points again after a restart', async () => {
    const store = await RunStore.open(dataDirectory);
    const { id } = await store.create(newRun('one'));
    await writeHistory(id, [
      { step: 1, loss: 2.5, accuracy: 0.25 },
      { epoch: epochRecord(1) },
      { learningRateChange: { step: 1, learningRate: 0.5 } },
    ]);
    await store.noteEpoch(id, epochRecord(1));
    const changed = await store.change(id, { state: 'finished', keptEpoch: 1, name: 'renamed' });

    const reopened = await RunStore.open(dataDirectory);
    expect(await reopened.list()).toEqual([changed]);
    expect(changed).toMatchObject({
      name: 'renamed',
      state: 'finished',
      outcome: { epochs: 1, kept: epochRecord(1) },
    });
    const history = (await reopened.history(id)).after(0, 0, 7);
    expect([...new Uint32Array(history.batchSteps.buffer)]).toEqual([1]);
    expect([...new Float32Array(history.batchLosses.buffer)]).toEqual([2.5]);
    expect(history.learningRateChanges).toEqual([{ step: 1, learningRate: 0.5 }]);
    expect(history.batchesPerEpoch).toBe(7);
  });

  it('reads runs from before there were tags and notes, and keeps those that they are given', async () => {
    const { id } = await (await RunStore.open(dataDirectory)).create(newRun('old', 'finished'));
    await rewriteRecord(id, { tags: undefined, notes: undefined });
    const store = await RunStore.open(dataDirectory);
    expect(await store.summary(id)).toMatchObject({ name: 'old', tags: [], notes: '' });
    await Promise.all([store.annotate(id, { tags: ['first'] }), store.annotate(id, { notes: 'Slow.' })]);
    const reopened = await RunStore.open(dataDirectory);
    expect(await reopened.summary(id)).toMatchObject({ tags: ['first'], notes: 'Slow.' });
    expect((await reopened.describe(id)).files.map(({ name }) => name)).toEqual(['run.json']);
  });

  it('offers to go on with runs that ended before their time and have a checkpoint, those of earlier Wefts not', async () => {
    const store = await RunStore.open(dataDirectory);
    const states = ['interrupted', 'stopped', 'failed', 'finished', 'paused'] as const;
    for (const state of states) {
      const { id } = await store.create(newRun(state, state), state);
      await rewriteRecord(id, { resumes: undefined });
      await writeFile(join(dataDirectory, 'runs', id, 'checkpoint-0.safetensors'), '');
    }
    await store.create(newRun('without a checkpoint', 'interrupted'), 'bare');
    const list = await (await RunStore.open(dataDirectory)).list();
    const resumable = list.filter(({ canResume }) => canResume).map(({ id }) => id);
    // The paused one was left so by a process that is gone.
    expect(resumable.sort()).toEqual(['failed', 'interrupted', 'paused', 'stopped']);
    expect(list.every(({ resumes }) => resumes.length === 0)).toBe(true);
    await expect(store.create(newRun('again'), 'bare')).rejects.toMatchObject({ code: 'run.exists' });
  });

  it('leaves out a last line that a kill cut short', async () => {
    const store = await RunStore.open(dataDirectory);
    const { id } = await store.create(newRun('one', 'finished'));
    await writeHistory(id, [{ epoch: epochRecord(1) }]);
    await appendFile(join(dataDirectory, 'runs', id, 'history.ndjson'), '{"epoch":{"epoch":2,"tra');
    const [run] = await (await RunStore.open(dataDirectory)).list();
    expect(run?.outcome).toMatchObject({ epochs: 1, last: epochRecord(1) });
  });

  it.each(['preparing', 'running', 'paused'] as const)(
    'marks a run that a dead Weft left %s as interrupted, on the disk too',
    async (state) => {
      const { id } = await (await RunStore.open(dataDirectory)).create(newRun('one', state));
      const child = spawn(process.execPath, ['--eval', '']);
      await new Promise((resolve) => child.once('exit', resolve));
      await claimFor(id, child.pid!);
      const [run] = await (await RunStore.open(dataDirectory)).list();
      expect(run?.state).toBe('interrupted');
      expect(await readFile(recordPath(id), 'utf8')).toContain('"interrupted"');
    },
  );

  it('marks a run as interrupted whose process id means another program by now', async () => {
    const earlier = await RunStore.open(dataDirectory);
    const ofThisId = await earlier.create(newRun('as in a container, where ids repeat', 'running'));
    const ofAnother = await earlier.create(newRun('whose id a living process has', 'running'));
    await claimFor(ofAnother.id, process.ppid);
    const reopened = await RunStore.open(dataDirectory);
    expect((await reopened.summary(ofThisId.id)).state).toBe('interrupted');
    expect((await reopened.summary(ofAnother.id)).state).toBe('interrupted');
  });

  describe('that only reads', () => {
    const openToRead = (): Promise<RunStore> => RunStore.open(dataDirectory, { isReadOnly: true });

    it('shows a run that is being trained as it is, and one that was left as interrupted, and writes nothing', async () => {
      const owner = await RunStore.open(dataDirectory);
      const trained = await owner.create(newRun('being trained', 'running'));
      const left = await owner.create(newRun('left before the machine was started', 'running'));
      await rewriteRecord(left.id, { createdAt: '2000-01-01T00:00:00.000Z' });
      const before = await readFile(recordPath(left.id), 'utf8');
      const reader = await openToRead();
      expect((await reader.summary(trained.id)).state).toBe('running');
      expect((await reader.summary(left.id)).state).toBe('interrupted');
      expect(await readFile(recordPath(left.id), 'utf8')).toBe(before);
    });

    it('sees the runs that the owner adds, changes, names anew and removes', async () => {
      const owner = await RunStore.open(dataDirectory);
      const reader = await openToRead();
      const { id } = await owner.create(newRun('one', 'running'));
      expect((await reader.list()).map((run) => run.state)).toEqual(['running']);
      await owner.change(id, { state: 'finished' });
      expect((await reader.list()).map((run) => run.state)).toEqual(['finished']);
      await owner.change(id, { name: 'another name' });
      expect((await reader.list()).map((run) => run.name)).toEqual(['another name']);
      await owner.remove(id);
      expect(await reader.list()).toEqual([]);
    });
  });

  it('removes everything of a run and then does not know it', async () => {
    const store = await RunStore.open(dataDirectory);
    const { id } = await store.create(newRun('one', 'finished'));
    await writeFile(store.modelPath(id), 'weights');
    await store.remove(id);
    expect(await readdir(join(dataDirectory, 'runs'))).toEqual([]);
    await expect(store.summary(id)).rejects.toMatchObject({ code: 'run.unknown' });
  });

  it('knows no run by a path', async () => {
    const store = await RunStore.open(dataDirectory);
    await mkdir(join(dataDirectory, 'elsewhere'));
    await expect(store.remove('../elsewhere')).rejects.toMatchObject({ code: 'run.unknown' });
    expect(await readdir(dataDirectory)).toContain('elsewhere');
  });

  it('leaves out a run whose run.json is broken and lists the others', async () => {
    const store = await RunStore.open(dataDirectory);
    const broken = await store.create(newRun('broken', 'finished'));
    const whole = await store.create(newRun('whole', 'finished'));
    await writeFile(recordPath(broken.id), '{');
    const reopened = await RunStore.open(dataDirectory);
    expect((await reopened.list()).map((run) => run.id)).toEqual([whole.id]);
  });
});
