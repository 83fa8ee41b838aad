import type { Activation } from './activation.ts';

/** How much of a negative input comes through. */
export const leak = 0.01;

/** Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013. */
export const leakyRelu: Activation = {
  type: 'leaky-relu',
  label: 'Leaky ReLU',
  help: 'x for x > 0, else 0.01 x',
  value: (input) => (input > 0 ? input : leak * input),
  slope: (_input, output) => (output > 0 ? 1 : leak),
  slopeFrom: 'output',
};
