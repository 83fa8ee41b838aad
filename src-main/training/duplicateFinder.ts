// Looks for duplicates in a process of its own, one search at a time, and remembers what was found as long as Weft runs.
import { performance } from 'node:perf_hooks';
import { WeftError } from '../../src-shared/failure.ts';
import type { Duplicates, DuplicateSearch } from '../../src-shared/schemas/duplicates.ts';
import type { TrainingChannel } from './channel.ts';
import type { DuplicatesOrder } from './messages.ts';
import { carryOut } from './singleOrder.ts';

export interface DuplicateFinderOptions {
  dataDirectory: string;
  spawnTraining: () => TrainingChannel;
  onProgress: (search: DuplicateSearch) => void;
}

type Wanted = Pick<DuplicatesOrder, 'datasetId' | 'similarity'>;

interface SearchUnderWay {
  progress: DuplicateSearch;
  abort: AbortController;
}

export class DuplicateFinder {
  readonly #options: DuplicateFinderOptions;
  readonly #found = new Map<string, Duplicates>();
  #search: SearchUnderWay | null = null;

  constructor(options: DuplicateFinderOptions) {
    this.#options = options;
  }

  /** The search under way in the set, and what the last one found in it. */
  read(datasetId: string): { search: DuplicateSearch | null; found: Duplicates | null } {
    const progress = this.#search?.progress ?? null;
    return {
      search: progress?.datasetId === datasetId ? progress : null,
      found: this.#found.get(datasetId) ?? null,
    };
  }

  /** Answers when all is found. Throws `duplicates.busy`, `duplicates.cancelled`, `duplicates.process-ended`, `dataset.…`. */
  async find(wanted: Wanted): Promise<Duplicates> {
    if (this.#search !== null) {
      throw new WeftError(
        'duplicates.busy',
        'A search for duplicates is under way; there can be one at a time.',
        'Cancel it, or wait until it is over.',
      );
    }
    const { datasetId } = wanted;
    const abort = new AbortController();
    this.#search = { progress: { datasetId, share: 0, secondsLeft: null }, abort };
    this.#options.onProgress(this.#search.progress);
    try {
      const found = await this.#ask(wanted, this.#search);
      this.#found.set(datasetId, found);
      return found;
    } finally {
      this.#search = null;
      this.#options.onProgress({ datasetId, share: null, secondsLeft: null });
    }
  }

  /** Ends the search in the set at once, if there is one. */
  cancel(datasetId: string): void {
    if (this.#search?.progress.datasetId !== datasetId) return;
    this.#search.abort.abort(
      new WeftError('duplicates.cancelled', 'The search for duplicates was cancelled.'),
    );
  }

  /** What was found in a set that is no longer there. */
  forget(datasetId: string): void {
    this.cancel(datasetId);
    this.#found.delete(datasetId);
  }

  close(): void {
    if (this.#search !== null) this.cancel(this.#search.progress.datasetId);
  }

  #ask(wanted: Wanted, search: SearchUnderWay): Promise<Duplicates> {
    const { dataDirectory, spawnTraining, onProgress } = this.#options;
    const { datasetId } = wanted;
    let started: number | null = null;
    return carryOut(spawnTraining, {
      order: { kind: 'findDuplicates', requestId: 1, dataDirectory, ...wanted },
      signal: search.abort.signal,
      take: (message) => {
        if (message.kind === 'duplicatesFound') return { result: message.result };
        if (message.kind !== 'duplicatesProgressed') return undefined;
        started ??= performance.now();
        const { share } = message;
        const seconds = (performance.now() - started) / 1000;
        const secondsLeft = share === 0 ? null : (seconds / share) * (1 - share);
        search.progress = { datasetId, share, secondsLeft };
        onProgress(search.progress);
        return undefined;
      },
      ended: (reason) =>
        new WeftError(
          'duplicates.process-ended',
          `The process that looks for duplicates ended before it was done (${reason}).`,
          'Try again.',
        ),
    });
  }
}
