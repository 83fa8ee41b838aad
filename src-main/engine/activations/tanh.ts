import type { Activation } from './activation.ts';

export const tanh: Activation = {
  type: 'tanh',
  label: 'tanh',
  help: '(e^x - e^-x) / (e^x + e^-x)',
  value: Math.tanh,
  slope: (_input, output) => 1 - output * output,
  slopeFrom: 'output',
};
