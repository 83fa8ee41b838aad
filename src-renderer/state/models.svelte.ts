// The library of models, and the way of models into and out of files.
import { modelFileLimitBytes } from '../../src-shared/contract.ts';
import { WeftError } from '../../src-shared/failure.ts';
import type { AnnotationChanges } from '../../src-shared/schemas/annotation.ts';
import type { ModelReference, ModelSummary } from '../../src-shared/schemas/model.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { saveBytes } from '../ui/saveBytes.ts';
import type { Client } from '../client.ts';
import { app } from './app.svelte.ts';
import { entryView } from './entryView.svelte.ts';
import { modelKey } from './modelKey.ts';
import { navigation } from './navigation.svelte.ts';
import { rememberFile } from './recentFiles.ts';
import { removals } from './removals.svelte.ts';
import { hasWeights, referenceOf, runs } from './runs.svelte.ts';
import { selection } from './selection.svelte.ts';
import { toasts } from './toasts.svelte.ts';

class Models {
  #all = $state.raw<readonly ModelSummary[] | null>(null);
  failure = $state.raw<unknown>(null);
  #subscribed = false;

  /** Null until the core has answered; the newest first. Models on their way out are left away. */
  readonly list: readonly ModelSummary[] | null = $derived(
    this.#all?.filter((model) => !removals.hidden.has(`model:${model.id}`)) ?? null,
  );

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  async rename(modelId: string, name: string): Promise<void> {
    this.#put(await app.client.call('model.rename', { modelId, name }));
  }

  /** Copies a run's weights into the library. */
  async keep(run: RunSummary): Promise<void> {
    const model = await app.client.call('model.save', { runId: run.id, name: run.name });
    this.#put(model);
    toasts.show(`“${model.name}” is in the library.`);
  }

  async annotate(modelId: string, changes: AnnotationChanges): Promise<void> {
    this.#put(await app.client.call('model.annotate', { modelId, ...changes }));
  }

  async remove(modelId: string): Promise<void> {
    await app.client.call('model.delete', { modelId });
    this.#drop(modelId);
  }

  /** Hands the model to the person as a safetensors file. */
  async saveFile(reference: ModelReference): Promise<void> {
    const { fileName, bytes } = await app.client.call('model.export', { model: reference });
    saveBytes(fileName, bytes);
    void rememberFile(fileName, 'saved', reference);
    toasts.show(`${fileName} is handed over to be saved.`);
  }

  /** The one that Models & runs shows, as long as it does. */
  shown = $state.raw<ModelReference | null>(null);

  /** The model that is shown or looked at, else the latest run's. Throws `model.none`. */
  current(): ModelReference {
    const latest = runs.list?.find(hasWeights);
    const reference = this.shown ?? selection.model ?? (latest === undefined ? null : referenceOf(latest));
    if (reference === null) {
      throw new WeftError(
        'model.none',
        'There is no model to save yet.',
        'Train a network first, or open a model file.',
      );
    }
    return reference;
  }

  /** Saves the current model. Throws `model.none`. */
  async saveCurrentFile(): Promise<void> {
    await this.saveFile(this.current());
  }

  /** Takes a safetensors file into the library, makes it the model that is looked at, and shows it. */
  async openFile(file: File): Promise<ModelSummary> {
    if (file.size > modelFileLimitBytes) {
      throw new WeftError(
        'model.too-large',
        `${file.name} is larger than ${modelFileLimitBytes / 2 ** 20} MiB.`,
        'Choose a model file that Weft saved.',
      );
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const model = await app.client.call('model.import', { fileName: file.name, bytes });
    this.#put(model);
    selection.model = { kind: 'model', modelId: model.id };
    void rememberFile(file.name, 'opened', selection.model);
    toasts.show(`“${model.name}” was loaded from ${file.name}.`);
    entryView.reveal(modelKey(selection.model));
    navigation.open('models');
    return model;
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('model.changed', (model) => this.#put(model));
      client.on('model.removed', ({ modelId }) => this.#drop(modelId));
    }
    client.call('model.list', {}).then(
      (list) => {
        this.#all = list.toSorted(newestFirst);
        this.failure = null;
      },
      (error: unknown) => {
        this.failure = error;
      },
    );
  }

  #put(model: ModelSummary): void {
    this.#all = [...(this.#all ?? []).filter((one) => one.id !== model.id), model].sort(newestFirst);
  }

  #drop(modelId: string): void {
    this.#all = this.#all?.filter((model) => model.id !== modelId) ?? null;
    selection.forget({ kind: 'model', modelId });
  }
}

function newestFirst(one: ModelSummary, other: ModelSummary): number {
  return other.createdAt.localeCompare(one.createdAt);
}

export const models = new Models();
