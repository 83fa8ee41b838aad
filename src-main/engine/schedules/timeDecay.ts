import { numberOf, numberOption } from '../options.ts';
import { warmupOption, type Schedule } from './schedule.ts';

export const timeDecay: Schedule = {
  description: {
    type: 'time-decay',
    label: 'Time-based decay',
    help: 'rate / (1 + decay * step)',
    options: [
      numberOption('decay', 'Decay', 'How fast the rate falls: it is halved after 1 / decay steps.', {
        default: 1e-4,
        minimum: 0,
        maximum: 1,
      }),
      warmupOption,
    ],
  },
  factor: (component, { step }) => 1 / (1 + numberOf(component, 'decay') * step),
};
