// The corrections of the datasets' training images: what is in force, and what the person did on this page, so that it
// can be undone and done again. The data sets themselves never change.
import { SvelteMap } from 'svelte/reactivity';
import type {
  Correction,
  CorrectionChange,
  DatasetCorrections,
} from '../../src-shared/schemas/correction.ts';
import type { Client } from '../client.ts';
import { formatCount } from '../format/quantities.ts';
import { app } from './app.svelte.ts';
import { attempt, toasts } from './toasts.svelte.ts';

/** A way back, or forth. */
interface Turn {
  datasetId: string;
  changes: CorrectionChange[];
}

/** How far back one can go. */
const mostTurns = 200;

class CorrectionsState {
  /** By dataset, as far as they were asked for. */
  readonly #known = new SvelteMap<string, DatasetCorrections>();
  readonly #byIndex = $derived(
    new Map(
      [...this.#known].map(([datasetId, { list }]) => [
        datasetId,
        new Map(list.map((one) => [one.index, one])),
      ]),
    ),
  );
  readonly #asked = new Set<string>();
  /** Whether the next run is trained with the corrections that its set has. */
  areApplied = $state(true);
  #undos = $state.raw<readonly Turn[]>([]);
  #redos = $state.raw<readonly Turn[]>([]);
  /** What was said of the last change. */
  #toast: number | null = null;
  #subscribed = false;

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  /** Asks for the set's corrections, once; they come to `of`. */
  want(datasetId: string): void {
    if (this.#asked.has(datasetId)) return;
    this.#asked.add(datasetId);
    this.#ask(app.client, datasetId);
  }

  /** Those in force; null until they are known. */
  of(datasetId: string): DatasetCorrections | null {
    return this.#known.get(datasetId) ?? null;
  }

  /** What is said of one training image; null where nothing is. */
  find(datasetId: string, index: number): Correction | null {
    return this.#byIndex.get(datasetId)?.get(index) ?? null;
  }

  get canUndo(): boolean {
    return this.#undos.length > 0;
  }

  get canRedo(): boolean {
    return this.#redos.length > 0;
  }

  /** Gives the training images another label. */
  relabel(datasetId: string, indices: readonly number[], label: number, className: string): Promise<void> {
    const changes = indices.map((index) => ({ index, label }));
    return this.#change({ datasetId, changes }, `${nameOf(indices)} relabelled to ${className}.`);
  }

  /** Leaves the training images out of training and validation. */
  exclude(datasetId: string, indices: readonly number[]): Promise<void> {
    const changes = indices.map((index) => ({ index, excluded: true as const }));
    return this.#change({ datasetId, changes }, `${nameOf(indices)} excluded.`);
  }

  /** Makes the training images again what their dataset says. */
  withdraw(datasetId: string, indices: readonly number[]): Promise<void> {
    const changes = indices.map((index) => ({ index, withdrawn: true as const }));
    return this.#change({ datasetId, changes }, `Correction of ${nameOf(indices).toLowerCase()} withdrawn.`);
  }

  /** Withdraws every correction of the set. */
  async clear(datasetId: string): Promise<void> {
    const { corrections, undo } = await app.client.call('corrections.clear', { datasetId });
    this.#put(corrections);
    if (undo.length === 0) return;
    this.#keep({ datasetId, changes: undo });
    this.#tell(`${formatCount(undo.length)} corrections discarded.`);
  }

  /** Takes back what was done last on this page. */
  async undo(): Promise<void> {
    const turn = this.#undos.at(-1);
    this.#tellNoMore();
    if (turn === undefined) return;
    this.#undos = this.#undos.slice(0, -1);
    this.#redos = [...this.#redos, await this.#apply(turn)];
  }

  /** Does again what was taken back last. */
  async redo(): Promise<void> {
    const turn = this.#redos.at(-1);
    if (turn === undefined) return;
    this.#redos = this.#redos.slice(0, -1);
    this.#undos = [...this.#undos, await this.#apply(turn)];
  }

  async #change(turn: Turn, message: string): Promise<void> {
    if (turn.changes.length === 0) return;
    this.#keep(await this.#apply(turn));
    this.#tell(message);
  }

  /** Makes the changes; returns what undoes them. */
  async #apply(turn: Turn): Promise<Turn> {
    const { corrections, undo } = await app.client.call('corrections.change', turn);
    this.#put(corrections);
    return { datasetId: turn.datasetId, changes: undo };
  }

  #keep(turn: Turn): void {
    this.#undos = [...this.#undos, turn].slice(-mostTurns);
    this.#redos = [];
  }

  /** Says what was done last, with the way back, in place of what was done before it. */
  #tell(message: string): void {
    this.#tellNoMore();
    this.#toast = toasts.show(message, { label: 'Undo', run: () => attempt(() => this.undo()) });
  }

  #tellNoMore(): void {
    if (this.#toast !== null) toasts.dismiss(this.#toast);
    this.#toast = null;
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('corrections.changed', (corrections) => this.#put(corrections));
      client.on('dataset.removed', ({ datasetId }) => this.#forget(datasetId));
    }
    for (const datasetId of this.#asked) this.#ask(client, datasetId);
  }

  #ask(client: Client, datasetId: string): void {
    client.call('corrections.read', { datasetId }).then(
      (corrections) => {
        this.#put(corrections);
        if (corrections.problem !== null) toasts.showError(corrections.problem);
      },
      (error: unknown) => {
        this.#asked.delete(datasetId);
        toasts.showError(error);
      },
    );
  }

  #forget(datasetId: string): void {
    this.#known.delete(datasetId);
    this.#asked.delete(datasetId);
    this.#undos = this.#undos.filter((turn) => turn.datasetId !== datasetId);
    this.#redos = this.#redos.filter((turn) => turn.datasetId !== datasetId);
  }

  #put(corrections: DatasetCorrections): void {
    this.#known.set(corrections.datasetId, corrections);
  }
}

/** How a message begins that is about these training images. */
function nameOf(indices: readonly number[]): string {
  const [first] = indices;
  return indices.length === 1 ? `Image ${first ?? 0}` : `${formatCount(indices.length)} images`;
}

export const corrections = new CorrectionsState();
