import type { Component, OptionDescription } from '../../../src-shared/schemas/component.ts';
import { learningRateOption, numberOf, numberOption } from '../options.ts';
import type { Optimizer } from './optimizer.ts';
import { epsilonOption } from './rmsprop.ts';
import { flushFirstMoment, raiseSecondMoment } from './subnormals.ts';

/** The options of Adam and AdamW. */
export const adamOptions: readonly OptionDescription[] = [
  learningRateOption(0.001),
  numberOption('beta1', 'Beta 1', 'The share of the mean gradient that is kept.', {
    default: 0.9,
    minimum: 0,
    maximum: 0.9999,
  }),
  numberOption('beta2', 'Beta 2', 'The share of the mean square that is kept.', {
    default: 0.999,
    minimum: 0,
    maximum: 0.999999,
  }),
  epsilonOption,
];

/** The constants of Adam and AdamW; `keptWeight` is what a weight is multiplied by before the step. */
export function writeAdamConstants(
  component: Component,
  step: number,
  learningRate: number,
  keptWeight: number,
  into: Float64Array,
): void {
  const beta1 = numberOf(component, 'beta1');
  const beta2 = numberOf(component, 'beta2');
  into[0] = learningRate / (1 - beta1 ** step);
  into[1] = 1 / Math.sqrt(1 - beta2 ** step);
  into[2] = beta1;
  into[3] = 1 - beta1;
  into[4] = beta2;
  into[5] = 1 - beta2;
  into[6] = numberOf(component, 'epsilon');
  into[7] = keptWeight;
}

/** `m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = kept w - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon)`. */
export const adamUpdate: Optimizer['update'] = (constants, parameters, gradients, slots, from, to) => {
  const [stepSize, correction] = [constants[0]!, constants[1]!];
  const [beta1, added1, beta2, added2] = [constants[2]!, constants[3]!, constants[4]!, constants[5]!];
  const [epsilon, keptWeight] = [constants[6]!, constants[7]!];
  const means = slots[0]!;
  const meanSquares = slots[1]!;
  for (let index = from; index < to; index += 1) {
    const gradient = gradients[index]!;
    const mean = flushFirstMoment(beta1 * means[index]! + added1 * gradient);
    const meanSquare = raiseSecondMoment(beta2 * meanSquares[index]! + added2 * gradient * gradient);
    means[index] = mean;
    meanSquares[index] = meanSquare;
    const denominator = Math.sqrt(meanSquare) * correction + epsilon;
    parameters[index] = keptWeight * parameters[index]! - (stepSize * mean) / denominator;
  }
};

/** Kingma and Ba, "Adam: a method for stochastic optimization", 2014, algorithm 1. */
export const adam: Optimizer = {
  description: {
    type: 'adam',
    label: 'Adam',
    help: 'Steps scaled by running means of the gradient and of its square (Kingma and Ba, 2014).',
    options: [...adamOptions],
  },
  slots: ['mean', 'meanSquare'],
  writeConstants: (component, step, learningRate, into) =>
    writeAdamConstants(component, step, learningRate, 1, into),
  update: adamUpdate,
};
