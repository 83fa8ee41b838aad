import { learningRateOption, numberOf } from '../options.ts';
import { momentumOption } from './momentum.ts';
import type { Optimizer } from './optimizer.ts';
import { flushFirstMoment } from './subnormals.ts';

/** Nesterov's momentum in the form of Sutskever et al., 2013, that needs the gradient at the present weights only. */
export const nesterov: Optimizer = {
  description: {
    type: 'nesterov',
    label: 'Nesterov momentum',
    help: 'v = momentum * v + g; w -= rate * (g + momentum * v) (Nesterov, 1983; Sutskever et al., 2013)',
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
      const gradient = gradients[index]!;
      const velocity = flushFirstMoment(kept * velocities[index]! + gradient);
      velocities[index] = velocity;
      parameters[index] = parameters[index]! - rate * (gradient + kept * velocity);
    }
  },
};
