import { numberOf, numberOption } from '../options.ts';
import { warmupOption, type Schedule } from './schedule.ts';

/** Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016; one period, no restart. */
export const cosine: Schedule = {
  description: {
    type: 'cosine',
    label: 'Cosine',
    help: 'Falls along half a cosine over the whole run, to final * rate (Loshchilov and Hutter, 2016).',
    options: [
      numberOption('final', 'Final share', 'What is left of the rate at the end of the run.', {
        default: 0,
        minimum: 0,
        maximum: 1,
      }),
      warmupOption,
    ],
  },
  factor: (component, { step, totalSteps }) => {
    const final = numberOf(component, 'final');
    const done = Math.min(1, step / totalSteps);
    return final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * done));
  },
};
