import { numberOf, numberOption } from '../options.ts';
import type { Schedule } from './schedule.ts';

/** From `from` at `done = 0` to `to` at `done = 1`, along half a cosine. */
const annealed = (from: number, to: number, done: number): number =>
  to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * done));

/**
 * Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018, with
 * the two cosines of PyTorch's `OneCycleLR`. The base rate is the peak. It has no other warm-up: it starts with one.
 */
export const oneCycle: Schedule = {
  description: {
    type: 'one-cycle',
    label: 'One cycle',
    help:
      'Rises along half a cosine from rate / startDivisor to the rate, then falls along another over the rest of the ' +
      'run, to rate / (startDivisor * finalDivisor) (Smith and Topin, 2018).',
    options: [
      numberOption('warmupShare', 'Share of the rise', 'The share of the run in which the rate rises.', {
        default: 0.3,
        minimum: 0,
        maximum: 0.99,
      }),
      numberOption(
        'startDivisor',
        'Start divisor',
        'How many times smaller than its peak the rate is at the start.',
        { default: 25, minimum: 1, maximum: 1e6 },
        'log',
      ),
      numberOption(
        'finalDivisor',
        'Final divisor',
        'How many times smaller than at the start the rate is at the end.',
        { default: 1e4, minimum: 1, maximum: 1e9 },
        'log',
      ),
    ],
  },
  factor: (component, { step, totalSteps }) => {
    const start = 1 / numberOf(component, 'startDivisor');
    const final = start / numberOf(component, 'finalDivisor');
    const lastStep = totalSteps - 1;
    const peakStep = numberOf(component, 'warmupShare') * totalSteps - 1;
    if (step < peakStep) return annealed(start, 1, step / peakStep);
    return annealed(1, final, Math.min(1, (step - peakStep) / (lastStep - peakStep)));
  },
};
