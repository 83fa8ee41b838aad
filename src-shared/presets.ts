// The ready recipes: what the classroom networks of this kind usually are, each with the choices of its source, and
// what can be reached with more care. These were chosen by their validation accuracy on Fashion-MNIST.
import type { Component } from './schemas/component.ts';
import { noAugmentation, plainOptions, type Recipe, type Validation } from './schemas/recipe.ts';

export interface Preset {
  id: string;
  title: string;
  /** What it is, and what to know about its numbers. */
  description: string;
  recipe: Recipe;
}

const relu = (units: number): Component => ({ type: 'dense', units, activation: 'relu' });
/** What follows a layer without an activation of its own: normalized, then ReLU. */
const normalizedRelu: readonly Component[] = [
  { type: 'batch-norm' },
  { type: 'activation', activation: 'relu' },
];
const normalizedDense = (units: number): readonly Component[] => [
  { type: 'dense', units, activation: 'linear' },
  ...normalizedRelu,
];
const normalizedConvolution = (filters: number): readonly Component[] => [
  { type: 'convolution', filters, kernel: 3, stride: 1, padding: 1, activation: 'linear' },
  ...normalizedRelu,
];
const halved: Component = { type: 'max-pooling', size: 2, stride: 2 };
const noPenalties = { l1: 0, l2: 0 };

/** The network of the Keras notebooks; they differ in what they validate on. */
const kerasRecipe = (name: string, validation: Validation): Recipe => ({
  name,
  layers: [relu(128), relu(64)],
  initializer: { type: 'glorot-uniform' },
  biasInitializer: { type: 'zeros' },
  optimizer: { type: 'adam', learningRate: 0.001 },
  schedule: { type: 'constant' },
  penalties: noPenalties,
  ...plainOptions,
  batchSize: 32,
  epochs: 10,
  validation,
  earlyStopping: null,
  seed: 1,
});

/**
 * What the tuned recipes share: the rate rises and falls once over the run, labels are smoothed, and the epoch that is
 * kept is the one with the least validation loss.
 */
const tunedRecipe = (name: string, layers: readonly Component[], epochs: number, rate: number): Recipe => ({
  name,
  layers: [...layers],
  initializer: { type: 'he-normal' },
  biasInitializer: { type: 'zeros' },
  optimizer: { type: 'adamw', learningRate: rate, weightDecay: 0.01 },
  schedule: { type: 'one-cycle' },
  penalties: noPenalties,
  ...plainOptions,
  labelSmoothing: 0.1,
  batchSize: 128,
  epochs,
  validation: { type: 'stratified', fraction: 0.1 },
  earlyStopping: { patience: epochs, minimumDelta: 0 },
  seed: 1,
});

export const presets: readonly Preset[] = [
  {
    id: 'keras-split',
    title: 'Notebook network, honest split',
    description: '784-128-64-10 with Adam, as in many notebooks, validated on 10 % of the training images.',
    recipe: kerasRecipe('keras-split', { type: 'stratified', fraction: 0.1 }),
  },
  {
    id: 'keras-notebook',
    title: 'Notebook network, validated on test',
    description:
      'The same network validated on the test set, as notebooks often do: what is chosen by watching it is chosen by the test images, so its accuracy is not an honest estimate.',
    recipe: kerasRecipe('keras-notebook', { type: 'test' }),
  },
  {
    id: 'numpy-adam',
    title: 'NumPy network with Adam and decay',
    description:
      '784-128-64-10 from weights N(0, 0.01), Adam with time-based decay, the first 5,000 images held out.',
    recipe: {
      name: 'numpy-adam',
      layers: [relu(128), relu(64)],
      initializer: { type: 'normal', deviation: 0.01 },
      biasInitializer: { type: 'zeros' },
      optimizer: { type: 'adam', learningRate: 0.001 },
      schedule: { type: 'time-decay', decay: 0.0001 },
      penalties: noPenalties,
      ...plainOptions,
      batchSize: 128,
      epochs: 50,
      validation: { type: 'first', count: 5000 },
      earlyStopping: null,
      seed: 1,
    },
  },
  {
    id: 'numpy-plain',
    title: 'Plain gradient descent',
    description: '784-128-10 with mini-batch gradient descent and nothing else: the textbook network.',
    recipe: {
      name: 'numpy-plain',
      layers: [relu(128)],
      initializer: { type: 'he-normal' },
      biasInitializer: { type: 'zeros' },
      optimizer: { type: 'gradient-descent', learningRate: 0.1 },
      schedule: { type: 'constant' },
      penalties: noPenalties,
      ...plainOptions,
      batchSize: 64,
      epochs: 20,
      validation: { type: 'stratified', fraction: 0.1 },
      earlyStopping: null,
      seed: 1,
    },
  },
  {
    id: 'numpy-full-batch',
    title: 'Full-batch gradient descent',
    description:
      '784-10-10, every image in every step, 500 steps at rate 0.1, all weights and biases uniform in [-0.5, 0.5], 1,000 images held out.',
    recipe: {
      name: 'numpy-full-batch',
      layers: [relu(10)],
      initializer: { type: 'uniform', limit: 0.5 },
      biasInitializer: { type: 'uniform', limit: 0.5 },
      optimizer: { type: 'gradient-descent', learningRate: 0.1 },
      schedule: { type: 'constant' },
      penalties: noPenalties,
      ...plainOptions,
      batchSize: 'full',
      epochs: 500,
      validation: { type: 'first', count: 1000 },
      earlyStopping: null,
      seed: 1,
    },
  },
  {
    id: 'dense-128-64',
    title: 'Notebook network, trained well',
    description:
      '784-128-64-10 again: decoupled weight decay, one cycle of the learning rate and smoothed labels. Some 89.6 % on the test images of Fashion-MNIST, in seconds.',
    recipe: tunedRecipe('dense-128-64', [relu(128), relu(64)], 20, 0.002),
  },
  {
    id: 'dense-best',
    title: 'Best dense network',
    description:
      '784-512-512-10 with batch normalization and dropout. Some 90.9 % on the test images of Fashion-MNIST, in about a minute on two cores.',
    recipe: tunedRecipe(
      'dense-best',
      [
        ...normalizedDense(512),
        { type: 'dropout', rate: 0.3 },
        ...normalizedDense(512),
        { type: 'dropout', rate: 0.3 },
      ],
      30,
      0.002,
    ),
  },
  {
    id: 'cnn',
    title: 'Convolutional network',
    description:
      'Five 3 x 3 convolutions with batch normalization, halved twice, averaged over the image: 279,000 parameters. Half of the training images are mirrored. Some 93.7 % on the test images of Fashion-MNIST, in about a quarter of an hour on two cores.',
    recipe: {
      ...tunedRecipe(
        'cnn',
        [
          ...normalizedConvolution(32),
          halved,
          ...normalizedConvolution(64),
          ...normalizedConvolution(64),
          halved,
          { type: 'dropout', rate: 0.2 },
          ...normalizedConvolution(128),
          ...normalizedConvolution(128),
          { type: 'global-average-pooling' },
          { type: 'dropout', rate: 0.2 },
        ],
        18,
        0.005,
      ),
      augmentation: { ...noAugmentation, horizontalFlip: true },
    },
  },
];

export const defaultPreset = presets[0]!;
