// The corrections of each dataset, in a file beside the set's folder.
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { changeCorrections } from '../../src-shared/corrections.ts';
import { toErrorData, type ErrorData } from '../../src-shared/failure.ts';
import type { CorrectionChange, DatasetCorrections } from '../../src-shared/schemas/correction.ts';
import { correctionsFile } from '../files/dataDirectory.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import {
  decodeCorrections,
  encodeCorrections,
  summarizeCorrections,
  type Corrections,
} from '../files/corrections.ts';
import { checkCorrectable } from './correctedDataset.ts';
import type { DatasetStore } from './store.ts';
import type { Dataset } from './types.ts';

export interface CorrectionStoreOptions {
  dataDirectory: string;
  datasets: Pick<DatasetStore, 'load'>;
  /** Whether another process owns the data directory: then nothing is set aside. */
  isReadOnly: boolean;
  onChange: (corrections: DatasetCorrections) => void;
}

/** What was changed, and what undoes it. */
export interface ChangedCorrections {
  corrections: DatasetCorrections;
  undo: CorrectionChange[];
}

export class CorrectionStore {
  readonly #options: CorrectionStoreOptions;
  /** Why corrections of a set were set aside in this session. */
  readonly #problems = new Map<string, ErrorData>();
  /** The last work on each set, so that changes follow one another. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: CorrectionStoreOptions) {
    this.#options = options;
  }

  /** Those in force. Throws `dataset.…` errors, where there are corrections but no images, and `files.…`. */
  read(datasetId: string): Promise<DatasetCorrections> {
    return this.#inTurn(datasetId, async () => this.#describe(datasetId, await this.#load(datasetId)));
  }

  /** Those in force with the set that they are of; null where there are none. Throws as `read`. */
  inForce(datasetId: string): Promise<Corrections | null> {
    return this.#inTurn(datasetId, async () => {
      const corrections = await this.#load(datasetId);
      return corrections === null || corrections.list.length === 0 ? null : corrections;
    });
  }

  /**
   * Makes the changes, all or none. Throws `corrections.no-such-image`, `corrections.no-such-class`, `dataset.…` and
   * `files.…` errors.
   */
  change(datasetId: string, changes: readonly CorrectionChange[]): Promise<ChangedCorrections> {
    return this.#inTurn(datasetId, async () => {
      const dataset = await this.#options.datasets.load(datasetId);
      const before = (await this.#load(datasetId))?.list ?? [];
      const { labels } = dataset.train;
      const classCount = dataset.classes.length;
      const { list, undo } = changeCorrections(before, changes, { labels, classCount });
      return { corrections: await this.#save(dataset, list), undo };
    });
  }

  /** Withdraws every correction of the set. Throws as `change`. */
  clear(datasetId: string): Promise<ChangedCorrections> {
    return this.#inTurn(datasetId, async () => {
      const dataset = await this.#options.datasets.load(datasetId);
      const before = (await this.#load(datasetId))?.list ?? [];
      return { corrections: await this.#save(dataset, []), undo: before };
    });
  }

  /** Forgets the corrections of a set that is no more. Throws `files.…` errors. */
  remove(datasetId: string): Promise<void> {
    return this.#inTurn(datasetId, async () => {
      this.#problems.delete(datasetId);
      await this.#removeFile(datasetId);
    });
  }

  async #removeFile(datasetId: string): Promise<void> {
    const path = this.#path(datasetId);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw toFileError(error, path, 'remove');
    });
  }

  async #save({ id, fingerprint }: Dataset, list: Corrections['list']): Promise<DatasetCorrections> {
    const corrections: Corrections = { dataset: { id, fingerprint }, list };
    if (list.length > 0) await writeFileSafely(this.#path(id), encodeCorrections(corrections));
    else await this.#removeFile(id);
    // The person has seen what was set aside, and goes on.
    this.#problems.delete(id);
    const described = this.#describe(id, corrections);
    this.#options.onChange(described);
    return described;
  }

  #describe(datasetId: string, corrections: Corrections | null): DatasetCorrections {
    return {
      datasetId,
      list: corrections?.list ?? [],
      summary: corrections === null ? null : summarizeCorrections(corrections),
      problem: this.#problems.get(datasetId) ?? null,
    };
  }

  /** Those of the file, if they are of these images. A file that can't be used is set aside. */
  async #load(datasetId: string): Promise<Corrections | null> {
    const path = this.#path(datasetId);
    const fileName = basename(path);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      // Without a file only the set's name can be wrong.
      if (systemErrorCode(error) === 'ENOENT') return null;
      throw toFileError(error, path, 'read');
    }
    const dataset = await this.#options.datasets.load(datasetId);
    try {
      const corrections = decodeCorrections(bytes, fileName);
      checkCorrectable(dataset, corrections);
      return corrections;
    } catch (error) {
      await this.#setAside(datasetId, path, toErrorData(error));
      return null;
    }
  }

  async #setAside(datasetId: string, path: string, { code, message }: ErrorData): Promise<void> {
    if (this.#options.isReadOnly) {
      this.#problems.set(datasetId, { code, message: `${message} They are not in force.` });
      return;
    }
    const aside = basename(path).replace(/\.json$/, `.unreadable-${Date.now()}.json`);
    try {
      await rename(path, join(dirname(path), aside));
    } catch (error) {
      throw toFileError(error, path, 'write');
    }
    const remedy = `The file is kept beside it as "${aside}", and new corrections begin a new one.`;
    this.#problems.set(datasetId, { code, message: `${message} They are not in force.`, remedy });
  }

  #path(datasetId: string): string {
    return correctionsFile(this.#options.dataDirectory, datasetId);
  }

  #inTurn<T>(datasetId: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(datasetId) ?? Promise.resolve()).then(work);
    this.#last.set(
      datasetId,
      done.catch(() => undefined),
    );
    return done;
  }
}
