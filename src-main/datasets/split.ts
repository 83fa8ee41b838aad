// Decides which images are trained on and which ones validate.
import { WeftError } from '../../src-shared/failure.ts';
import { Random } from '../../src-shared/random.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import type { Validation } from '../../src-shared/schemas/recipe.ts';

export interface ValidationSplit {
  /** Indices into the train split, ascending. */
  trainIndices: Uint32Array;
  /** Which split the validation images come from. */
  validationSplit: Split;
  /** Indices into that split, ascending. */
  validationIndices: Uint32Array;
}

const range = (start: number, end: number): Uint32Array =>
  Uint32Array.from({ length: end - start }, (_, index) => start + index);

/** Image indices of each class that has any, in order. */
function indicesByClass(labels: Uint8Array): Uint32Array[] {
  const lists = new Map<number, number[]>();
  labels.forEach((label, image) => {
    const list = lists.get(label);
    if (list === undefined) lists.set(label, [image]);
    else list.push(image);
  });
  return [...lists.entries()].sort(([a], [b]) => a - b).map(([, list]) => Uint32Array.from(list));
}

/**
 * How many of each class are held out: `fraction` of each, rounded down, and what is then missing from the rounded
 * whole goes to the classes with the largest remainders.
 */
function heldOutCounts(classSizes: readonly number[], fraction: number): number[] {
  const exact = classSizes.map((size) => size * fraction);
  const counts = exact.map(Math.floor);
  const total = Math.round(classSizes.reduce((sum, size) => sum + size, 0) * fraction);
  const missing = total - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) counts[index] = counts[index]! + 1;
  return counts;
}

function stratified(labels: Uint8Array, fraction: number, seed: number): ValidationSplit {
  const random = Random.fromSeed(seed, 'validation-split');
  const classes = indicesByClass(labels);
  const counts = heldOutCounts(
    classes.map((indices) => indices.length),
    fraction,
  );
  const isHeldOut = new Uint8Array(labels.length);
  classes.forEach((indices, index) => {
    random.shuffle(indices);
    for (const image of indices.subarray(0, counts[index])) isHeldOut[image] = 1;
  });
  return heldOut(isHeldOut);
}

/**
 * One fold of a cross-validation: the images of each class, in an order drawn by the seed, are dealt out to the folds in
 * turn, and `fold` (from 1) is held out. So each image is held out by exactly one of the folds of a seed.
 */
function foldOf(labels: Uint8Array, folds: number, fold: number, seed: number): ValidationSplit {
  const random = Random.fromSeed(seed, 'validation-split');
  const isHeldOut = new Uint8Array(labels.length);
  // The next class begins where the last one ended, so that folds differ by one image at most.
  let place = 0;
  for (const indices of indicesByClass(labels)) {
    random.shuffle(indices);
    for (const image of indices) {
      if (place % folds === fold - 1) isHeldOut[image] = 1;
      place += 1;
    }
  }
  return heldOut(isHeldOut);
}

function heldOut(isHeldOut: Uint8Array): ValidationSplit {
  const all = range(0, isHeldOut.length);
  return {
    trainIndices: all.filter((image) => isHeldOut[image] === 0),
    validationSplit: 'train',
    validationIndices: all.filter((image) => isHeldOut[image] === 1),
  };
}

function propose(
  labels: Uint8Array,
  testCount: number,
  validation: Validation,
  seed: number,
): ValidationSplit {
  switch (validation.type) {
    case 'stratified':
      return stratified(labels, validation.fraction, seed);
    case 'fold':
      return foldOf(labels, validation.folds, validation.fold, seed);
    case 'first': {
      const count = Math.min(validation.count, labels.length);
      return {
        trainIndices: range(count, labels.length),
        validationSplit: 'train',
        validationIndices: range(0, count),
      };
    }
    case 'test':
      return {
        trainIndices: range(0, labels.length),
        validationSplit: 'test',
        validationIndices: range(0, testCount),
      };
  }
}

/**
 * Splits a training set as the recipe says. `labels` are those of the train split, `testCount` the images of the test
 * split. The same labels, validation and seed give the same split. Throws `split.nothing-to-train` and
 * `split.nothing-to-validate` when one side would be empty.
 */
export function splitValidation(
  labels: Uint8Array,
  testCount: number,
  validation: Validation,
  seed: number,
): ValidationSplit {
  const split = propose(labels, testCount, validation, seed);
  if (split.trainIndices.length === 0) {
    throw new WeftError(
      'split.nothing-to-train',
      `Holding out ${split.validationIndices.length} of the ${labels.length} training images would leave none to train on.`,
      'Hold out fewer images for validation.',
    );
  }
  if (split.validationIndices.length === 0) {
    const source = validation.type === 'test' ? `${testCount} test` : `${labels.length} training`;
    throw new WeftError(
      'split.nothing-to-validate',
      `The validation part of ${source} images would be empty.`,
      'Hold out a larger part for validation, or use a larger dataset.',
    );
  }
  return split;
}
