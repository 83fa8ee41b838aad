// The ready recipes: what the classroom networks of this kind usually are, each with the choices of its source.
import type { Component } from './schemas/component.ts';
import { plainOptions, type Recipe, type Validation } from './schemas/recipe.ts';

export interface Preset {
  id: string;
  title: string;
  /** What it is, and what to know about its numbers. */
  description: string;
  recipe: Recipe;
}

const relu = (units: number): Component => ({ type: 'dense', units, activation: 'relu' });
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
];

export const defaultPreset = presets[0]!;
