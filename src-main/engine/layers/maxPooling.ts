import { poolingLayer } from './pooling.ts';

/** Yamaguchi, Sakamoto, Akabane and Fujimoto, "A neural network for speaker-independent isolated word recognition", 1990. */
export const maxPooling = poolingLayer(
  {
    type: 'max-pooling',
    label: 'Max pooling',
    help: 'Keeps the largest number of every window, channel by channel: max(x) over size x size pixels, without padding.',
  },
  (pool) => ({
    forward: ({ kernels }, input, output, from, to) => kernels.maxPool(input, output, pool, from, to),
    backward: ({ kernels }, { input, output, dOutput, dInput }, from, to) =>
      kernels.maxPoolBack(input, output, dOutput, dInput, pool, from, to),
  }),
);
