import { numberOf, numberOption } from '../options.ts';
import { adamConstants, adamOptions, adamUpdate } from './adam.ts';
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
  constants: (component, step, learningRate) =>
    adamConstants(component, step, learningRate, 1 - learningRate * numberOf(component, 'weightDecay')),
  update: adamUpdate,
};
