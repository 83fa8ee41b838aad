import { numberOf, numberOption } from '../options.ts';
import { warmupOption, type Schedule } from './schedule.ts';

export const exponential: Schedule = {
  description: {
    type: 'exponential',
    label: 'Exponential',
    help: 'rate * factor^(step / steps an epoch): smooth, one factor an epoch.',
    options: [
      numberOption('factor', 'Factor', 'What is left of the rate after an epoch.', {
        default: 0.95,
        minimum: 0.001,
        maximum: 1,
      }),
      warmupOption,
    ],
  },
  factor: (component, { step, stepsPerEpoch }) => numberOf(component, 'factor') ** (step / stepsPerEpoch),
};
