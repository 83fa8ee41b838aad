import { learningRateOption, numberOf, numberOption } from '../options.ts';
import type { Optimizer } from './optimizer.ts';
import { flushFirstMoment } from './subnormals.ts';

/**
 * Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2; biases decay like weights. Where the
 * direction is too small to be kept as a moment, it counts as 0, and so does its sign.
 */
export const lion: Optimizer = {
  description: {
    type: 'lion',
    label: 'Lion',
    help:
      'w -= rate * (sign(beta1 * m + (1 - beta1) * g) + weightDecay * w); m = beta2 * m + (1 - beta2) * g ' +
      '(Chen et al., 2023). Every step is of full size: take a third to a tenth of the rate of Adam.',
    options: [
      learningRateOption(0.0001),
      numberOption('beta1', 'Beta 1', 'The share of the mean gradient in the direction of the step.', {
        default: 0.9,
        minimum: 0,
        maximum: 0.9999,
      }),
      numberOption('beta2', 'Beta 2', 'The share of the mean gradient that is kept.', {
        default: 0.99,
        minimum: 0,
        maximum: 0.999999,
      }),
      numberOption(
        'weightDecay',
        'Weight decay',
        'How strongly weights are pulled to 0, apart from the gradient.',
        { default: 0, minimum: 0, maximum: 1 },
      ),
    ],
  },
  slots: ['mean'],
  writeConstants: (component, _step, learningRate, into) => {
    const beta1 = numberOf(component, 'beta1');
    const beta2 = numberOf(component, 'beta2');
    into[0] = learningRate;
    into[1] = beta1;
    into[2] = 1 - beta1;
    into[3] = beta2;
    into[4] = 1 - beta2;
    into[5] = 1 - learningRate * numberOf(component, 'weightDecay');
  },
  update: (constants, parameters, gradients, slots, from, to) => {
    const [rate, beta1, added1] = [constants[0]!, constants[1]!, constants[2]!];
    const [beta2, added2, keptWeight] = [constants[3]!, constants[4]!, constants[5]!];
    const means = slots[0]!;
    for (let index = from; index < to; index += 1) {
      const gradient = gradients[index]!;
      const mean = means[index]!;
      const direction = flushFirstMoment(beta1 * mean + added1 * gradient);
      means[index] = flushFirstMoment(beta2 * mean + added2 * gradient);
      parameters[index] = keptWeight * parameters[index]! - rate * Math.sign(direction);
    }
  },
};
