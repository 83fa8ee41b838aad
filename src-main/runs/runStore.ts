// Every run as a folder. Here run.json is written; the rest is written by the training process.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { WeftError } from '../../src-shared/failure.ts';
import { changeAnnotation, type AnnotationChanges } from '../../src-shared/schemas/annotation.ts';
import { idPattern } from '../../src-shared/schemas/identifier.ts';
import type { Provenance } from '../../src-shared/schemas/provenance.ts';
import { isActiveState, type EpochRecord, type RunSummary } from '../../src-shared/schemas/run.ts';
import { runFolder, runsFolder } from '../files/dataDirectory.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { listFiles } from '../files/folderContents.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { encodeCorrections, summarizeCorrections, type Corrections } from '../files/corrections.ts';
import { readEpochs, readHistory, readHistoryBytes, type TrainingHistory } from './historyFile.ts';
import { toIdentifier } from './identifier.ts';
import { changeModelFile } from './modelFile.ts';
import { listCheckpoints, runFiles } from './runFiles.ts';
import { reserveFolder } from './reserveFolder.ts';
import { runRecordSchema, toSummary, unknownYet, type NewRun, type RunRecord } from './runRecord.ts';
import { countLook, type TestLook } from './testLooks.ts';
import { isTrainedElsewhere } from './trainedElsewhere.ts';

interface StoredRun {
  record: RunRecord;
  epochs: EpochRecord[];
  hasCheckpoint: boolean;
  /** When its run.json was written, as far as it was read from there. */
  modifiedMs: number;
}

const summaryOf = ({ record, epochs, hasCheckpoint }: StoredRun): RunSummary =>
  toSummary(record, epochs, hasCheckpoint);

type RunChanges = Partial<Omit<RunRecord, 'id'>>;

/** When a file was changed; 0 for one that isn't there. */
async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** The runs of a data directory. The process that owns the directory writes them; others only read. */
export class RunStore {
  readonly #dataDirectory: string;
  readonly #isReadOnly: boolean;
  readonly #runs = new Map<string, StoredRun>();
  /** Runs that this process created and so is the one to write. */
  readonly #own = new Set<string>();
  /** Runs that were already said to be left out. */
  readonly #unreadable = new Set<string>();
  /** The last write of each run.json, so that writes follow one another. */
  readonly #writes = new Map<string, Promise<void>>();

  private constructor(dataDirectory: string, isReadOnly: boolean) {
    this.#dataDirectory = dataDirectory;
    this.#isReadOnly = isReadOnly;
  }

  /**
   * Reads every run. Those that a Weft left under way when it ended become `interrupted`; on the disk too, unless the
   * data directory is only read.
   */
  static async open(dataDirectory: string, { isReadOnly = false } = {}): Promise<RunStore> {
    const store = new RunStore(dataDirectory, isReadOnly);
    await store.#scan();
    return store;
  }

