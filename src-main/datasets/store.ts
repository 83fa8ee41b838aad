// Every dataset: what there is, where it is, and its images. The core and the training process each have a store on
// the same data directory.
import { WeftError } from '../../src-shared/failure.ts';
import type {
  DatasetCheck,
  DatasetDetails,
  DatasetInfo,
  DatasetSummary,
  DownloadProgress,
} from '../../src-shared/schemas/dataset.ts';
import type { Owner } from '../../src-shared/schemas/directory.ts';
import { datasetRecords, type DatasetRecord } from './catalogue.ts';
import { describeDataset } from './describe.ts';
import { environmentFetch, type Fetch } from './fetch.ts';
import { FilesSource } from './filesSource.ts';
import { findImported, findImportedIds, type ImportedRecord } from './importedRecord.ts';
import { ImportedSource } from './importedSource.ts';
import { GeneratedSource, type DatasetSource } from './source.ts';
import type { Dataset } from './types.ts';
import { verifyFiles } from './verifyFiles.ts';

export interface DatasetStoreOptions {
  dataDirectory: string;
  /** Folders that may hold sets installed by the system, each in a folder named as its identifier. */
  systemFolders?: readonly string[];
  records?: readonly DatasetRecord[];
  /** A mirror that sends nothing for so long is given up. */
  idleTimeoutMs?: number;
  /** Fetches over the network as this host does; without it as Node does, through the proxies of the environment. */
  fetch?: Fetch;
  /** Who downloads, for others that want to as well. */
  host?: Owner['host'];
  /** Bytes free on the disk of a folder, for tests; else the system is asked. */
  freeBytesOn?: (folder: string) => Promise<number>;
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
  readonly #dataDirectory: string;
  /** Those of the catalogue; what a person brought is looked for each time. */
  readonly #sources: ReadonlyMap<string, DatasetSource>;
  /**
   * The sets asked for last, by id and version, the latest at the end; a set being loaded is in it already, so that it
   * is loaded once.
   */
  readonly #loaded = new Map<string, Promise<Dataset>>();
  readonly #details = new WeakMap<Dataset, Promise<DatasetDetails>>();
  readonly #onChange: (summary: DatasetSummary) => void;

  constructor(options: DatasetStoreOptions) {
    this.#dataDirectory = options.dataDirectory;
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
            fetch: options.fetch ?? environmentFetch,
            host: options.host ?? 'cli',
            ...(options.freeBytesOn === undefined ? {} : { freeBytesOn: options.freeBytesOn }),
            onChange: () => void this.#announce(record.id),
            onProgress: options.onProgress ?? (() => undefined),
          });
    this.#sources = new Map(records.map((record) => [record.id, open(record)]));
  }

  /** Every known set. Sets found on this machine for the first time are verified and taken over before it answers. */
  async list(): Promise<DatasetSummary[]> {
    const imported = await Promise.all(
      (await findImportedIds(this.#dataDirectory)).map((id) => this.#findImported(id)),
    );
    const sources = [...this.#sources.values(), ...imported.filter((source) => source !== undefined)];
    return Promise.all(sources.map((source) => source.summary()));
  }

  /** The set's images. Throws `dataset.unknown`, `dataset.absent`, `dataset.damaged`. */
  async load(id: string): Promise<Dataset> {
    const source = await this.#find(id);
    const key = `${id} ${source.version}`;
    const loading = this.#loaded.get(key) ?? source.load();
    this.#loaded.delete(key);
    this.#loaded.set(key, loading);
    for (const oldest of [...this.#loaded.keys()].slice(0, -setsInMemory)) this.#loaded.delete(oldest);
    try {
      return await loading;
    } catch (error) {
      if (this.#loaded.get(key) === loading) this.#loaded.delete(key);
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
    const source = await this.#find(id);
    await source.download();
    return source.summary();
  }

  /** Ends the set's download, if there is one; what has arrived is kept for the next. */
  async cancelDownload(id: string): Promise<void> {
    (await this.#find(id)).cancelDownload();
  }

  /** The set as the list says it. Throws `dataset.unknown`. */
  async summary(id: string): Promise<DatasetSummary> {
    return (await this.#find(id)).summary();
  }

  /** What the set consists of, and where it is. Throws `dataset.unknown`. */
  async info(id: string): Promise<DatasetInfo> {
    const source = await this.#find(id);
    const summary = await source.summary();
    const { folder, files, createdAt } = source.files();
    return { ...summary, folder: summary.state === 'ready' ? folder : null, files, createdAt };
  }

  /**
   * Hashes the set's files again, wherever they are. Throws `dataset.unknown` and, for one that was never here,
   * `dataset.absent`.
   */
  async verify(
    id: string,
    onProgress: (doneBytes: number, totalBytes: number) => void,
  ): Promise<DatasetCheck> {
    const source = await this.#find(id);
    const { folder, files } = source.files();
    const { name, kind, state } = await source.summary();
    if (kind === 'catalogue' && (state === 'absent' || state === 'downloading')) {
      throw new WeftError('dataset.absent', `${name} is not on this machine.`, 'Download it first.');
    }
    return { datasetId: id, files: folder === null ? [] : await verifyFiles(folder, files, onProgress) };
  }

  /** The ids that no imported set can have. */
  get catalogueIds(): ReadonlySet<string> {
    return new Set(this.#sources.keys());
  }

  /** The id's record of an imported set. Throws `dataset.unknown` and `dataset.not-imported`. */
  async importedRecord(id: string): Promise<ImportedRecord> {
    const { name } = await this.summary(id);
    const record = this.#sources.has(id) ? undefined : await findImported(this.#dataDirectory, id);
    if (record !== undefined) return record;
    throw new WeftError(
      'dataset.not-imported',
      `${name} is of Weft's own catalogue and stays as it is.`,
      'Only imported sets can be renamed or removed.',
    );
  }

  async #findImported(id: string): Promise<DatasetSource | undefined> {
    if (this.#sources.has(id)) return undefined;
    const record = await findImported(this.#dataDirectory, id);
    return record === undefined ? undefined : new ImportedSource(this.#dataDirectory, id, record);
  }

  async #find(id: string): Promise<DatasetSource> {
    const source = this.#sources.get(id) ?? (await this.#findImported(id));
    if (source !== undefined) return source;
    const known = (await this.list()).map((summary) => summary.id);
    throw new WeftError('dataset.unknown', `There is no dataset "${id}".`, `Known are ${known.join(', ')}.`);
  }

  async #announce(id: string): Promise<void> {
    this.#onChange(await this.summary(id));
  }
}
