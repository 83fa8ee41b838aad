// What the store asks of each dataset, whether it is made on the spot or lies in files.
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { DatasetRecord, GeneratedRecord } from './catalogue.ts';
import { fingerprintOfContent } from './idxSet.ts';
import type { Dataset, DatasetContent } from './types.ts';

export interface DatasetSource {
  summary(): Promise<DatasetSummary>;
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
  return { id, name, description, classes: [...classes], shape, trainCount, testCount, licence, citation };
}

export function nameContent(record: DatasetRecord, content: DatasetContent, fingerprint: string): Dataset {
  return { id: record.id, name: record.name, classes: [...record.classes], fingerprint, ...content };
}

/** A set made on the spot: always there, nothing to download. */
export class GeneratedSource implements DatasetSource {
  readonly #record: GeneratedRecord;

  constructor(record: GeneratedRecord) {
    this.#record = record;
  }

  summary(): Promise<DatasetSummary> {
    const { origin } = this.#record;
    const base = describeRecord(this.#record);
    return Promise.resolve({ ...base, state: 'built-in', origin, failure: null, download: null });
  }

  async load(): Promise<Dataset> {
    const content = await this.#record.generate();
    return nameContent(this.#record, content, await fingerprintOfContent(content));
  }

  async download(): Promise<void> {}

  cancelDownload(): void {}
}
