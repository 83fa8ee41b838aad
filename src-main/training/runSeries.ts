// Trains several runs, one after the other: the seeds of a repetition, the folds of a cross-validation.
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import type { RunSeriesState } from '../../src-shared/schemas/runSeries.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';

export interface RunSeriesOptions<About> {
  /** Resolves when the run has ended, whichever way. */
  ended: (runId: string) => Promise<RunSummary>;
  stop: (runId: string) => Promise<unknown>;
  onChange: (series: About & RunSeriesState) => void;
  /** Said when a series is asked for while another one of the kind is under way. */
  busy: { code: string; message: string };
}

/** What to train: `begin` starts the run at that place and resolves when it has begun. */
export interface RunSeriesRequest<About> {
  about: About;
  count: number;
  begin: (place: number) => Promise<RunSummary>;
}

/** One series at a time; `About` says what it is of. */
export class RunSeries<About extends object> {
  readonly #options: RunSeriesOptions<About>;
  #current: (About & RunSeriesState) | null = null;

  constructor(options: RunSeriesOptions<About>) {
    this.#options = options;
  }

  /** The series under way, or the last one. */
  get current(): (About & RunSeriesState) | null {
    return this.#current;
  }

  /** Begins the first run and resolves then; the others follow by themselves. Throws what `busy` says, and what prevented the first. */
  async start(request: RunSeriesRequest<About>): Promise<About & RunSeriesState> {
    if (this.#current?.state === 'running') {
      const { code, message } = this.#options.busy;
      throw new WeftError(code, message, 'Cancel it, or wait until it has finished.');
    }
    const before = this.#current;
    this.#current = { ...request.about, runIds: [], done: 0, state: 'running', failure: null };
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

  get #isCancelled(): boolean {
    return this.#current?.state === 'cancelled';
  }

  /** A run that has ended meanwhile needs no stopping. */
  async #stop(runId: string): Promise<void> {
    try {
      await this.#options.stop(runId);
    } catch (error) {
      if (!(error instanceof WeftError && error.code === 'run.not-active')) throw error;
    }
  }

  async #begin({ begin }: RunSeriesRequest<About>, place: number): Promise<RunSummary> {
    const run = await begin(place);
    this.#change({ runIds: [...(this.#current?.runIds ?? []), run.id] });
    return run;
  }

  async #goOn(request: RunSeriesRequest<About>, first: RunSummary): Promise<void> {
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
        if (done === request.count) {
          this.#change({ state: 'finished' });
          return;
        }
        run = await this.#begin(request, done);
        // It may have been cancelled while the run was beginning.
        if (this.#isCancelled) await this.#stop(run.id);
      }
    } catch (error) {
      this.#change({ state: 'failed', failure: toErrorData(error) });
    }
  }

  #change(changes: Partial<RunSeriesState>): void {
    if (this.#current === null) return;
    this.#current = { ...this.#current, ...changes };
    this.#options.onChange(this.#current);
  }
}
