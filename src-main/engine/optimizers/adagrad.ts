import { learningRateOption, numberOf } from '../options.ts';
import type { Optimizer } from './optimizer.ts';
import { epsilonOption } from './rmsprop.ts';
import { raiseSecondMoment } from './subnormals.ts';

/** Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011. */
export const adagrad: Optimizer = {
  description: {
    type: 'adagrad',
    label: 'Adagrad',
    help: 's += g^2; w -= rate * g / (sqrt(s) + epsilon) (Duchi, Hazan and Singer, 2011)',
    options: [learningRateOption(0.01), epsilonOption],
  },
  slots: ['squareSum'],
  writeConstants: (component, _step, learningRate, into) => {
    into[0] = learningRate;
    into[1] = numberOf(component, 'epsilon');
  },
  update: (constants, parameters, gradients, slots, from, to) => {
    const [rate, epsilon] = [constants[0]!, constants[1]!];
    const squareSums = slots[0]!;
    for (let index = from; index < to; index += 1) {
      const gradient = gradients[index]!;
      const squareSum = raiseSecondMoment(squareSums[index]! + gradient * gradient);
      squareSums[index] = squareSum;
      parameters[index] = parameters[index]! - (rate * gradient) / (Math.sqrt(squareSum) + epsilon);
    }
  },
};
