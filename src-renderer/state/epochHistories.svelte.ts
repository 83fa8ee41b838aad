// The epochs of runs that are looked at or compared, fetched once and caught up with while a run is under way.
import { SvelteMap } from 'svelte/reactivity';
import type { EpochRecord, RunSummary } from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';
import { attempt } from './toasts.svelte.ts';

/** Asks the history for epochs alone. */
const noBatches = Number.MAX_SAFE_INTEGER;

interface KnownEpochs {
  epochs: readonly EpochRecord[];
  /** How often the run had been gone on with: epochs may then be done anew. */
  resumes: number;
}

class EpochHistories {
  readonly #known = new SvelteMap<string, KnownEpochs>();
  /** Versions of runs that were asked for. */
  readonly #asked = new Set<string>();

  /** The run's epochs as far as they are here; null before the first answer. */
  of(runId: string): readonly EpochRecord[] | null {
    return this.#known.get(runId)?.epochs ?? null;
  }

  /** Asks for what is lacking of the run. To be called in an effect: again whenever the run's summary changes. */
  want(run: RunSummary): void {
    const resumes = run.resumes.length;
    const version = `${run.id} ${resumes} ${run.outcome.epochs}`;
    if (this.#asked.has(version)) return;
    this.#asked.add(version);
    const position = { runId: run.id, afterStep: noBatches, afterEpoch: this.#lastOf(run.id, resumes) };
    attempt(() =>
      app.client.call('run.history', position).then(
        ({ epochs }) => this.#append(run.id, resumes, epochs),
        (error: unknown) => {
          this.#asked.delete(version);
          throw error;
        },
      ),
    );
  }

  #lastOf(runId: string, resumes: number): number {
    const known = this.#known.get(runId);
    return known?.resumes === resumes ? (known.epochs.at(-1)?.epoch ?? 0) : 0;
  }

  /** Adds what is new: answers may overlap, and one to a question from before a resume may come late. */
  #append(runId: string, resumes: number, epochs: readonly EpochRecord[]): void {
    const known = this.#known.get(runId);
    if (known !== undefined && known.resumes > resumes) return;
    const last = this.#lastOf(runId, resumes);
    const before = known?.resumes === resumes ? known.epochs : [];
    const added = epochs.filter(({ epoch }) => epoch > last);
    this.#known.set(runId, { epochs: [...before, ...added], resumes });
  }
}

export const epochHistories = new EpochHistories();
