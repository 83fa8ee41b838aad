import type { Activation } from './activation.ts';

export const sigmoid: Activation = {
  type: 'sigmoid',
  label: 'Sigmoid',
  help: '1 / (1 + e^-x)',
  value: (input) => 1 / (1 + Math.exp(-input)),
  slope: (_input, output) => output * (1 - output),
  slopeFrom: 'output',
};
