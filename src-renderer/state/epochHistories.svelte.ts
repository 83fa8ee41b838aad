// The epochs of runs that are looked at or compared, fetched once and caught up with while a run is under way.
import { SvelteMap } from 'svelte/reactivity';
import type { EpochRecord, RunSummary } from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';
import { attempt } from './toasts.svelte.ts';

/** Asks the history for epochs alone. */
const noBatches = Number.MAX_SAFE_INTEGER;

class EpochHistories {
  readonly #known = new SvelteMap<string, readonly EpochRecord[]>();
  /** Versions of runs that were asked for. */
  readonly #asked = new Set<string>();

  /** The run's epochs as far as they are here; null before the first answer. */
  of(runId: string): readonly EpochRecord[] | null {
    return this.#known.get(runId) ?? null;
  }

  /** Asks for what is lacking of the run. To be called in an effect: again whenever the run's summary changes. */
  want(run: RunSummary): void {
    const { epochs, last } = run.outcome;
    // A run that was resumed may have done an epoch anew.
    const version = `${run.id} ${epochs} ${last?.validationLoss ?? ''}`;
    if (this.#asked.has(version)) return;
    this.#asked.add(version);
    const position = { runId: run.id, afterStep: noBatches, afterEpoch: 0 };
    attempt(() =>
      app.client.call('run.history', position).then(
        (history) => this.#known.set(run.id, history.epochs),
        (error: unknown) => {
          this.#asked.delete(version);
          throw error;
        },
      ),
    );
  }
}

export const epochHistories = new EpochHistories();
