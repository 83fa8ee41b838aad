import { integerOption, numberOf, numberOption } from '../options.ts';
import { warmupOption, type Schedule } from './schedule.ts';

/**
 * Drops the rate when the validation loss stays on a plateau: what He et al. did by hand in "Deep residual learning for
 * image recognition", 2015. The rate stays as it is while no validation loss is observed.
 */
export const plateau = {
  description: {
    type: 'plateau',
    label: 'Plateau',
    help: 'rate * factor^drops: drops whenever the validation loss has not improved for some epochs (He et al., 2015).',
    options: [
      numberOption('factor', 'Factor', 'What the rate is multiplied by at each drop.', {
        default: 0.5,
        minimum: 0.001,
        maximum: 0.999,
      }),
      integerOption(
        'patience',
        'Patience',
        'Epochs in a row without a better validation loss before a drop.',
        {
          default: 3,
          minimum: 1,
          maximum: 100_000,
        },
      ),
      numberOption(
        'minimumDelta',
        'Least improvement',
        'By how much the validation loss must fall below its best to count as better.',
        { default: 1e-4, minimum: 0, maximum: 10 },
      ),
      numberOption('minimumShare', 'Least share', 'The share of the rate that it never falls below.', {
        default: 0.001,
        minimum: 0,
        maximum: 1,
      }),
      warmupOption,
    ],
  },
  factor: (component, _progress, { drops }) =>
    Math.max(numberOf(component, 'minimumShare'), numberOf(component, 'factor') ** drops),
  afterEpoch: (component, { bestLoss, badEpochs, drops }, validationLoss) => {
    if (validationLoss < bestLoss - numberOf(component, 'minimumDelta')) {
      return { bestLoss: validationLoss, badEpochs: 0, drops };
    }
    const isPatienceOver = badEpochs + 1 >= numberOf(component, 'patience');
    return isPatienceOver
      ? { bestLoss, badEpochs: 0, drops: drops + 1 }
      : { bestLoss, badEpochs: badEpochs + 1, drops };
  },
} satisfies Schedule;
