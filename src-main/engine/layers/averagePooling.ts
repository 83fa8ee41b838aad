import { averagePool, poolingLayer } from './pooling.ts';

/** LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998, as subsampling. */
export const averagePooling = poolingLayer(
  {
    type: 'average-pooling',
    label: 'Average pooling',
    help: 'Keeps the mean of every window, channel by channel: sum x / size^2 over size x size pixels, without padding.',
  },
  averagePool,
);
