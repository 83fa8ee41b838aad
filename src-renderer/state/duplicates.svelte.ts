// Identical and nearly identical images of a dataset: the search for them, and what it found.
import { toErrorData } from '../../src-shared/failure.ts';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { DuplicatePairs, Duplicates, DuplicateSearch } from '../../src-shared/schemas/duplicates.ts';
import type { Client } from '../client.ts';
import { app } from './app.svelte.ts';
import { attempt, toasts } from './toasts.svelte.ts';

/** Pairs as arrays: the earlier image is of the train split. */
export interface FoundPairs {
  first: Uint32Array;
  second: Uint32Array;
  similarities: Float32Array;
  /** How many of them, from the first, are identical. */
  identical: number;
}

/** Where the second image of a pair is. */
export type PairKind = 'withinTrain' | 'acrossSplits';

export interface FoundDuplicates extends Omit<Duplicates, PairKind> {
  withinTrain: FoundPairs;
  acrossSplits: FoundPairs;
}

class DuplicatesState {
  /** The search under way; null where there is none. */
  search = $state.raw<DuplicateSearch | null>(null);
  /** What was found last, of one dataset. */
  found = $state.raw<FoundDuplicates | null>(null);
  #subscribed = false;
  #datasetId = '';

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  /** Asks what is known of the set. */
  want(datasetId: string): void {
    if (this.#datasetId === datasetId) return;
    this.#datasetId = datasetId;
    this.found = null;
    this.#read(app.client);
  }

  start(datasetId: string, similarity: number): void {
    this.search = { datasetId, share: 0, secondsLeft: null };
    app.client.call('duplicates.find', { datasetId, similarity }).then(
      (found) => this.#keep(found),
      (error: unknown) => {
        if (this.search?.datasetId === datasetId) this.search = null;
        if (toErrorData(error).code !== 'duplicates.cancelled') toasts.showError(error);
      },
    );
  }

  cancel(datasetId: string): void {
    attempt(() => app.client.call('duplicates.cancel', { datasetId }));
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('duplicates.progressed', (search) => {
        this.search = search.share === null ? null : search;
        // Another page may have asked for it.
        if (search.share === null && search.datasetId === this.#datasetId) this.#read(client);
      });
    }
    if (this.#datasetId !== '') this.#read(client);
  }

  #read(client: Client): void {
    const datasetId = this.#datasetId;
    attempt(async () => {
      const { search, found } = await client.call('duplicates.read', { datasetId });
      if (datasetId !== this.#datasetId) return;
      if (search !== null) this.search = search;
      if (found !== null) this.#keep(found);
    });
  }

  #keep(found: Duplicates): void {
    if (found.datasetId !== this.#datasetId) return;
    const { withinTrain, acrossSplits } = found;
    this.found = { ...found, withinTrain: decode(withinTrain), acrossSplits: decode(acrossSplits) };
  }
}

function decode({ first, second, similarities, identical }: DuplicatePairs): FoundPairs {
  return {
    first: uint32Of(first),
    second: uint32Of(second),
    similarities: float32Of(similarities),
    identical,
  };
}

export const duplicates = new DuplicatesState();
