// One training image as the draft's augmentation changes it, again and again: drawn anew by the core on every change.
import type { CommandInput, CommandOutput } from '../../src-shared/contract.ts';
import { toErrorData, type ErrorData } from '../../src-shared/failure.ts';
import type { Augmentation } from '../../src-shared/schemas/recipe.ts';
import { app } from './app.svelte.ts';
import { LatestOnly } from './latestOnly.ts';

/** How many times the image is drawn. */
const count = 23;
/** From one image to the next one shown: prime, so that all of a set come up, and neighbours don't. */
const imageStep = 7919;

type Request = CommandInput<'dataset.augment'>;

class AugmentationPreview {
  /** The number of the image among the training images. */
  #place = $state(0);
  /** The copies, and what they were asked for with; null until the first ones are there. */
  shown = $state.raw<(CommandOutput<'dataset.augment'> & { index: number; datasetId: string }) | null>(null);
  failure = $state.raw<ErrorData | null>(null);
  readonly #copies = new LatestOnly<Request, CommandOutput<'dataset.augment'>>({
    ask: (request) => app.client.call('dataset.augment', request),
    onAnswer: (answer, { index, datasetId }) => {
      this.shown = { ...answer, index, datasetId };
      this.failure = null;
    },
    onFailure: (error) => {
      this.failure = toErrorData(error);
    },
  });

  /** Which of so many images is shown. */
  indexOf(trainCount: number): number {
    return (this.#place * imageStep) % Math.max(1, trainCount);
  }

  showAnother(): void {
    this.#place += 1;
  }

  /** Asks for the copies; while an answer is on its way only the latest wish is kept, so that none queue up. */
  show(datasetId: string, index: number, augmentation: Augmentation, seed: number): void {
    this.#copies.ask({ datasetId, index, augmentation, seed, count });
  }
}

export const augmentationPreview = new AugmentationPreview();
