// Trains a recipe again with other seeds, one run after the other.

import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { Repetition } from '../../src-shared/schemas/repetition.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';

export interface RepetitionRequest {
  /** The run whose recipe it is. */
  runId: string;
  recipe: Recipe;
  datasetId: string;
  /** Of that run. */
  name: string;
  seeds: readonly number[];
}

export interface RepeaterOptions {
  /** Begins a run of the recipe; resolves when it has begun. */
  start: (run: Pick<RepetitionRequest, 'recipe' | 'datasetId' | 'name'>) => Promise<RunSummary>;
  /** Resolves when the run has ended, whichever way. */
  ended: (runId: string) => Promise<RunSummary>;
  stop: (runId: string) => Promise<unknown>;
  onChange: (repetition: Repetition) => void;
}

export class Repeater {
  readonly #options: RepeaterOptions;
  #current: Repetition | null = null;

  constructor(options: RepeaterOptions) {
    this.#options = options;
  }

  /** The repetition under way, or the last one. */
  get current(): Repetition | null {
    return this.#current;
  }

  /** Begins the first run and resolves then; the others follow by themselves. Throws `repeat.busy` and what prevented the first. */
  async start(request: RepetitionRequest): Promise<Repetition> {
    const { runId, seeds } = request;
    if (this.#current?.state === 'running') {
      throw new WeftError(
        'repeat.busy',
        'Another recipe is being repeated; there can be one at a time.',
        'Cancel it, or wait until it has finished.',
      );
    }
    const before = this.#current;
    this.#current = { runId, seeds: [...seeds], runIds: [], done: 0, state: 'running', failure: null };
    let first: RunSummary;
    try {
      first = await this.#begin(request, 0);
    } catch (error) {
      this.#current = before;
      throw error;
    }
    void this.#goOn(request, first);
    return this.#current;
  }

  /** Ends it: the run under way is stopped and kept. */
  async cancel(): Promise<void> {
    const current = this.#current;
    if (current?.state !== 'running') return;
    this.#change({ state: 'cancelled' });
    const last = current.runIds.at(-1);
    if (last !== undefined && current.done < current.runIds.length) await this.#stop(last);
  }

  /** A run that has ended meanwhile needs no stopping. */
  async #stop(runId: string): Promise<void> {
    try {
      await this.#options.stop(runId);
    } catch (error) {
      if (!(error instanceof WeftError && error.code === 'run.not-active')) throw error;
    }
  }

  get isCancelled(): boolean {
    return this.#current?.state === 'cancelled';
  }

  async #begin({ recipe, datasetId, name, seeds }: RepetitionRequest, place: number): Promise<RunSummary> {
    const seed = seeds[place] ?? recipe.seed;
    const repeated = { recipe: { ...recipe, seed }, datasetId, name: `${name} · seed ${seed}` };
    const run = await this.#options.start(repeated);
    this.#change({ runIds: [...(this.#current?.runIds ?? []), run.id] });
    return run;
  }

  async #goOn(request: RepetitionRequest, first: RunSummary): Promise<void> {
    let run = first;
    try {
      for (;;) {
        const ended = await this.#options.ended(run.id);
        const done = (this.#current?.done ?? 0) + 1;
        this.#change({ done });
        if (this.#current?.state !== 'running') return;
        if (ended.state !== 'finished') {
          // The person stopped it, or it failed: either way they want no more of the same.
          this.#change({ state: ended.state === 'failed' ? 'failed' : 'cancelled', failure: ended.failure });
          return;
        }
        if (done === this.#current.seeds.length) {
          this.#change({ state: 'finished' });
          return;
        }
        run = await this.#begin(request, done);
        // It may have been cancelled while the run was beginning.
        if (this.isCancelled) await this.#stop(run.id);
      }
    } catch (error) {
      this.#change({ state: 'failed', failure: toErrorData(error) });
    }
  }

  #change(changes: Partial<Repetition>): void {
    if (this.#current === null) return;
    this.#current = { ...this.#current, ...changes };
    this.#options.onChange(this.#current);
  }
}
