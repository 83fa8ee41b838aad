// Every dataset: what there is, where it is, and its images. The core and the training process each have a store on
// the same data directory.
import { WeftError } from '../../src-shared/failure.ts';
import type { DatasetDetails, DatasetSummary, DownloadProgress } from '../../src-shared/schemas/dataset.ts';
import { datasetRecords, type DatasetRecord } from './catalogue.ts';
import { describeDataset } from './describe.ts';
import { FilesSource } from './filesSource.ts';
import { GeneratedSource, type DatasetSource } from './source.ts';
import type { Dataset } from './types.ts';

export interface DatasetStoreOptions {
  dataDirectory: string;
  /** Folders that may hold sets installed by the system, each in a folder named as its identifier. */
  systemFolders?: readonly string[];
  records?: readonly DatasetRecord[];
  /** A mirror that sends nothing for so long is given up. */
  idleTimeoutMs?: number;
  /** A download began or ended, or a set turned out to be damaged. */
  onChange?: (summary: DatasetSummary) => void;
  /** At most ten times a second. */
  onProgress?: (progress: DownloadProgress) => void;
}

/** Where Debian's `dataset-…` packages put their files. */
const debianFolders = process.platform === 'linux' ? ['/usr/share/datasets'] : [];
const defaultIdleTimeoutMs = 15_000;
/** Sets kept in memory: the one trained on and the one looked at. */
const setsInMemory = 2;

export class DatasetStore {
  readonly #sources: ReadonlyMap<string, DatasetSource>;
  /** The sets asked for last, the latest at the end; a set being loaded is in it already, so that it is loaded once. */
  readonly #loaded = new Map<string, Promise<Dataset>>();
  readonly #details = new WeakMap<Dataset, Promise<DatasetDetails>>();
  readonly #onChange: (summary: DatasetSummary) => void;

  constructor(options: DatasetStoreOptions) {
    const records = options.records ?? datasetRecords;
    const known = records.filter((record) => record.kind === 'files');
    this.#onChange = options.onChange ?? (() => undefined);
    const open = (record: DatasetRecord): DatasetSource =>
      record.kind === 'generated'
        ? new GeneratedSource(record)
        : new FilesSource({
            record,
            known,
            dataDirectory: options.dataDirectory,
            systemFolders: options.systemFolders ?? debianFolders,
            idleTimeoutMs: options.idleTimeoutMs ?? defaultIdleTimeoutMs,
            onChange: () => void this.#announce(record.id),
            onProgress: options.onProgress ?? (() => undefined),
          });
    this.#sources = new Map(records.map((record) => [record.id, open(record)]));
  }

  /** Every known set. Sets found on this machine for the first time are verified and taken over before it answers. */
  async list(): Promise<DatasetSummary[]> {
    return Promise.all([...this.#sources.values()].map((source) => source.summary()));
  }

  /** The set's images. Throws `dataset.unknown`, `dataset.absent`, `dataset.damaged`. */
  async load(id: string): Promise<Dataset> {
    const source = this.#find(id);
    const loading = this.#loaded.get(id) ?? source.load();
    this.#loaded.delete(id);
    this.#loaded.set(id, loading);
    for (const oldest of [...this.#loaded.keys()].slice(0, -setsInMemory)) this.#loaded.delete(oldest);
    try {
      return await loading;
    } catch (error) {
      if (this.#loaded.get(id) === loading) this.#loaded.delete(id);
      throw error;
    }
  }

  /** Counts, labels and mean images of the set. Throws as `load` does. */
  async describe(id: string): Promise<DatasetDetails> {
    const dataset = await this.load(id);
    const details = this.#details.get(dataset) ?? describeDataset(dataset);
    this.#details.set(dataset, details);
    return details;
  }

  /**
   * Answers when the set is on this machine, verified; requests for the same set share one download. Throws
   * `dataset.unknown`, `download.failed` with what each mirror said, `download.cancelled`, `files.…`.
   */
  async download(id: string): Promise<DatasetSummary> {
    const source = this.#find(id);
    await source.download();
    return source.summary();
  }

  /** Ends the set's download, if there is one; files that arrived whole are kept for the next. */
  cancelDownload(id: string): void {
    this.#find(id).cancelDownload();
  }

  #find(id: string): DatasetSource {
    const source = this.#sources.get(id);
    if (source === undefined) {
      throw new WeftError(
        'dataset.unknown',
        `There is no dataset "${id}".`,
        `Known are ${[...this.#sources.keys()].join(', ')}.`,
      );
    }
    return source;
  }

  async #announce(id: string): Promise<void> {
    this.#onChange(await this.#find(id).summary());
  }
}
