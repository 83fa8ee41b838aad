import { integerOption, numberOf, numberOption } from '../options.ts';
import { warmupOption, type Schedule } from './schedule.ts';

export const stepDecay: Schedule = {
  description: {
    type: 'step',
    label: 'Steps',
    help: 'rate * factor^floor(epoch / everyEpochs)',
    options: [
      numberOption('factor', 'Factor', 'What the rate is multiplied by at each drop.', {
        default: 0.5,
        minimum: 0.001,
        maximum: 1,
      }),
      integerOption('everyEpochs', 'Every', 'Epochs between two drops.', {
        default: 10,
        minimum: 1,
        maximum: 100_000,
      }),
      warmupOption,
    ],
  },
  factor: (component, { step, stepsPerEpoch }) => {
    const epoch = Math.floor(step / stepsPerEpoch);
    return numberOf(component, 'factor') ** Math.floor(epoch / numberOf(component, 'everyEpochs'));
  },
};
