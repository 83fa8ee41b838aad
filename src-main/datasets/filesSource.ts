// A set that lies in IDX files: found in the data directory, taken over from a folder of the system, or downloaded.
import { join } from 'node:path';
import { toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import type { DatasetSummary, DownloadProgress } from '../../src-shared/schemas/dataset.ts';
import type { Owner } from '../../src-shared/schemas/directory.ts';
import { datasetFolder } from '../files/dataDirectory.ts';
import { gunzip, isGzip } from '../formats/gunzip.ts';
import type { FilesRecord, SetFiles } from './catalogue.ts';
import type { Fetch } from './fetch.ts';
import {
  decodeSet,
  fingerprintOf,
  forEachPart,
  setParts,
  sha256,
  verifyFile,
  wrongContents,
  type SetBytes,
} from './idxSet.ts';
import { downloadBytes, downloadSet, lockDownload, megabytes, type SetDownload } from './setDownload.ts';
import { describeRecord, nameContent, type DatasetSource, type SourceFiles } from './source.ts';
import type { Dataset } from './types.ts';
import {
  findLooseFiles,
  findVerifiedSet,
  finishVerifiedSet,
  keepVerifiedFile,
  readLooseFile,
  readVerifiedSet,
  type VerifiedSet,
} from './verifiedFolder.ts';

export interface FilesSourceOptions {
  record: FilesRecord;
  /** To recognise a file that belongs to another set. */
  known: readonly FilesRecord[];
  dataDirectory: string;
  /** Each may hold a folder named as the set's identifier with the four files. */
  systemFolders: readonly string[];
  idleTimeoutMs: number;
  fetch: Fetch;
  host: Owner['host'];
  freeBytesOn?: SetDownload['freeBytesOn'];
  onChange(): void;
  onProgress(progress: DownloadProgress): void;
}

export class FilesSource implements DatasetSource {
  readonly version = '';
  readonly #options: FilesSourceOptions;
  readonly #folder: string;
  /** The search for loose files: done once, and again when the set is asked for in vain. */
  #takeover: Promise<void> | undefined;
  #download:
    { done: Promise<void>; controller: AbortController; progress: DownloadProgress | null } | undefined;
  #failure: ErrorData | null = null;
  /** The set as it was last found here. */
  #found: VerifiedSet | undefined;

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
    const found = await this.#findOrTakeOver();
    if (found !== undefined) {
      return { ...base, state: 'ready', origin: found.origin, failure: null, download: null };
    }
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
        const { name, sizeBytes, sha256: published } = files[part];
        return { name, sizeBytes, sha256: published ?? this.#found?.hashes[part] ?? null };
      }),
      createdAt: null,
    };
  }

  async load(): Promise<Dataset> {
    const { record } = this.#options;
    let found = await this.#findOrTakeOver();
    if (found === undefined) {
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
      bytes = await readVerifiedSet(this.#folder, record, found);
    } catch (error) {
      // What it was taken over from may still be there.
      this.#takeover = undefined;
      found = await this.#findOrTakeOver();
      if (found === undefined) {
        this.#options.onChange();
        throw error;
      }
      bytes = await readVerifiedSet(this.#folder, record, found);
    }
    const { hashes } = found;
    return nameContent(record, decodeSet(bytes, record), await fingerprintOf((part) => hashes[part]));
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
    return megabytes(downloadBytes(this.#options.record));
  }

  /** The ready set; undefined when there is none. Takes loose files over on the first call. */
  async #findOrTakeOver(): Promise<VerifiedSet | undefined> {
    const { record } = this.#options;
    this.#found = await findVerifiedSet(this.#folder, record);
    if (this.#found !== undefined) return this.#found;
    this.#takeover ??= this.#takeOverLooseFiles();
    await this.#takeover;
    this.#found = await findVerifiedSet(this.#folder, record);
    return this.#found;
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
        const hashes = await forEachPart((part) => sha256(bytes[part]));
        await finishVerifiedSet(this.#folder, record, { origin: `Found in ${folder}`, hashes });
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
    const file = record.files[part];
    const isPacked = isGzip(bytes) || path.endsWith('.gz');
    const unpacked = isPacked ? await gunzip(bytes, path, file.sizeBytes) : bytes;
    if (isPacked && file.sha256 === null) {
      const found = await sha256(bytes);
      if (found !== file.packedSha256) throw wrongContents(found, { record, part, path, known });
    } else {
      await verifyFile(unpacked, part, record, path, known);
    }
    return unpacked;
  }

  async #downloadUnlessThere(signal: AbortSignal): Promise<void> {
    try {
      if (!(await this.#isThere())) await this.#fetch(signal);
      this.#failure = null;
    } catch (error) {
      this.#failure = signal.aborted ? null : toErrorData(error);
      throw error;
    }
  }

  /** Looks again: a person may have put the files there, or the file that was wrong right, since the last time. */
  async #isThere(): Promise<boolean> {
    this.#takeover = undefined;
    return (await this.#findOrTakeOver()) !== undefined;
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { record, known, fetch, idleTimeoutMs, host, freeBytesOn } = this.#options;
    const lock = await lockDownload(this.#folder, host, signal);
    try {
      // Another process may have been at it until now.
      if (await this.#isThere()) return;
      await downloadSet({
        ...{ record, known, folder: this.#folder, fetch, idleTimeoutMs, signal, freeBytesOn },
        onProgress: (progress) => this.#report(progress),
      });
    } finally {
      await lock.release();
    }
  }

  #report(progress: DownloadProgress): void {
    if (this.#download === undefined) return;
    this.#download.progress = progress;
    this.#options.onProgress(progress);
  }
}
