import type { Activation } from './activation.ts';

/** Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units", 2015. */
export const elu: Activation = {
  type: 'elu',
  label: 'ELU',
  help: 'x for x > 0, else e^x - 1',
  value: (input) => (input > 0 ? input : Math.expm1(input)),
  slope: (_input, output) => (output > 0 ? 1 : output + 1),
  slopeFrom: 'output',
};
