// The datasets that can be used or downloaded, and what each one holds.
import type { DatasetDetails, DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import { toErrorData } from '../../src-shared/failure.ts';
import { connectionLostCode, type Client } from '../client.ts';
import { app } from './app.svelte.ts';

class Datasets {
  /** Null until the core has answered. */
  list = $state.raw<readonly DatasetSummary[] | null>(null);
  failure = $state.raw<unknown>(null);
  readonly #details = new Map<string, Promise<DatasetDetails>>();
  #subscribed = false;

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  /** The set chosen for the Data and Train screens; null until the list is there. */
  get selected(): DatasetSummary | null {
    return this.find(app.settings.datasetId) ?? this.list?.[0] ?? null;
  }

  find(datasetId: string): DatasetSummary | null {
    return this.list?.find((dataset) => dataset.id === datasetId) ?? null;
  }

  /** The name for the person, or the id of a set that is not known here. */
  nameOf(datasetId: string): string {
    return this.find(datasetId)?.name ?? datasetId;
  }

  select(datasetId: string): Promise<void> {
    return app.changeSettings({ datasetId });
  }

  /** Whether its images can be used now. */
  isUsable(dataset: DatasetSummary): boolean {
    return dataset.state === 'built-in' || dataset.state === 'ready';
  }

  /** Labels, counts and mean images, asked for once. */
  describe(datasetId: string): Promise<DatasetDetails> {
    const known = this.#details.get(datasetId);
    if (known !== undefined) return known;
    const asked = app.client.call('dataset.describe', { datasetId });
    this.#details.set(datasetId, asked);
    asked.catch(() => this.#details.delete(datasetId));
    return asked;
  }

  /** Resolves when the download has ended, in whatever way: the set then says what went wrong. */
  async download(datasetId: string): Promise<void> {
    try {
      this.#put(await app.client.call('dataset.download', { datasetId }));
    } catch (error) {
      const failure = toErrorData(error);
      const dataset = this.find(datasetId);
      if (dataset === null || failure.code === connectionLostCode) throw error;
      const wasCancelled = failure.code === 'download.cancelled';
      this.#put({ ...dataset, state: 'absent', download: null, failure: wasCancelled ? null : failure });
    }
  }

  cancelDownload(datasetId: string): Promise<unknown> {
    return app.client.call('dataset.cancelDownload', { datasetId });
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('dataset.changed', (dataset) => this.#put(dataset));
      client.on('dataset.progressed', (download) => {
        const dataset = this.find(download.datasetId);
        if (dataset !== null) this.#put({ ...dataset, state: 'downloading', download });
      });
    }
    client.call('dataset.list', {}).then(
      (list) => {
        this.list = list;
        this.failure = null;
      },
      (error: unknown) => {
        this.failure = error;
      },
    );
  }

  #put(dataset: DatasetSummary): void {
    const list = this.list ?? [];
    const isKnown = list.some((one) => one.id === dataset.id);
    this.list = isKnown ? list.map((one) => (one.id === dataset.id ? dataset : one)) : [...list, dataset];
    if (!this.isUsable(dataset)) this.#details.delete(dataset.id);
  }
}

export const datasets = new Datasets();
