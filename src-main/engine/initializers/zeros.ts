import type { Initializer } from './initializer.ts';

export const zeros: Initializer = {
  description: {
    type: 'zeros',
    label: 'Zeros',
    help: 'Every number starts at 0: right for biases; as weights, all units of a layer would stay equal.',
    options: [],
  },
  sampler: () => () => 0,
};
