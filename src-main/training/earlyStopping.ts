// Watches the validation loss: which epoch was the best, and when to give up waiting for a better one.
import type { EarlyStopping } from '../../src-shared/schemas/recipe.ts';
import type { EpochRecord } from '../../src-shared/schemas/run.ts';
import type { NamedTensor } from '../engine/types.ts';
import type { WatchState } from '../runs/checkpoint.ts';

/** The epoch with the lowest validation loss so far, and its weights. */
export interface BestEpoch {
  record: EpochRecord;
  tensors: NamedTensor[];
}

/** What a watch has seen so far. */
export interface WatchMemory {
  best: BestEpoch | null;
  epochsWithoutImprovement: number;
}

export class EarlyStoppingWatch {
  readonly #options: EarlyStopping;
  #best: BestEpoch | null;
  #epochsWithoutImprovement: number;

  constructor(options: EarlyStopping, memory: WatchMemory = { best: null, epochsWithoutImprovement: 0 }) {
    this.#options = options;
    this.#best = memory.best;
    this.#epochsWithoutImprovement = memory.epochsWithoutImprovement;
  }

  get best(): BestEpoch | null {
    return this.#best;
  }

  get isPatienceOver(): boolean {
    return this.#epochsWithoutImprovement >= this.#options.patience;
  }

  /** What it has seen so far, but for the weights of the best epoch. */
  get state(): WatchState {
    return {
      best: this.#best?.record ?? null,
      epochsWithoutImprovement: this.#epochsWithoutImprovement,
    };
  }

  /** An epoch counts as better when its loss is lower by more than the recipe's minimum; `tensors` are its weights. */
  observe(record: EpochRecord, tensors: () => NamedTensor[]): void {
    const least =
      this.#best === null ? Infinity : this.#best.record.validationLoss - this.#options.minimumDelta;
    if (record.validationLoss < least) {
      this.#best = { record, tensors: tensors() };
      this.#epochsWithoutImprovement = 0;
    } else {
      this.#epochsWithoutImprovement += 1;
    }
  }
}
