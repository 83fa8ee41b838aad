// How many images each choice of a class would list, from the confusion matrix.
import type { ImageFilter } from '../../../src-shared/metrics/imageSelection.ts';

type Matrix = readonly (readonly number[])[];

/** The images that the filter lets through. */
export function countImages(matrix: Matrix, filter: ImageFilter): number {
  let count = 0;
  matrix.forEach((row, trueClass) => {
    if (filter.trueClass !== null && filter.trueClass !== trueClass) return;
    row.forEach((images, predictedClass) => {
      if (filter.predictedClass !== null && filter.predictedClass !== predictedClass) return;
      if (!filter.onlyWrong || trueClass !== predictedClass) count += images;
    });
  });
  return count;
}

/** The counts with each class in place of the filter's true class. */
export function countsByTrueClass(matrix: Matrix, filter: ImageFilter): number[] {
  return matrix.map((_, trueClass) => countImages(matrix, { ...filter, trueClass }));
}

/** The counts with each class in place of the filter's predicted class. */
export function countsByPredictedClass(matrix: Matrix, filter: ImageFilter): number[] {
  return matrix.map((_, predictedClass) => countImages(matrix, { ...filter, predictedClass }));
}
