// A dataset as a person corrected it, and its split: drawn as without the corrections, so that runs with and without them
// are trained and validated on the same images as far as these are used.
import { applyCorrections, changeCorrections } from '../../src-shared/corrections.ts';
import { WeftError } from '../../src-shared/failure.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { Corrections } from '../files/corrections.ts';
import { splitValidation, type ValidationSplit } from './split.ts';
import type { Dataset } from './types.ts';

/**
 * Throws `corrections.other-images`, `corrections.no-such-image` and `corrections.no-such-class` when the corrections can't
 * be of this set.
 */
export function checkCorrectable(dataset: Dataset, { dataset: of, list }: Corrections): void {
  if (of.fingerprint !== dataset.fingerprint) {
    throw new WeftError(
      'corrections.other-images',
      `The corrections are of other images than those of ${dataset.name} on this computer.`,
    );
  }
  changeCorrections([], list, { labels: dataset.train.labels, classCount: dataset.classes.length });
}

export interface CorrectedDataset extends Dataset {
  /** 1 for a training image that is left out, one byte each. */
  isExcluded: Uint8Array;
}

/** The set with the labels that its training images were given; its pixels and its test images are the same. Throws as `checkCorrectable`. */
export function correctDataset(dataset: Dataset, corrections: Corrections | null): CorrectedDataset {
  const { train } = dataset;
  if (corrections === null) return { ...dataset, isExcluded: new Uint8Array(train.labels.length) };
  checkCorrectable(dataset, corrections);
  const { labels, isExcluded } = applyCorrections(train.labels, corrections.list);
  return { ...dataset, train: { pixels: train.pixels, labels }, isExcluded };
}

/**
 * The set as it is trained on with the corrections, and what is trained on and validated: the recipe's split of the set's own
 * labels, without the images that are excluded. Throws as `correctDataset`, and `split.…` when nothing is left of one part.
 */
export function splitCorrected(
  dataset: Dataset,
  { validation, seed }: Pick<Recipe, 'validation' | 'seed'>,
  corrections: Corrections | null,
): { dataset: CorrectedDataset; split: ValidationSplit } {
  const corrected = correctDataset(dataset, corrections);
  const drawn = splitValidation(dataset.train.labels, dataset.test.labels.length, validation, seed);
  const { validationSplit } = drawn;
  const isUsed = (image: number): boolean => corrected.isExcluded[image] === 0;
  const split: ValidationSplit = {
    validationSplit,
    trainIndices: drawn.trainIndices.filter(isUsed),
    validationIndices:
      validationSplit === 'train' ? drawn.validationIndices.filter(isUsed) : drawn.validationIndices,
  };
  const { length: trained } = split.trainIndices;
  if (trained === 0 || split.validationIndices.length === 0) {
    throw new WeftError(
      trained === 0 ? 'split.nothing-to-train' : 'split.nothing-to-validate',
      `Corrections of ${dataset.name} exclude every image that would be ${trained === 0 ? 'trained' : 'validated'} on.`,
      'Withdraw some of them, or train without corrections.',
    );
  }
  return { dataset: corrected, split };
}
