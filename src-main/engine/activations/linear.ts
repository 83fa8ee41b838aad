import type { Activation } from './activation.ts';

export const linear: Activation = {
  type: 'linear',
  label: 'Linear',
  help: 'x, unchanged',
  value: (input) => input,
  slope: () => 1,
  slopeFrom: 'output',
};
