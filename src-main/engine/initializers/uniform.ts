import { numberOf, numberOption } from '../options.ts';
import type { Initializer } from './initializer.ts';

export const uniform: Initializer = {
  description: {
    type: 'uniform',
    label: 'Uniform',
    help: 'Uniform between -limit and limit.',
    options: [
      numberOption('limit', 'Limit', 'The largest size a number drawn can have.', {
        default: 0.5,
        minimum: 0,
        maximum: 10,
      }),
    ],
  },
  sampler: (component, _fans, random) => {
    const limit = numberOf(component, 'limit');
    return () => random.uniform(-limit, limit);
  },
};
