// How much arithmetic a recipe's training step is: decides about threads and passes.
import { operationsPerImage } from './architecture.ts';
import type { TrainerOptions } from './types.ts';

/** Forward, gradient by the weights and gradient by the inputs: each about the arithmetic of the first. */
const passesOfAStep = 3;
/**
 * The arithmetic of a step up to which it is one pass. A larger one first adds up all gradients and then moves the
 * parameters, so that it can be given up in between.
 */
export const workOfOnePass = 4e9;

/** The arithmetic of a step. */
export function workOfStep(options: TrainerOptions): number {
  const { recipe, shape, classCount } = options;
  const perImage = operationsPerImage({ shape, classCount, layers: recipe.layers });
  return passesOfAStep * perImage * batchSizeOf(options);
}

/** Images in a step; the last one of an epoch may have fewer. */
export function batchSizeOf({ recipe, trainIndices }: TrainerOptions): number {
  return recipe.batchSize === 'full' ? trainIndices.length : Math.min(recipe.batchSize, trainIndices.length);
}
