import { learningRateOption } from '../options.ts';
import type { Optimizer } from './optimizer.ts';

export const gradientDescent: Optimizer = {
  description: {
    type: 'gradient-descent',
    label: 'Gradient descent',
    help: 'w -= rate * g',
    options: [learningRateOption(0.1)],
  },
  slots: [],
  writeConstants: (_component, _step, learningRate, into) => {
    into[0] = learningRate;
  },
  update: (constants, parameters, gradients, _slots, from, to) => {
    const rate = constants[0]!;
    for (let index = from; index < to; index += 1) {
      parameters[index] = parameters[index]! - rate * gradients[index]!;
    }
  },
};
