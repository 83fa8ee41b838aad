// The networks and recipes that exported scripts are compared with Weft on: made of the catalogue, so that whatever is
// added to it is among them.
import { activations } from '../../src-main/engine/activations/catalogue.ts';
import { catalogue } from '../../src-main/engine/catalogue.ts';
import { defaultComponent } from '../../src-shared/components.ts';
import type {
  Component,
  ComponentDescription,
  OptionDescription,
  OptionValue,
} from '../../src-shared/schemas/component.ts';
import {
  noAugmentation,
  plainOptions,
  type Augmentation,
  type Recipe,
} from '../../src-shared/schemas/recipe.ts';

const dense = (units: number, activation = 'tanh'): Component => ({ type: 'dense', units, activation });
const convolution = (filters: number, kernel: number, stride: number, padding: number): Component => ({
  ...{ type: 'convolution', filters, kernel, stride, padding },
  activation: 'silu',
});
const flatten: Component = { type: 'flatten' };
const batchNorm: Component = { type: 'batch-norm', momentum: 0.2, epsilon: 0.001 };
const convolved = convolution(4, 3, 1, 1);

/** A network of layers and what it shows. */
export interface NetworkCase {
  name: string;
  layers: Component[];
}

/** Networks for each type of layer: on images and on rows of numbers, where both go. */
const networksByLayer: Readonly<Record<string, Component[][]>> = {
  dense: [[dense(7), dense(5)], [convolved, dense(6)], []],
  convolution: [
    [convolution(3, 3, 1, 0), flatten],
    [convolution(5, 2, 2, 1), convolution(4, 3, 1, 1)],
    [convolution(3, 2, 3, 1), convolution(2, 1, 1, 0), flatten, dense(6)],
  ],
  'max-pooling': [
    [convolved, { type: 'max-pooling', size: 2, stride: 2 }, flatten],
    [convolved, { type: 'max-pooling', size: 3, stride: 1 }, dense(6)],
    [{ type: 'max-pooling', size: 2, stride: 3 }, dense(6)],
  ],
  'average-pooling': [
    [convolved, { type: 'average-pooling', size: 2, stride: 2 }, flatten],
    [convolved, { type: 'average-pooling', size: 3, stride: 1 }, dense(6)],
  ],
  'global-average-pooling': [[convolved, { type: 'global-average-pooling' }]],
  flatten: [
    [flatten, dense(6)],
    [convolved, flatten, batchNorm, dense(6)],
  ],
  dropout: [
    [dense(9), { type: 'dropout', rate: 0.3 }, dense(8), { type: 'dropout', rate: 0.6 }],
    [convolved, { type: 'dropout', rate: 0.2 }, flatten, { type: 'dropout', rate: 0.1 }],
    [{ type: 'dropout', rate: 0.2 }, dense(6), { type: 'dropout', rate: 0 }],
  ],
  'batch-norm': [
    [dense(8, 'linear'), batchNorm],
    [batchNorm, convolved, batchNorm, flatten],
  ],
  activation: activations.map(({ type }) => [dense(6, 'linear'), { type: 'activation', activation: type }]),
  prelu: [
    [dense(8, 'linear'), { type: 'prelu' }],
    [convolved, { type: 'prelu' }, flatten, { type: 'prelu' }],
  ],
};

/** Every layer of the catalogue, and every activation of dense layers and convolutions. */
export const networkCases: readonly NetworkCase[] = [
  ...catalogue.layers.flatMap(({ type, label }) =>
    (networksByLayer[type] ?? []).map((layers, index) => ({ name: `${label} ${index + 1}`, layers })),
  ),
  ...activations.map(({ type, label }) => ({
    name: `${label} of layers`,
    layers: [{ ...convolution(3, 3, 1, 1), activation: type }, dense(7, type)],
  })),
];

/** The layers of the catalogue that no case has. */
export const layersWithoutCase: readonly string[] = catalogue.layers
  .map(({ type }) => type)
  .filter((type) => !networkCases.some(({ layers }) => layers.some((layer) => layer.type === type)));

/** A value that is not the default and changes what a few steps do. */
function otherValue(option: OptionDescription): OptionValue {
  switch (option.kind) {
    case 'integer':
      return Math.min(option.maximum, Math.max(option.minimum, 2));
    case 'number': {
      const other =
        option.scale === 'log' ? option.default * 10 : option.default === 0 ? 0.2 : option.default * 0.8;
      return Math.min(option.maximum, Math.max(option.minimum, other));
    }
    case 'choice':
      return option.choices.find(({ value }) => value !== option.default)?.value ?? option.default;
    case 'flag':
      return !option.default;
  }
}

/** A component none of whose options is at its default. */
const otherComponent = (description: ComponentDescription): Component => ({
  ...defaultComponent(description),
  ...Object.fromEntries(description.options.map((option) => [option.name, otherValue(option)])),
});

/** A recipe and what it shows. */
export interface RecipeCase {
  name: string;
  recipe: Recipe;
}

