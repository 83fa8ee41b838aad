import type { Activation } from './activation.ts';

export const relu: Activation = {
  type: 'relu',
  label: 'ReLU',
  help: 'max(0, x)',
  value: (input) => Math.max(0, input),
  slope: (_input, output) => (output > 0 ? 1 : 0),
  slopeFrom: 'output',
};
