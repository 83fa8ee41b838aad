// What must be the same of a run that was cut off and gone on with and of one that never was: everything but times.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../../src-main/runs/checkpoint.ts';
import { decodeModel } from '../../src-main/runs/modelFile.ts';
import { findNewestCheckpoint } from '../../src-main/runs/newestCheckpoint.ts';
import { runFiles } from '../../src-main/runs/runFiles.ts';
import type { EpochRecord } from '../../src-shared/schemas/run.ts';

const withoutTimes = (record: EpochRecord | null | undefined): EpochRecord | null =>
  record === null || record === undefined ? null : { ...record, seconds: 0, imagesPerSecond: 0 };

/** A checkpoint without times, and without the length of a history whose lines hold times. */
function lasting(checkpoint: Checkpoint) {
  const { meter, lastEpoch, watch, ...rest } = checkpoint;
  return {
    ...rest,
    runId: '',
    meter: { ...meter, epochMs: 0, trainingMs: 0, totalMs: 0 },
    lastEpoch: withoutTimes(lastEpoch),
    watch: watch === null ? null : { ...watch, best: withoutTimes(watch.best) },
    historyBytes: 0,
  };
}

/** A line of history.ndjson without times. */
function lastingEntry(line: string): unknown {
  const entry = JSON.parse(line) as { epoch?: EpochRecord };
  return entry.epoch === undefined ? entry : { epoch: withoutTimes(entry.epoch) };
}

/** Weights, optimizer state, random states; history; model and predictions of the run in a folder, as they are now. */
export async function readOutcome(folder: string) {
  const { checkpoint, problems } = await findNewestCheckpoint(folder);
  const lines = (await readFile(join(folder, runFiles.history), 'utf8')).split('\n');
  return {
    problems,
    checkpoint: lasting(checkpoint),
    model: decodeModel(await readFile(join(folder, runFiles.model)), runFiles.model).tensors,
    /** The last one is what follows the last line's end: nothing. */
    history: lines.slice(0, -1).map(lastingEntry),
    afterHistory: lines.at(-1),
    predictions: await readFile(join(folder, runFiles.predictions)),
  };
}