/** Three steps an epoch, of which the last has fewer images. */
export const baseRecipe: Recipe = {
  name: 'base',
  layers: [dense(9), dense(8)],
  initializer: { type: 'glorot-uniform' },
  biasInitializer: { type: 'uniform', limit: 0.1 },
  optimizer: { type: 'momentum', learningRate: 0.1, momentum: 0.8 },
  schedule: { type: 'constant' },
  penalties: { l1: 0, l2: 0 },
  ...plainOptions,
  batchSize: 30,
  epochs: 4,
  validation: { type: 'stratified', fraction: 0.2 },
  earlyStopping: null,
  seed: 20,
};

const normalized: Component[] = [convolved, batchNorm, { type: 'prelu' }, flatten, dense(8)];
const noisy: Component[] = [...normalized, { type: 'dropout', rate: 0.3 }];

/** A plateau at once: no loss counts as better. */
const impatient = { patience: 1, minimumDelta: 10, minimumShare: 0.1, factor: 0.5, warmupSteps: 2 };
const schedules = catalogue.schedules.map((description) =>
  description.type === 'plateau' ? { type: 'plateau', ...impatient } : otherComponent(description),
);

const everyChange: Partial<Augmentation> = {
  ...{ horizontalFlip: true, translation: 1, rotation: 20, scale: 0.2, shear: 10 },
  ...{ elastic: 1, noise: 0.05, erasing: 0.5, erasedArea: 0.3 },
};

/** Each change alone and with others. */
export const augmentations: readonly Partial<Augmentation>[] = [
  { horizontalFlip: true },
  { translation: 2 },
  { rotation: 40 },
  { scale: 0.4, horizontalFlip: true },
  { shear: 30, translation: 1 },
  { elastic: 2 },
  { noise: 0.2 },
  { erasing: 0.7, erasedArea: 0.4 },
  everyChange,
];

/** What a recipe can say beside its components; each changes the losses of ten steps. */
export const optionCases: readonly { name: string; changes: Partial<Recipe> }[] = [
  { name: 'L1 penalty', changes: { penalties: { l1: 0.01, l2: 0 } } },
  { name: 'L2 penalty', changes: { penalties: { l1: 0, l2: 0.1 } } },
  { name: 'label smoothing', changes: { labelSmoothing: 0.15 } },
  { name: 'class weights', changes: { classWeights: 'balanced' } },
  { name: 'mixup', changes: { mixup: 0.8 } },
  { name: 'mixup of a small alpha', changes: { mixup: 0.05 } },
  ...augmentations.map((augmentation) => ({
    name: `augmentation ${JSON.stringify(augmentation)}`,
    changes: { augmentation: { ...noAugmentation, ...augmentation } },
  })),
  {
    name: 'augmentation and mixup',
    changes: { augmentation: { ...noAugmentation, ...everyChange }, mixup: 0.8 },
  },
  { name: 'clipping by norm', changes: { clipping: { norm: 0.3, value: null } } },
  { name: 'clipping by value', changes: { clipping: { norm: null, value: 0.02 } } },
  { name: 'maximum norm', changes: { maxNorm: 0.8 } },
  { name: 'another batch', changes: { batchSize: 11 } },
  { name: 'full batch', changes: { batchSize: 'full' } },
  { name: 'the first images validate', changes: { validation: { type: 'first', count: 21 } } },
  { name: 'the test images validate', changes: { validation: { type: 'test' } } },
  { name: 'another seed', changes: { seed: 4_294_967_295 } },
];

/** What changes validation or what is kept, and not the losses of the steps. */
const keptCases: readonly { name: string; changes: Partial<Recipe> }[] = [
  { name: 'averaged weights', changes: { weightAveraging: { decay: 0.6 } } },
  { name: 'early stopping', changes: { earlyStopping: { patience: 1, minimumDelta: 0.05 } } },
];

const everyOption: Partial<Recipe> = {
  layers: noisy,
  penalties: { l1: 0.001, l2: 0.01 },
  labelSmoothing: 0.1,
  classWeights: 'balanced',
  mixup: 0.4,
  augmentation: { ...noAugmentation, ...everyChange },
  clipping: { norm: 0.5, value: 0.1 },
  maxNorm: 1.5,
  weightAveraging: { decay: 0.9 },
};

/** Every optimizer, schedule and option, and every network. */
export const recipeCases: readonly RecipeCase[] = [
  ...catalogue.optimizers.map((description) => ({
    name: description.label,
    changes: { optimizer: { ...otherComponent(description), learningRate: 0.01 } },
  })),
  ...schedules.map((schedule) => ({ name: `schedule ${schedule.type}`, changes: { schedule } })),
  ...optionCases,
  ...keptCases,
  ...networkCases.map(({ name, layers }) => ({ name, changes: { layers } })),
  { name: 'everything at once', changes: everyOption },
  {
    name: 'everything with Adam in one batch',
    changes: { ...everyOption, optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 'full' as const },
  },
].map(({ name, changes }) => ({ name, recipe: { ...baseRecipe, ...changes } }));
