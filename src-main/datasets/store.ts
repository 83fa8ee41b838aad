import type { DatasetDetails, DatasetSummary, DownloadProgress } from '../../src-shared/schemas/dataset.ts';
import type { Dataset } from './types.ts';

export interface DatasetStoreOptions {
  dataDirectory: string;
  /** A set appeared, failed, or began to download. */
  onChange?: (summary: DatasetSummary) => void;
  /** At most ten times a second. */
  onProgress?: (progress: DownloadProgress) => void;
}

/** Every dataset: what there is, where it is, and its images. */
export interface DatasetStoreApi {
  list(): Promise<DatasetSummary[]>;
  /** Throws `dataset.unknown` and `dataset.absent`. */
  load(id: string): Promise<Dataset>;
  describe(id: string): Promise<DatasetDetails>;
  download(id: string): Promise<DatasetSummary>;
  cancelDownload(id: string): void;
}
