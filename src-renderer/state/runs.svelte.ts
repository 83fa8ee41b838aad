// Every training run that is kept, the newest first.
import type { AnnotationChanges } from '../../src-shared/schemas/annotation.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import type { Client } from '../client.ts';
import { app } from './app.svelte.ts';
import { modelKey } from './modelKey.ts';
import { removals } from './removals.svelte.ts';
import { selection } from './selection.svelte.ts';

export function referenceOf(run: RunSummary): ModelReference {
  return { kind: 'run', runId: run.id };
}

/** Whether the run has weights that can be evaluated and saved. */
export function hasWeights(run: RunSummary): boolean {
  return run.keptEpoch !== null;
}

class Runs {
  #all = $state.raw<readonly RunSummary[] | null>(null);
  failure = $state.raw<unknown>(null);
  #subscribed = false;

  /** Null until the core has answered. Runs on their way out are left away. */
  readonly list: readonly RunSummary[] | null = $derived(
    this.#all?.filter((run) => !removals.hidden.has(modelKey(referenceOf(run)))) ?? null,
  );

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  async rename(runId: string, name: string): Promise<void> {
    this.#put(await app.client.call('run.rename', { runId, name }));
  }

  async annotate(runId: string, changes: AnnotationChanges): Promise<void> {
    this.#put(await app.client.call('run.annotate', { runId, ...changes }));
  }

  async remove(runId: string): Promise<void> {
    await app.client.call('run.delete', { runId });
    this.#drop(runId);
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('run.changed', (run) => this.#put(run));
      client.on('run.removed', ({ runId }) => this.#drop(runId));
    }
    client.call('run.list', {}).then(
      (list) => {
        this.#all = list.toSorted(newestFirst);
        this.failure = null;
      },
      (error: unknown) => {
        this.failure = error;
      },
    );
  }

  #put(run: RunSummary): void {
    this.#all = [...(this.#all ?? []).filter((one) => one.id !== run.id), run].sort(newestFirst);
  }

  #drop(runId: string): void {
    this.#all = this.#all?.filter((run) => run.id !== runId) ?? null;
    selection.forget({ kind: 'run', runId });
  }
}

function newestFirst(one: RunSummary, other: RunSummary): number {
  return other.createdAt.localeCompare(one.createdAt);
}

export const runs = new Runs();
