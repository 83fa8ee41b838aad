import { learningRateOption, numberOf, numberOption } from '../options.ts';
import type { Optimizer } from './optimizer.ts';
import { flushFirstMoment } from './subnormals.ts';

/** The share of the last velocity that is kept: an option of momentum and Nesterov. */
export const momentumOption = numberOption(
  'momentum',
  'Momentum',
  'The share of the last velocity that is kept.',
  {
    default: 0.9,
    minimum: 0,
    maximum: 0.9999,
  },
);

/** Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, with the rate outside the velocity. */
export const momentum: Optimizer = {
  description: {
    type: 'momentum',
    label: 'Momentum',
    help: 'v = momentum * v + g; w -= rate * v (Polyak, 1964)',
    options: [learningRateOption(0.01), momentumOption],
  },
  slots: ['velocity'],
  writeConstants: (component, _step, learningRate, into) => {
    into[0] = learningRate;
    into[1] = numberOf(component, 'momentum');
  },
  update: (constants, parameters, gradients, slots, from, to) => {
    const [rate, kept] = [constants[0]!, constants[1]!];
    const velocities = slots[0]!;
    for (let index = from; index < to; index += 1) {
      const velocity = flushFirstMoment(kept * velocities[index]! + gradients[index]!);
      velocities[index] = velocity;
      parameters[index] = parameters[index]! - rate * velocity;
    }
  },
};
