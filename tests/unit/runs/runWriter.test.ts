import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../../src-main/runs/runFiles.ts';
import { RunWriter } from '../../../src-main/runs/runWriter.ts';
import { exampleCheckpoint } from './exampleCheckpoint.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-run-writer-'));
  folder = join(parent, 'run');
  await mkdir(folder);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const writerOf = (onChange: () => void = () => undefined, retryAfterMs = 20): RunWriter =>
  new RunWriter({ folder, lengths: { historyBytes: 0, predictionsBytes: 0 }, onChange, retryAfterMs });

const point = (step: number) => ({ step, loss: 1 / step, accuracy: 0.5 });
const stepsOf = async (): Promise<number[]> =>
  (await readFile(join(folder, 'history.ndjson'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);

const checkpointOf = (step: number, bestStep: number) => ({
  ...exampleCheckpoint(step),
  best: { step: bestStep, validationLoss: 0.5 },
});

describe('the writer of a run', () => {
  it('keeps the newest two checkpoints and the best one', async () => {
    const writer = writerOf();
    for (const step of [0, 10, 20, 30, 40]) {
      writer.addCheckpoint(checkpointOf(step, 10));
      await writer.flush();
    }
    expect(await listCheckpoints(folder)).toEqual([40, 30, 10]);
    writer.addCheckpoint(checkpointOf(50, 50));
    await writer.flush();
    expect(await listCheckpoints(folder)).toEqual([50, 40]);
  });

  it('takes the newest of the checkpoints that wait, and the best in any case', async () => {
    const writer = writerOf();
    const done: number[] = [];
    for (const step of [0, 10, 20, 30]) writer.addCheckpoint(checkpointOf(step, 10), () => done.push(step));
    await writer.flush();
    expect(done).toEqual([0, 10, 30]);
  });

  it('removes checkpoints of a time that is trained again', async () => {
    const writer = writerOf();
    writer.addCheckpoint(checkpointOf(90, 10));
    await writer.flush();
    writer.addCheckpoint(checkpointOf(20, 10));
    await writer.flush();
    expect(await listCheckpoints(folder)).toEqual([20]);
  });

  it('loses nothing of what could not be written, repeats nothing, and says what it was', async () => {
    const changes: (string | undefined)[] = [];
    const writer = writerOf(() => changes.push(writer.failure?.code));
    writer.addHistory([point(1)]);
    await writer.flush();
    // A file where a folder was: nothing in it can be written.
    await rename(folder, join(parent, 'aside'));
    for (let step = 2; step <= 5; step += 1) writer.addHistory([point(step)]);
    writer.addCheckpoint(checkpointOf(5, 5));
    writer.addPredictions(Uint8Array.of(1, 2, 3));
    await expect(writer.flush()).rejects.toMatchObject({ code: 'files.not-found' });
    expect(writer.failure?.message).toContain('history.ndjson');
    await rename(join(parent, 'aside'), folder);
    while (changes.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(changes).toEqual(['files.not-found', undefined]);
    expect(await stepsOf()).toEqual([1, 2, 3, 4, 5]);
    expect(await listCheckpoints(folder)).toEqual([5]);
    expect([...(await readFile(join(folder, 'predictions.bin')))]).toEqual([1, 2, 3]);
    expect(writer.lengths.predictionsBytes).toBe(3);
  });

  it('tries again at once when it is told to', async () => {
    const writer = writerOf(() => undefined, 1_000_000);
    await rename(folder, join(parent, 'aside'));
    writer.addHistory([point(1)]);
    await expect(writer.flush()).rejects.toMatchObject({ code: 'files.not-found' });
    await rename(join(parent, 'aside'), folder);
    writer.retry();
    await writer.flush();
    expect(await stepsOf()).toEqual([1]);
    writer.close();
  });
});
