// A set that lies in IDX files: found in the data directory, taken over from a folder of the system, or downloaded.
import { join } from 'node:path';
import { toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import type { DatasetSummary, DownloadProgress } from '../../src-shared/schemas/dataset.ts';
import { datasetFolder } from '../files/dataDirectory.ts';
import { gunzip, isGzip } from '../formats/gunzip.ts';
import type { FilesRecord, SetFiles } from './catalogue.ts';
import { fetchFromMirrors } from './download.ts';
import { DownloadMeter } from './downloadMeter.ts';
import { decodeSet, fingerprintOf, forEachPart, setParts, verifyFile, type SetBytes } from './idxSet.ts';
import { describeRecord, nameContent, type DatasetSource, type SourceFiles } from './source.ts';
import type { Dataset } from './types.ts';
import {
  findLooseFiles,
  findVerifiedSet,
  finishVerifiedSet,
  keepVerifiedFile,
  readKeptFile,
  readLooseFile,
  readVerifiedSet,
} from './verifiedFolder.ts';

export interface FilesSourceOptions {
  record: FilesRecord;
  /** To recognise a file that belongs to another set. */
  known: readonly FilesRecord[];
  dataDirectory: string;
  /** Each may hold a folder named as the set's identifier with the four files. */
  systemFolders: readonly string[];
  idleTimeoutMs: number;
  onChange(): void;
  onProgress(progress: DownloadProgress): void;
}

/** A packed file can be this much larger than what is in it, when it can't be compressed at all. */
const packingOverhead = { factor: 1.01, bytes: 1024 };

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export class FilesSource implements DatasetSource {
  readonly version = '';
  readonly #options: FilesSourceOptions;
  readonly #folder: string;
  /** The search for loose files: done once, and again when the set is asked for in vain. */
  #takeover: Promise<void> | undefined;
  #download:
    { done: Promise<void>; controller: AbortController; progress: DownloadProgress | null } | undefined;
  #failure: ErrorData | null = null;

  constructor(options: FilesSourceOptions) {
    this.#options = options;
    this.#folder = datasetFolder(options.dataDirectory, options.record.id);
  }

  async summary(): Promise<DatasetSummary> {
    const { record } = this.#options;
    const base = describeRecord(record);
    if (this.#download !== undefined) {
      const origin = `${this.#downloadSize()} to download`;
      return { ...base, state: 'downloading', origin, failure: null, download: this.#download.progress };
    }
    const origin = await this.#findOrTakeOver();
    if (origin !== undefined) return { ...base, state: 'ready', origin, failure: null, download: null };
    return {
      ...base,
      state: 'absent',
      origin: `${this.#downloadSize()} to download`,
      failure: this.#failure,
      download: null,
    };
  }

  files(): SourceFiles {
    const { files } = this.#options.record;
    return {
      folder: this.#folder,
      files: setParts.map((part) => {
        const { name, sizeBytes, sha256 } = files[part];
        return { name, sizeBytes, sha256 };
      }),
      createdAt: null,
    };
  }

  async load(): Promise<Dataset> {
    const { record } = this.#options;
    if ((await this.#findOrTakeOver()) === undefined) {
      throw new WeftError(
        'dataset.absent',
        `${record.name} is not on this machine${this.#failure === null ? '' : `: ${this.#failure.message}`}`.replace(
          /\.?$/,
          '.',
        ),
        `Download it first (${this.#downloadSize()}).`,
      );
    }
    let bytes: SetBytes;
    try {
      bytes = await readVerifiedSet(this.#folder, record);
    } catch (error) {
      // What it was taken over from may still be there.
      this.#takeover = undefined;
      if ((await this.#findOrTakeOver()) === undefined) {
        this.#options.onChange();
        throw error;
      }
      bytes = await readVerifiedSet(this.#folder, record);
    }
    return nameContent(
      record,
      decodeSet(bytes, record),
      await fingerprintOf((part) => record.files[part].sha256),
    );
  }

  async download(): Promise<void> {
    if (this.#download === undefined) {
      const controller = new AbortController();
      const done = this.#downloadUnlessThere(controller.signal).finally(() => {
        this.#download = undefined;
        this.#options.onChange();
      });
      this.#download = { done, controller, progress: null };
      this.#options.onChange();
    }
    return this.#download.done;
  }

  cancelDownload(): void {
    this.#download?.controller.abort(
      new WeftError('download.cancelled', `The download of ${this.#options.record.name} was cancelled.`),
    );
  }

  #downloadSize(): string {
    const { files } = this.#options.record;
    return megabytes(setParts.reduce((total, part) => total + files[part].packedBytes, 0));
  }

  /** Where the ready set came from; undefined when there is none. Takes loose files over on the first call. */
  async #findOrTakeOver(): Promise<string | undefined> {
    const { record } = this.#options;
    const origin = await findVerifiedSet(this.#folder, record);
    if (origin !== undefined) return origin;
    this.#takeover ??= this.#takeOverLooseFiles();
    await this.#takeover;
    return findVerifiedSet(this.#folder, record);
  }

  async #takeOverLooseFiles(): Promise<void> {
    const { record, systemFolders } = this.#options;
    for (const folder of [this.#folder, ...systemFolders.map((one) => join(one, record.id))]) {
      const paths = await findLooseFiles(folder, record);
      if (paths === undefined) continue;
      try {
        // Nothing is written before all four are known to be right.
        const bytes = await forEachPart(async (part) =>
          this.#accept(await readLooseFile(paths[part]), part, paths[part]),
        );
        for (const part of setParts) await keepVerifiedFile(this.#folder, record.files[part], bytes[part]);
        await finishVerifiedSet(this.#folder, record, `Found in ${folder}`);
        this.#failure = null;
        return;
      } catch (error) {
        this.#failure = toErrorData(error);
      }
    }
  }

  /** The unpacked bytes once they are known to be the right ones. */
  async #accept(bytes: Uint8Array, part: keyof SetFiles, path: string): Promise<Uint8Array> {
    const { record, known } = this.#options;
    const unpacked =
      isGzip(bytes) || path.endsWith('.gz') ? await gunzip(bytes, path, record.files[part].sizeBytes) : bytes;
    await verifyFile(unpacked, part, record, path, known);
    return unpacked;
  }

  async #downloadUnlessThere(signal: AbortSignal): Promise<void> {
    try {
      // A person may have put the files there, or the file that was wrong right, since the last look.
      this.#takeover = undefined;
      if ((await this.#findOrTakeOver()) === undefined) await this.#fetchAll(signal);
      this.#failure = null;
    } catch (error) {
      this.#failure = signal.aborted ? null : toErrorData(error);
      throw error;
    }
  }

  async #fetchAll(signal: AbortSignal): Promise<void> {
    const { record, idleTimeoutMs } = this.#options;
    const expected = new Map(
      setParts.map((part) => [`${record.files[part].name}.gz`, record.files[part].packedBytes]),
    );
    const meter = new DownloadMeter(record.id, expected);
    let mirrors = [...record.mirrors];
    for (const part of setParts) {
      const file = record.files[part];
      const fileName = `${file.name}.gz`;
      if ((await readKeptFile(this.#folder, part, record)) === undefined) {
        const { bytes, mirror } = await fetchFromMirrors({
          fileName,
          mirrors,
          idleTimeoutMs,
          maximumBytes: Math.ceil(file.sizeBytes * packingOverhead.factor) + packingOverhead.bytes,
          signal,
          onReceived: (from, received, total) => this.#report(meter.receive(fileName, from, received, total)),
          accept: (packed) => this.#accept(packed, part, isGzip(packed) ? fileName : file.name),
        });
        // The mirror that worked is asked first for the next file.
        mirrors = [mirror, ...mirrors.filter((other) => other !== mirror)];
        signal.throwIfAborted();
        await keepVerifiedFile(this.#folder, file, bytes);
      }
      meter.finish(fileName);
    }
    await finishVerifiedSet(this.#folder, record, `Downloaded from ${new URL(mirrors[0] ?? '').host}`);
  }

  #report(progress: DownloadProgress | undefined): void {
    if (progress === undefined || this.#download === undefined) return;
    this.#download.progress = progress;
    this.#options.onProgress(progress);
  }
}
