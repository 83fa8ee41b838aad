// Every run as a folder: run.json, history.ndjson, predictions.bin and the weights it kept, model.safetensors.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
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
import { isProcessAlive } from '../files/processAlive.ts';
import { sweepTemporaries, writeFileSafely } from '../files/safeWrite.ts';
import {
  appendHistory,
  readEpochs,
  readHistory,
  type HistoryEntry,
  type TrainingHistory,
} from './historyFile.ts';
import { toIdentifier } from './identifier.ts';
import { changeModelFile } from './modelFile.ts';
import { runRecordSchema, toSummary, type RunRecord } from './runRecord.ts';
import { countLook, type TestLook } from './testLooks.ts';

interface StoredRun {
  record: RunRecord;
  epochs: EpochRecord[];
}

/** What training finds out when it begins and as it goes. */
const unknownYet = {
  parameters: 0,
  threads: 0,
  kernels: '',
  keptEpoch: null,
  test: null,
  temperature: null,
  failure: null,
  tags: [],
  notes: '',
  datasetFingerprint: '',
  batchesPerEpoch: 0,
  validationImages: 0,
  epochsPerPrediction: 1,
};

type RunChanges = Partial<Omit<RunRecord, 'id'>>;

export type NewRun = Omit<RunRecord, 'id' | 'createdAt' | 'processId' | keyof typeof unknownYet>;

/** Whether another Weft, such as the command line, is training it now. Process ids begin anew when the machine does. */
function isTrainedElsewhere(record: RunRecord): boolean {
  if (!isActiveState(record.state) || record.processId === process.pid) return false;
  const startedMs = Date.now() - uptime() * 1000;
  return Date.parse(record.createdAt) >= startedMs && isProcessAlive(record.processId);
}

/** The runs of a data directory. One process writes a run; others that share the directory read it. */
export class RunStore {
  readonly #dataDirectory: string;
  readonly #runs = new Map<string, StoredRun>();
  /** Runs that this process created and so is the one to write. */
  readonly #own = new Set<string>();
  /** Runs that were already said to be left out. */
  readonly #unreadable = new Set<string>();
  /** The last write of each run.json, so that writes follow one another. */
  readonly #writes = new Map<string, Promise<void>>();

  private constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
  }

  /** Reads every run. Those that a Weft left under way when it ended become `interrupted`. */
  static async open(dataDirectory: string): Promise<RunStore> {
    const store = new RunStore(dataDirectory);
    await store.#scan();
    return store;
  }

  /** Newest first. */
  async list(): Promise<RunSummary[]> {
    await this.#scan();
    return [...this.#runs.values()]
      .map(({ record, epochs }) => toSummary(record, epochs))
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
  }

  /** Throws `run.unknown`. */
  async record(runId: string): Promise<RunRecord> {
    return (await this.#find(runId)).record;
  }

  /** Throws `run.unknown`. */
  async summary(runId: string): Promise<RunSummary> {
    const { record, epochs } = await this.#find(runId);
    return toSummary(record, epochs);
  }

  /** Makes the run's folder, under an identifier made of the day and the name. */
  async create(details: NewRun): Promise<RunSummary> {
    const createdAt = new Date().toISOString();
    const base = `${createdAt.slice(0, 10)}-${toIdentifier(details.name, 'run')}`;
    const id = await this.#reserveFolder(base);
    const record: RunRecord = { ...unknownYet, ...details, id, createdAt, processId: process.pid };
    this.#own.add(id);
    this.#runs.set(id, { record, epochs: [] });
    await this.#write(id);
    return toSummary(record, []);
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
    const folder = runFolder(this.#dataDirectory, runId);
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

  /** Writes what happened in training. */
  async append(runId: string, entries: readonly HistoryEntry[]): Promise<void> {
    const run = await this.#find(runId);
    for (const entry of entries) if ('epoch' in entry) run.epochs.push(entry.epoch);
    await appendHistory(this.#historyPath(runId), entries);
  }

  /** Throws `run.unknown`. */
  async history(runId: string): Promise<TrainingHistory> {
    await this.#find(runId);
    return readHistory(this.#historyPath(runId));
  }

  /** Removes everything of a run. Throws `run.unknown`, and `run.elsewhere` while another Weft is training it. */
  async remove(runId: string): Promise<void> {
    const { record } = await this.#find(runId);
    if (isTrainedElsewhere(record)) {
      throw new WeftError(
        'run.elsewhere',
        `Run "${record.name}" is being trained by another Weft on this machine.`,
        'Stop it there first.',
      );
    }
    await this.#writes.get(runId);
    const folder = runFolder(this.#dataDirectory, runId);
    try {
      // Without run.json it is no run any more, whatever happens to the rest.
      await rm(join(folder, 'run.json'), { force: true });
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw toFileError(error, folder, 'remove');
    }
    this.#forget(runId);
  }

  /** Where the weights that the run keeps are written. */
  modelPath(runId: string): string {
    return join(runFolder(this.#dataDirectory, runId), 'model.safetensors');
  }

  /** Where the predictions of the validation images are logged. */
  predictionsPath(runId: string): string {
    return join(runFolder(this.#dataDirectory, runId), 'predictions.bin');
  }

  #historyPath(runId: string): string {
    return join(runFolder(this.#dataDirectory, runId), 'history.ndjson');
  }

  #recordPath(runId: string): string {
    return join(runFolder(this.#dataDirectory, runId), 'run.json');
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
    return toSummary(run.record, run.epochs);
  }

  async #reserveFolder(base: string): Promise<string> {
    const folder = runsFolder(this.#dataDirectory);
    try {
      await mkdir(folder, { recursive: true });
      for (let number = 1; ; number += 1) {
        const id = `${base}-${number}`;
        try {
          await mkdir(join(folder, id));
          return id;
        } catch (error) {
          if (systemErrorCode(error) !== 'EEXIST') throw error;
        }
      }
    } catch (error) {
      throw toFileError(error, folder, 'write');
    }
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

  /** Brings what is in memory up to what is on disk: other Wefts may share the directory. */
  async #scan(): Promise<void> {
    const names = await readdir(runsFolder(this.#dataDirectory)).catch(() => []);
    const present = new Set(names.filter((name) => idPattern.test(name)));
    for (const id of this.#runs.keys()) if (!present.has(id) && !this.#own.has(id)) this.#forget(id);
    for (const id of present) {
      const known = this.#runs.get(id);
      if (known === undefined || (isActiveState(known.record.state) && !this.#own.has(id)))
        await this.#load(id);
    }
  }

  async #load(runId: string): Promise<void> {
    let record: RunRecord;
    try {
      record = v.parse(runRecordSchema, JSON.parse(await readFile(this.#recordPath(runId), 'utf8')));
    } catch (error) {
      // A folder without run.json is being made or removed.
      if (systemErrorCode(error) !== 'ENOENT' && !this.#unreadable.has(runId)) {
        console.warn(`Run "${runId}" is left out: its run.json can't be read.`);
        this.#unreadable.add(runId);
      }
      return;
    }
    const epochs = await readEpochs(this.#historyPath(runId));
    if (this.#own.has(runId)) return;
    this.#runs.set(runId, { record: { ...record, id: runId }, epochs });
    if (!isActiveState(record.state) || isTrainedElsewhere(record)) return;
    await sweepTemporaries(runFolder(this.#dataDirectory, runId));
    await this.change(runId, { state: 'interrupted' });
  }
}
