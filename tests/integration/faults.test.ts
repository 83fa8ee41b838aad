// Faults worked on real training processes. `tests/faults` works many more of them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findNewestCheckpoint } from '../../src-main/runs/newestCheckpoint.ts';
import { Random } from '../../src-shared/random.ts';
import {
  childrenOf,
  faultRecipe,
  openFaultyTraining,
  type FaultyTraining,
} from '../faults/faultyTraining.ts';
import { fillDisk } from '../faults/fillDisk.ts';
import { readOutcome } from '../faults/outcome.ts';

const datasetId = 'strokes';
const kills = 4;
/** Longer than the second or so that the run takes: a kill can come at any moment of it. */
const longestDelayMs = 900;

let root: string;
let whole: Awaited<ReturnType<typeof readOutcome>>;
let training: FaultyTraining;

const folderOf = (directory: string, runId: string): string => join(directory, 'runs', runId);

async function trainUndisturbed(directory: string): Promise<string> {
  const undisturbed = await openFaultyTraining(directory);
  const { id } = await undisturbed.page.call('run.start', { recipe: faultRecipe, datasetId, paused: true });
  const ended = undisturbed.whenEnded(id);
  await undisturbed.page.call('run.resume', { runId: id });
  expect((await ended).state).toBe('finished');
  await undisturbed.app.close();
  return folderOf(directory, id);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'weft-faults-'));
  whole = await readOutcome(await trainUndisturbed(join(root, 'whole')));
  expect(whole.history.length).toBeGreaterThan(4);
});
afterAll(() => rm(root, { recursive: true, force: true }));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(root, 'data-'));
  training = await openFaultyTraining(directory);
});
afterEach(() => training.app.close());

describe('a training process that is killed', () => {
  it('loses nothing: gone on with after each kill, the run ends with the same bits and the same history', async () => {
    const { page } = training;
    const random = Random.fromSeed(Date.now(), 'moments');
    let { id: runId } = await page.call('run.start', { recipe: faultRecipe, datasetId });
    const moments: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const ended = training.whenEnded(runId);
      const moment = random.below(longestDelayMs);
      moments.push(moment);
      await Promise.race([delay(moment), ended]);
      training.killTraining();
      const run = await ended;
      if (run.state === 'finished') break;
      expect(run, `killed after ${moments.join(', ')} ms`).toMatchObject({
        state: 'failed',
        failure: { code: 'training.process-ended' },
        canResume: true,
      });
      ({ id: runId } = await page.call('run.resume', { runId }));
    }
    const last = await page.call('run.current', {});
    if (last !== null) await training.whenEnded(runId);
    const [run] = await page.call('run.list', {});
    expect(run).toMatchObject({ id: runId, state: 'finished', failure: null, canResume: false });
    expect(await readOutcome(folderOf(directory, runId)), `killed after ${moments.join(', ')} ms`).toEqual(
      whole,
    );
    const history = await page.call('run.history', { runId, afterStep: 0, afterEpoch: 0 });
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });

  it('is gone on with by the next Weft when the core was killed with it', async () => {
    const { page } = training;
    const { id: runId } = await page.call('run.start', { recipe: faultRecipe, datasetId });
    await training.whenProgress(({ step }) => step > 700);
    await training.app.close();
    training = await openFaultyTraining(directory);
    const [run] = await training.page.call('run.list', {});
    expect(run).toMatchObject({ id: runId, state: 'interrupted', canResume: true });
    const { resumes } = await training.page.call('run.resume', { runId });
    expect(resumes).toHaveLength(1);
    expect(resumes[0]!.step).toBeGreaterThan(0);
    await training.whenEnded(runId);
    expect(await readOutcome(folderOf(directory, runId))).toEqual(whole);
  });
});

describe('a training process that stands still', () => {
  it.skipIf(process.platform !== 'linux')(
    'is said not to respond, and goes on when it answers again, with the same result (needs /proc)',
    async () => {
      const { page } = training;
      const { id: runId } = await page.call('run.start', { recipe: faultRecipe, datasetId });
      const [child] = childrenOf(process.pid).slice(-1);
      const silent = training.whenProgress(({ trouble }) => trouble !== null);
      process.kill(child!, 'SIGSTOP');
      expect((await silent).trouble).toMatchObject({ code: 'training.not-responding' });
      expect((await page.call('run.current', {}))?.trouble).toMatchObject({
        code: 'training.not-responding',
      });
      const answering = training.whenProgress(({ trouble }) => trouble === null);
      const ended = training.whenEnded(runId);
      process.kill(child!, 'SIGCONT');
      await answering;
      expect((await ended).state).toBe('finished');
      expect(await readOutcome(folderOf(directory, runId))).toEqual(whole);
    },
  );
});

describe('training that diverges', () => {
  it('stops within a batch, says why, and keeps its last good state', async () => {
    const { page } = training;
    const recipe = {
      ...faultRecipe,
      // Nothing bounds what linear layers pass on.
      layers: [16, 16].map((units) => ({ type: 'dense', units, activation: 'linear' })),
      optimizer: { type: 'gradient-descent', learningRate: 0.05 },
    };
    const { id: runId } = await page.call('run.start', { recipe, datasetId, paused: true });
    const ended = training.whenEnded(runId);
    await page.call('run.step', { runId });
    await page.call('run.changeLearningRate', { runId, learningRate: 1000 });
    await page.call('run.resume', { runId });
    const run = await ended;
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'training.diverged' }, canResume: true });
    expect(run.failure!.remedy).toContain('smaller learning rate');
    const { epochs } = await page.call('run.history', { runId, afterStep: 0, afterEpoch: 0 });
    expect(epochs).toEqual([]);
    const { checkpoint } = await findNewestCheckpoint(folderOf(directory, runId));
    for (const { data } of checkpoint.trainer.tensors) expect(data.every(Number.isFinite)).toBe(true);

    // With a smaller rate it goes on from there and learns.
    const finished = training.whenEnded(runId);
    await page.call('run.resume', { runId, learningRate: 0.05 });
    const resumed = await finished;
    expect(resumed).toMatchObject({ state: 'finished', failure: null });
    expect(resumed.outcome.last!.validationAccuracy).toBeGreaterThan(0.6);
  });
});

/** A disk of 2 MiB in memory; undefined where this is not allowed. */
function mountSmallDisk(path: string): boolean {
  try {
    mkdirSync(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  it('makes training wait and say so; what is there stays whole, and it goes on by itself with the same result', async (context) => {
    const disk = join(root, 'disk');
    if (!mountSmallDisk(disk)) {
      context.skip('needs the right to mount a file system');
      return;
    }
    const small = await openFaultyTraining(disk);
    try {
      const { page } = small;
      const { id: runId } = await page.call('run.start', { recipe: faultRecipe, datasetId, paused: true });
      await page.call('run.step', { runId });
      const filler = join(disk, 'filler');
      const full = small.whenProgress(({ trouble }) => trouble !== null);
      await fillDisk(filler);
      await page.call('run.resume', { runId });
      const held = await full;
      expect(held).toMatchObject({ state: 'paused', trouble: { code: 'files.disk-full' } });
      expect(held.trouble!.message).toContain('the disk is full');
      const { checkpoint, problems } = await findNewestCheckpoint(folderOf(disk, runId));
      expect([checkpoint.runId, problems]).toEqual([runId, []]);
      rmSync(filler);
      const ended = small.whenEnded(runId);
      expect((await ended).state).toBe('finished');
      expect(await readOutcome(folderOf(disk, runId))).toEqual(whole);
    } finally {
      await small.app.close();
      execFileSync('umount', [disk]);
    }
  });
});
