import { numberOf, numberOption } from '../options.ts';
import { adamOptions, adamUpdate, writeAdamConstants } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/** Loshchilov and Hutter, "Decoupled weight decay regularization", 2017, algorithm 2; biases decay like weights. */
export const adamw: Optimizer = {
  description: {
    type: 'adamw',
    label: 'AdamW',
    help: 'Adam, and each step first takes w -= rate * weightDecay * w (Loshchilov and Hutter, 2017).',
    options: [
      ...adamOptions,
      numberOption(
        'weightDecay',
        'Weight decay',
        'How strongly weights are pulled to 0, apart from the gradient.',
        { default: 0.01, minimum: 0, maximum: 1 },
      ),
    ],
  },
  slots: ['mean', 'meanSquare'],
  writeConstants: (component, step, learningRate, into) => {
    const keptWeight = 1 - learningRate * numberOf(component, 'weightDecay');
    writeAdamConstants(component, step, learningRate, keptWeight, into);
  },
  update: adamUpdate,
};
