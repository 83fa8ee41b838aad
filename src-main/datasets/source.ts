// What the store asks of each dataset, whether it is made on the spot or lies in files.
import type { DatasetInfo, DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { DatasetRecord, GeneratedRecord } from './catalogue.ts';
import { fingerprintOfContent } from './idxSet.ts';
import type { Dataset, DatasetContent } from './types.ts';

export interface SourceFiles extends Pick<DatasetInfo, 'files' | 'createdAt'> {
  /** Null for a set without files. */
  folder: string | null;
}

export interface DatasetSource {
  /** Changes when what `load` gives does. */
  readonly version: string;
  summary(): Promise<DatasetSummary>;
  /** What the set consists of on the disk, or should. */
  files(): SourceFiles;
  load(): Promise<Dataset>;
  /** Answers when the set is ready; a second request joins the first. */
  download(): Promise<void>;
  cancelDownload(): void;
}

/** What a summary says whatever state the set is in. */
export function describeRecord(
  record: DatasetRecord,
): Omit<DatasetSummary, 'state' | 'origin' | 'failure' | 'download'> {
  const { id, name, description, classes, shape, trainCount, testCount, licence, citation } = record;
  return {
    id,
    name,
    description,
    classes: [...classes],
    shape,
    trainCount,
    testCount,
    unlabelledCount: 0,
    kind: 'catalogue',
    licence,
    citation,
  };
}

export function nameContent(
  record: Pick<DatasetRecord, 'id' | 'name' | 'classes'>,
  content: DatasetContent,
  fingerprint: string,
): Dataset {
  return { id: record.id, name: record.name, classes: [...record.classes], fingerprint, ...content };
}

/** A set made on the spot: always there, nothing to download. */
export class GeneratedSource implements DatasetSource {
  readonly version = '';
  readonly #record: GeneratedRecord;

  constructor(record: GeneratedRecord) {
    this.#record = record;
  }

  summary(): Promise<DatasetSummary> {
    const { origin } = this.#record;
    const base = describeRecord(this.#record);
    return Promise.resolve({ ...base, state: 'built-in', origin, failure: null, download: null });
  }

  files(): SourceFiles {
    return { folder: null, files: [], createdAt: null };
  }

  async load(): Promise<Dataset> {
    const content = await this.#record.generate();
    return nameContent(this.#record, content, await fingerprintOfContent(content));
  }

  async download(): Promise<void> {}

  cancelDownload(): void {}
}
