import { strideOf } from './arena.ts';
import { placeLayers } from './architecture.ts';
import type { Architecture } from './types.ts';

/** A larger batch is processed in passes of at most this many images: memory stays bounded, and pausing quick. */
const maximumRows = 1024;
/** Fewer images a pass only for batches of fewer; predicting takes at least as many. */
const minimumRows = 64;
/** What the activations of a pass may take together, in numbers. */
const maximumNumbers = 2 ** 25;

/**
 * The most images in one pass over the network. It depends on the recipe alone, not on threads or machine, so that
 * sums are made in the same order everywhere.
 */
export function rowsOfPass(architecture: Architecture, batchSize: number | 'full'): number {
  const numbersOfImage = placeLayers(architecture)
    .map(({ outputShape }) => strideOf(outputShape.reduce((product, size) => product * size, 1)))
    .reduce((sum, numbers) => sum + numbers, 0);
  const affordable = Math.min(maximumRows, Math.floor(maximumNumbers / numbersOfImage));
  const wanted = batchSize === 'full' ? maximumRows : batchSize;
  return Math.max(minimumRows, Math.min(affordable, wanted));
}
