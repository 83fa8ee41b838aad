// Which of the changes of images a recipe asks for: for the engine, and for whoever says it in words.
import { noAugmentation, type Augmentation } from './schemas/recipe.ts';

/** Every change that can be asked for; `erasedArea` only says how `erasing` is done. */
export const augmentationChanges = [
  'horizontalFlip',
  'translation',
  'rotation',
  'scale',
  'shear',
  'elastic',
  'noise',
  'erasing',
] as const satisfies (keyof Augmentation)[];
export type AugmentationChange = (typeof augmentationChanges)[number];

/** Those that are asked for. */
export const changesOf = (augmentation: Augmentation): AugmentationChange[] =>
  augmentationChanges.filter((change) => augmentation[change] !== noAugmentation[change]);

/** Whether images are changed at all. */
export const isAugmenting = (augmentation: Augmentation): boolean => changesOf(augmentation).length > 0;
