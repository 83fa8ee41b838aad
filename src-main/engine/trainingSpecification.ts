import type { Recipe } from '../../src-shared/schemas/recipe.ts';

/** What a recipe says of a single step and the network can't be planned without. Plain data. */
export interface TrainingSpecification extends Pick<
  Recipe,
  | 'optimizer'
  | 'penalties'
  | 'labelSmoothing'
  | 'classWeights'
  | 'mixup'
  | 'augmentation'
  | 'clipping'
  | 'maxNorm'
  | 'weightAveraging'
> {
  /** How many images are kept in the arena to train on. */
  imageCount: number;
}

/** The part of the recipe that a network trained on so many images is planned from. */
export function trainingSpecificationOf(recipe: Recipe, imageCount: number): TrainingSpecification {
  const { optimizer, penalties, labelSmoothing, classWeights, mixup, clipping, maxNorm } = recipe;
  const { augmentation, weightAveraging } = recipe;
  return {
    optimizer,
    penalties,
    labelSmoothing,
    classWeights,
    mixup,
    augmentation,
    clipping,
    maxNorm,
    weightAveraging,
    imageCount,
  };
}
