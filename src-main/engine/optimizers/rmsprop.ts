import { learningRateOption, numberOf, numberOption } from '../options.ts';
import type { Optimizer } from './optimizer.ts';
import { raiseSecondMoment } from './subnormals.ts';

/** Keeps the division finite where a gradient was always 0: an option of RMSProp and Adam. */
export const epsilonOption = numberOption(
  'epsilon',
  'Epsilon',
  'Keeps the division finite where gradients are tiny.',
  { default: 1e-8, minimum: 1e-12, maximum: 1 },
  'log',
);

/** Tieleman and Hinton, Lecture 6.5 of "Neural networks for machine learning", 2012. */
export const rmsprop: Optimizer = {
  description: {
    type: 'rmsprop',
    label: 'RMSProp',
    help: 's = decay * s + (1 - decay) * g^2; w -= rate * g / (sqrt(s) + epsilon) (Tieleman and Hinton, 2012)',
    options: [
      learningRateOption(0.001),
      numberOption('decay', 'Decay', 'The share of the mean square that is kept.', {
        default: 0.9,
        minimum: 0,
        maximum: 0.9999,
      }),
      epsilonOption,
    ],
  },
  slots: ['meanSquare'],
  writeConstants: (component, _step, learningRate, into) => {
    const decay = numberOf(component, 'decay');
    into[0] = learningRate;
    into[1] = decay;
    into[2] = 1 - decay;
    into[3] = numberOf(component, 'epsilon');
  },
  update: (constants, parameters, gradients, slots, from, to) => {
    const [rate, kept, added, epsilon] = [constants[0]!, constants[1]!, constants[2]!, constants[3]!];
    const meanSquares = slots[0]!;
    for (let index = from; index < to; index += 1) {
      const gradient = gradients[index]!;
      const meanSquare = raiseSecondMoment(kept * meanSquares[index]! + added * gradient * gradient);
      meanSquares[index] = meanSquare;
      parameters[index] = parameters[index]! - (rate * gradient) / (Math.sqrt(meanSquare) + epsilon);
    }
  },
};
