// Whether an export says the same as the model: what was read back from its bytes against the model itself.
import type { ExportCheck } from '../../src-shared/schemas/export.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { meanResult, predictedClasses } from '../../src-shared/metrics/predictions.ts';
import type { CheckImages } from './checkImages.ts';

/** The largest difference between two probabilities that an export may have. */
export const largestDifferenceAllowed = 1e-5;

/** The largest difference between two numbers at the same place; not a number where one isn't. */
export function largestDifferenceOf(one: Float32Array, other: Float32Array): number {
  return one.reduce((largest, value, place) => Math.max(largest, Math.abs(value - other[place]!)), 0);
}

/**
 * Compares `own` and `reloaded`, the probabilities `(images, classes)` of the model and of its export. Throws
 * `export.differs` where the export may not be handed over.
 */
export function compareExport(
  fileName: string,
  images: CheckImages,
  own: Float32Array,
  reloaded: Float32Array,
): Omit<ExportCheck, 'covers'> {
  const count = images.indices.length;
  const classCount = own.length / count;
  const refuse = (what: string): WeftError =>
    new WeftError(
      'export.differs',
      `"${fileName}" was not handed over: read back, it ${what}.`,
      'This is a fault in Weft itself: please report it with the model. Another format may do.',
    );
  if (reloaded.length !== own.length) throw refuse('gives another number of probabilities');
  const largestDifference = largestDifferenceOf(own, reloaded);
  // Written so that "not a number" is refused as well.
  if (!(largestDifference <= largestDifferenceAllowed)) {
    throw refuse(`gives probabilities that differ by up to ${largestDifference} from the model's`);
  }
  const ownClasses = predictedClasses(own, classCount);
  const others = predictedClasses(reloaded, classCount).filter(
    (one, image) => one !== ownClasses[image],
  ).length;
  if (others > 0) throw refuse(`takes ${others} of ${count} images for another class than the model does`);
  const accuracyOf = (probabilities: Float32Array): number | null =>
    images.labels === null ? null : meanResult(probabilities, images.labels, classCount).accuracy;
  return {
    images: count,
    source: images.source,
    largestDifference,
    ownAccuracy: accuracyOf(own),
    reloadedAccuracy: accuracyOf(reloaded),
  };
}