  /** Newest first. */
  async list(): Promise<RunSummary[]> {
    await this.#scan();
    return [...this.#runs.values()]
      .map(summaryOf)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
  }

  /** Throws `run.unknown`. */
  async record(runId: string): Promise<RunRecord> {
    return (await this.#find(runId)).record;
  }

  /** Throws `run.unknown`. */
  async summary(runId: string): Promise<RunSummary> {
    return summaryOf(await this.#find(runId));
  }

  /**
   * Makes the run's folder, under the identifier given or one made of the day and the name, with the corrections that it is
   * to be trained with. Throws `run.exists` and `files.…` errors.
   */
  async create(details: NewRun, runId?: string, corrections?: Corrections | null): Promise<RunSummary> {
    const createdAt = new Date().toISOString();
    const base = `${createdAt.slice(0, 10)}-${toIdentifier(details.name, 'run')}`;
    const id = await reserveFolder(runsFolder(this.#dataDirectory), base, runId);
    const given = corrections ?? null;
    if (given !== null)
      await writeFileSafely(join(this.folder(id), runFiles.corrections), encodeCorrections(given));
    const summary = given === null ? null : summarizeCorrections(given);
    const record: RunRecord = {
      ...{ ...unknownYet, ...details, corrections: summary },
      ...{ id, createdAt, processId: process.pid },
    };
    this.#own.add(id);
    const run = { record, epochs: [], hasCheckpoint: false, modifiedMs: 0 };
    this.#runs.set(id, run);
    await this.#write(id);
    return summaryOf(run);
  }

  /** Throws `run.unknown`. */
  change(runId: string, changes: RunChanges): Promise<RunSummary> {
    return this.#update(runId, () => changes);
  }

  /** Changes its tags, its notes or both. Throws `run.unknown`. */
  annotate(runId: string, changes: AnnotationChanges): Promise<RunSummary> {
    return this.#update(runId, (record) => changeAnnotation(record, changes));
  }

  /** Where the run comes from and where it lies. Throws `run.unknown`. */
  async describe(runId: string): Promise<Provenance> {
    const { datasetFingerprint, weftVersion } = await this.record(runId);
    const folder = this.folder(runId);
    return { folder, files: await listFiles(folder), datasetFingerprint, weftVersion };
  }

  /** Keeps what a look at the test set found, and counts it. Throws `run.unknown`. */
  async recordTest(runId: string, look: TestLook): Promise<RunSummary> {
    return this.#update(runId, ({ test }) => ({ test: countLook(test, look) }));
  }

  /**
   * Gives the weights that an ended run keeps a temperature; null takes it away. Throws `run.unknown`, `files.…` and the
   * errors of `decodeModel`.
   */
  async setTemperature(runId: string, temperature: number | null): Promise<RunSummary> {
    const path = this.modelPath(runId);
    const { name } = await this.record(runId);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw toFileError(error, path, 'read');
    });
    await writeFileSafely(path, changeModelFile(bytes, { temperature }, name));
    return this.#update(runId, () => ({ temperature }));
  }

  /** Makes this process the one that trains the run. Throws `run.unknown`. */
  async takeOn(runId: string): Promise<RunSummary> {
    await this.#find(runId);
    this.#own.add(runId);
    return this.change(runId, { processId: process.pid });
  }

  /** An epoch that has ended; the training process writes it. */
  async noteEpoch(runId: string, epoch: EpochRecord): Promise<void> {
    (await this.#find(runId)).epochs.push(epoch);
  }

  /** Goes back to the epochs that a run is gone on from with. */
  async resetEpochs(runId: string, epochs: readonly EpochRecord[]): Promise<void> {
    (await this.#find(runId)).epochs = [...epochs];
  }

  /** The training process has written a checkpoint. */
  async noteCheckpoint(runId: string): Promise<void> {
    (await this.#find(runId)).hasCheckpoint = true;
  }

  /** The bytes of history.ndjson. Throws `run.unknown` and `files.…` errors. */
  async historyBytes(runId: string): Promise<Uint8Array> {
    await this.#find(runId);
    return readHistoryBytes(this.#historyPath(runId));
  }

  /** Throws `run.unknown`. */
  async history(runId: string): Promise<TrainingHistory> {
    await this.#find(runId);
    return readHistory(this.#historyPath(runId));
  }

  /** Removes everything of a run. Throws `run.unknown`. */
  async remove(runId: string): Promise<void> {
    await this.#find(runId);
    await this.#writes.get(runId);
    const folder = this.folder(runId);
    try {
      // Without run.json it is no run any more, whatever happens to the rest.
      await rm(join(folder, runFiles.record), { force: true });
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw toFileError(error, folder, 'remove');
    }
    this.#forget(runId);
  }

  /** Where the weights that the run keeps are written. */
  modelPath(runId: string): string {
    return join(this.folder(runId), runFiles.model);
  }

  /** Where the predictions of the validation images are logged. */
  predictionsPath(runId: string): string {
    return join(this.folder(runId), runFiles.predictions);
  }

  /** Where everything of the run lies. */
  folder(runId: string): string {
    return runFolder(this.#dataDirectory, runId);
  }

  #historyPath(runId: string): string {
    return join(this.folder(runId), runFiles.history);
  }

  #recordPath(runId: string): string {
    return join(this.folder(runId), runFiles.record);
  }

  async #find(runId: string): Promise<StoredRun> {
    if (!this.#runs.has(runId)) await this.#scan();
    const run = this.#runs.get(runId);
    if (run === undefined) {
      throw new WeftError('run.unknown', `There is no run "${runId}".`, 'It may have been deleted.');
    }
    return run;
  }

  async #update(runId: string, changesOf: (record: RunRecord) => RunChanges): Promise<RunSummary> {
    const run = await this.#find(runId);
    run.record = { ...run.record, ...changesOf(run.record) };
    await this.#write(runId);
    return summaryOf(run);
  }

  #write(runId: string): Promise<void> {
    const write = (this.#writes.get(runId) ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        const run = this.#runs.get(runId);
        if (run === undefined) return;
        await writeFileSafely(this.#recordPath(runId), `${JSON.stringify(run.record, null, 2)}\n`);
      });
    this.#writes.set(runId, write);
    return write;
  }

  #forget(runId: string): void {
    this.#runs.delete(runId);
    this.#own.delete(runId);
    this.#writes.delete(runId);
  }

  /** Brings what is in memory up to what is on disk: the owner of a directory that is only read goes on writing. */
  async #scan(): Promise<void> {
    const names = await readdir(runsFolder(this.#dataDirectory)).catch(() => []);
    const present = new Set(names.filter((name) => idPattern.test(name)));
    for (const id of this.#runs.keys()) if (!present.has(id) && !this.#own.has(id)) this.#forget(id);
    for (const id of present) if (await this.#isStale(id)) await this.#load(id);
  }

  async #isStale(runId: string): Promise<boolean> {
    const known = this.#runs.get(runId);
    if (known === undefined) return true;
    if (this.#own.has(runId)) return false;
    if (isActiveState(known.record.state)) return true;
    return this.#isReadOnly && (await modifiedMs(this.#recordPath(runId))) !== known.modifiedMs;
  }

  async #load(runId: string): Promise<void> {
    const path = this.#recordPath(runId);
    const modified = await modifiedMs(path);
    let record: RunRecord;
    try {
      record = { ...v.parse(runRecordSchema, JSON.parse(await readFile(path, 'utf8'))), id: runId };
    } catch (error) {
      // A folder without run.json is being made or removed.
      if (systemErrorCode(error) !== 'ENOENT' && !this.#unreadable.has(runId)) {
        console.warn(`Run "${runId}" is left out: its run.json can't be read.`);
        this.#unreadable.add(runId);
      }
      return;
    }
    const epochs = await readEpochs(this.#historyPath(runId));
    const hasCheckpoint = (await listCheckpoints(this.folder(runId))).length > 0;
    if (this.#own.has(runId)) return;
    // Nobody but the owner of the directory trains, and it knows the runs that it trains.
    const wasLeft = isActiveState(record.state) && !(this.#isReadOnly && isTrainedElsewhere(record));
    if (wasLeft && this.#isReadOnly) record = { ...record, state: 'interrupted' };
    this.#runs.set(runId, { record, epochs, hasCheckpoint, modifiedMs: modified });
    if (wasLeft && !this.#isReadOnly) await this.change(runId, { state: 'interrupted' });
  }
}
