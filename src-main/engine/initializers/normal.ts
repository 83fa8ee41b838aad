import { numberOf, numberOption } from '../options.ts';
import type { Initializer } from './initializer.ts';

export const normal: Initializer = {
  description: {
    type: 'normal',
    label: 'Normal',
    help: 'Normal around 0 with a chosen deviation.',
    options: [
      numberOption(
        'deviation',
        'Deviation',
        'The standard deviation of the numbers drawn.',
        { default: 0.01, minimum: 1e-6, maximum: 10 },
        'log',
      ),
    ],
  },
  sampler: (component, _fans, random) => {
    const deviation = numberOf(component, 'deviation');
    return () => random.normal(0, deviation);
  },
};
