// The datasets that can be used or downloaded, and what each one holds.
import type { DatasetDetails, DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import { toErrorData } from '../../src-shared/failure.ts';
import { connectionLostCode, type Client } from '../client.ts';
import { app } from './app.svelte.ts';
import { forgetImages } from './images.svelte.ts';
import { removals } from './removals.svelte.ts';
import { toasts } from './toasts.svelte.ts';

const removalKey = (datasetId: string): string => `dataset ${datasetId}`;

class Datasets {
  #all = $state.raw<readonly DatasetSummary[] | null>(null);
  /** Null until the core has answered. Sets on their way out are left away. */
  readonly list: readonly DatasetSummary[] | null = $derived(
    this.#all?.filter(({ id }) => !removals.hidden.has(removalKey(id))) ?? null,
  );
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
      client.on('dataset.removed', ({ datasetId }) => {
        this.#all = this.#all?.filter(({ id }) => id !== datasetId) ?? null;
        this.#forget(datasetId);
      });
      client.on('dataset.progressed', (download) => {
        const dataset = this.find(download.datasetId);
        if (dataset !== null) this.#put({ ...dataset, state: 'downloading', download });
      });
    }
    client.call('dataset.list', {}).then(
      (list) => {
        this.#all = list;
        this.failure = null;
      },
      (error: unknown) => {
        this.failure = error;
      },
    );
  }

  /** Takes a set that has just been imported into the list. */
  add(dataset: DatasetSummary): void {
    this.#forget(dataset.id);
    this.#put(dataset);
  }

  /** Changes what an imported set is called, or what is said of its licence. */
  async change(datasetId: string, changes: { name?: string; licence?: string }): Promise<void> {
    this.#put(await app.client.call('dataset.change', { datasetId, ...changes }));
  }

  /** Removes an imported set, with time to undo. */
  remove({ id, name }: DatasetSummary): void {
    const remove = (): Promise<unknown> => app.client.call('dataset.remove', { datasetId: id });
    const { undo } = removals.schedule(new Map([[removalKey(id), remove]]));
    const toastId = toasts.show(`“${name}” was removed.`, {
      label: 'Undo',
      run: () => {
        toasts.dismiss(toastId);
        undo();
      },
    });
  }

  #put(dataset: DatasetSummary): void {
    const list = this.#all ?? [];
    const isKnown = list.some((one) => one.id === dataset.id);
    this.#all = isKnown ? list.map((one) => (one.id === dataset.id ? dataset : one)) : [...list, dataset];
    if (!this.isUsable(dataset)) this.#forget(dataset.id);
  }

  /** Lets go of what was fetched of it: another set may get its id. */
  #forget(datasetId: string): void {
    this.#details.delete(datasetId);
    forgetImages(datasetId);
  }
}

export const datasets = new Datasets();
