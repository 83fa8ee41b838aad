// A set that a person brought: always on this disk, nothing to download.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import type { DatasetFile, DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import { datasetFolder } from '../files/dataDirectory.ts';
import { decodeIdxImages } from '../formats/idx.ts';
import { decodeSet, fingerprintOf, forEachPart, sha256 } from './idxSet.ts';
import type { ImportedRecord } from './importedRecord.ts';
import { nameContent, type DatasetSource, type SourceFiles } from './source.ts';
import type { Dataset } from './types.ts';
import { readLooseFile } from './verifiedFolder.ts';

/** The set's files, as far as it has them. */
export function filesOfImported({ files }: Pick<ImportedRecord, 'files'>): DatasetFile[] {
  return [
    files.trainImages,
    files.trainLabels,
    files.testImages,
    files.testLabels,
    ...(files.unlabelledImages === undefined ? [] : [files.unlabelledImages]),
  ];
}

export class ImportedSource implements DatasetSource {
  readonly version: string;
  readonly #id: string;
  readonly #record: ImportedRecord;
  readonly #folder: string;

  constructor(dataDirectory: string, id: string, record: ImportedRecord) {
    this.#id = id;
    this.#record = record;
    this.#folder = datasetFolder(dataDirectory, id);
    this.version = JSON.stringify([record.name, ...filesOfImported(record).map((file) => file.sha256)]);
  }

  async summary(): Promise<DatasetSummary> {
    const { name, classes, shape, trainCount, testCount, unlabelledCount, source, licence } = this.#record;
    const failure = await this.#findFailure();
    return {
      id: this.#id,
      name,
      description: source.notes.join(' '),
      classes,
      shape,
      trainCount,
      testCount,
      unlabelledCount,
      kind: 'imported',
      state: failure === null ? 'ready' : 'absent',
      origin: `Imported from ${source.name}`,
      licence,
      citation: '',
      failure,
      download: null,
    };
  }

  files(): SourceFiles {
    return {
      folder: this.#folder,
      files: filesOfImported(this.#record),
      createdAt: this.#record.createdAt,
    };
  }

  async load(): Promise<Dataset> {
    const { files } = this.#record;
    const content = decodeSet(await forEachPart((part) => this.#read(files[part])), this.#record);
    const unlabelled =
      files.unlabelledImages === undefined
        ? undefined
        : decodeIdxImages(await this.#read(files.unlabelledImages), files.unlabelledImages.name).pixels;
    const dataset = nameContent(
      { ...this.#record, id: this.#id },
      content,
      await fingerprintOf((part) => files[part].sha256),
    );
    return unlabelled === undefined ? dataset : { ...dataset, unlabelled };
  }

  async download(): Promise<void> {}

  cancelDownload(): void {}

  /** Looks at sizes alone. */
  async #findFailure(): Promise<ErrorData | null> {
    for (const file of filesOfImported(this.#record)) {
      const size = await stat(join(this.#folder, file.name)).then(
        (found) => found.size,
        () => undefined,
      );
      if (size === file.sizeBytes) continue;
      return toErrorData(this.#damaged(file, size === undefined ? 'is missing' : undefined));
    }
    return null;
  }

  #damaged(file: DatasetFile, what = 'is no longer what it was'): WeftError {
    return new WeftError(
      'dataset.damaged',
      `${this.#record.name} in "${this.#folder}" is damaged: ${file.name} ${what}.`,
      'Remove the set and import it again.',
    );
  }

  async #read(file: DatasetFile): Promise<Uint8Array> {
    const bytes = await readLooseFile(join(this.#folder, file.name)).catch((error: unknown) => {
      if (error instanceof WeftError && error.code === 'files.not-found')
        throw this.#damaged(file, 'is missing');
      throw error;
    });
    if ((await sha256(bytes)) !== file.sha256) throw this.#damaged(file);
    return bytes;
  }
}
