// history.ndjson: one line an entry, appended as training goes on. A kill can cut the last line; it is then left out.
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { bytesOf } from '../../src-shared/schemas/bytes.ts';
import { epochRecordSchema, type EpochRecord, type RunHistory } from '../../src-shared/schemas/run.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { BatchPoints } from './batchPoints.ts';

const entrySchema = v.union([
  v.strictObject({ step: v.number(), loss: v.number(), accuracy: v.number() }),
  v.strictObject({ epoch: epochRecordSchema }),
  v.strictObject({ learningRateChange: v.strictObject({ step: v.number(), learningRate: v.number() }) }),
]);
export type HistoryEntry = v.InferOutput<typeof entrySchema>;

/** Batch points that a run writes to disk; the rest of a longer run is left out evenly. */
const pointsOnDisk = 20_000;

/** Every how many steps a run of `totalSteps` writes a batch point. */
export const stepsPerStoredPoint = (totalSteps: number): number =>
  Math.max(1, Math.ceil(totalSteps / pointsOnDisk));

/** Everything that happened in a run, in memory: complete for a run under way, thinned for one read back. */
export class TrainingHistory {
  readonly points = new BatchPoints();
  readonly epochs: EpochRecord[] = [];
  readonly learningRateChanges: RunHistory['learningRateChanges'] = [];

  add(entry: HistoryEntry): void {
    if ('epoch' in entry) this.epochs.push(entry.epoch);
    else if ('learningRateChange' in entry) this.learningRateChanges.push(entry.learningRateChange);
    else this.points.add(entry);
  }

  /** What came after a step and an epoch. */
  after(step: number, epoch: number, batchesPerEpoch: number): RunHistory {
    const { steps, losses, accuracies } = this.points.after(step);
    return {
      batchSteps: bytesOf(steps),
      batchLosses: bytesOf(losses),
      batchAccuracies: bytesOf(accuracies),
      epochs: this.epochs.filter((record) => record.epoch > epoch),
      batchesPerEpoch,
      learningRateChanges: [...this.learningRateChanges],
    };
  }
}

/** Entries as the lines of the file. */
export const encodeHistory = (entries: readonly HistoryEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const linesOf = (bytes: Uint8Array): string[] => new TextDecoder().decode(bytes).split('\n');

/** How `JSON.stringify` begins an entry that is an epoch. */
const epochLineStart = '{"epoch":';

function parseEntry(line: string): HistoryEntry | undefined {
  try {
    const parsed = v.safeParse(entrySchema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The history in the bytes of a file. */
export function decodeHistory(bytes: Uint8Array): TrainingHistory {
  const history = new TrainingHistory();
  for (const line of linesOf(bytes)) {
    const entry = line === '' ? undefined : parseEntry(line);
    if (entry !== undefined) history.add(entry);
  }
  return history;
}

/** The bytes of a history; a run that ended before its first entry has none. Throws `files.…` errors. */
export async function readHistoryBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return new Uint8Array();
    throw toFileError(error, path, 'read');
  }
}

/** The history of a file. Throws `files.…` errors. */
export const readHistory = async (path: string): Promise<TrainingHistory> =>
  decodeHistory(await readHistoryBytes(path));

/** The epochs alone: batch points, of which there are many more, are not even parsed. Throws `files.…` errors. */
export async function readEpochs(path: string): Promise<EpochRecord[]> {
  return linesOf(await readHistoryBytes(path)).flatMap((line) => {
    const entry = line.startsWith(epochLineStart) ? parseEntry(line) : undefined;
    return entry !== undefined && 'epoch' in entry ? [entry.epoch] : [];
  });
}
