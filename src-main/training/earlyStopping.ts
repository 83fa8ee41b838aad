// Watches the validation loss: which epoch was the best, and when to give up waiting for a better one.
import type { EarlyStopping } from '../../src-shared/schemas/recipe.ts';
import type { NamedTensor } from '../engine/types.ts';

/** The weights of the epoch with the lowest validation loss so far. */
export interface BestEpoch {
  epoch: number;
  validationLoss: number;
  tensors: NamedTensor[];
}

export class EarlyStoppingWatch {
  readonly #options: EarlyStopping;
  #best: BestEpoch | undefined;
  #epochsWithoutImprovement = 0;

  constructor(options: EarlyStopping) {
    this.#options = options;
  }

  get best(): BestEpoch | undefined {
    return this.#best;
  }

  get isPatienceOver(): boolean {
    return this.#epochsWithoutImprovement >= this.#options.patience;
  }

  /** An epoch counts as better when its loss is lower by more than the recipe's minimum; `tensors` copies its weights. */
  observe(epoch: number, validationLoss: number, tensors: () => NamedTensor[]): void {
    if (this.#best === undefined || validationLoss < this.#best.validationLoss - this.#options.minimumDelta) {
      this.#best = { epoch, validationLoss, tensors: tensors() };
      this.#epochsWithoutImprovement = 0;
    } else {
      this.#epochsWithoutImprovement += 1;
    }
  }
}
