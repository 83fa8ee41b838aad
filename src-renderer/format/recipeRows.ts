// A recipe in the words of Train's form, one row a value: read beside a run, and laid beside those of other runs.
import { completeComponent, findDescription } from '../../src-shared/components.ts';
import type {
  Catalogue,
  Component,
  ComponentDescription,
  OptionDescription,
  OptionValue,
} from '../../src-shared/schemas/component.ts';
import {
  noAugmentation,
  type Augmentation,
  type ClassWeights,
  type Recipe,
  type Validation,
} from '../../src-shared/schemas/recipe.ts';
import { formatCount, formatNumber } from './quantities.ts';

export const validationLabels: Record<Validation['type'], string> = {
  stratified: 'Part of every class',
  first: 'First images',
  fold: 'One fold of several',
  test: 'Test set',
};

export const classWeightLabels: Record<ClassWeights, string> = { none: 'All alike', balanced: 'Balanced' };

export interface RecipeRow {
  /** Where the value stands in the recipe: rows of two recipes with the same path belong together. */
  path: string;
  label: string;
  value: string;
}

/** An option's value as the form shows it. */
export function formatOption(option: OptionDescription, value: OptionValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return formatNumber(value);
  if (option.kind !== 'choice') return value;
  return option.choices.find((choice) => choice.value === value)?.label ?? value;
}

/** Every option of a component with its value, defaults where the component leaves them out. */
export function listOptions(
  description: ComponentDescription,
  component: Component,
): { name: string; label: string; value: string }[] {
  const complete = completeComponent(description, component);
  return description.options.map((option) => ({
    name: option.name,
    label: option.label,
    value: formatOption(option, complete[option.name] ?? option.default),
  }));
}

/** The component and its options: `Optimizer: Adam`, `Learning rate: 0.001`; `prefix` begins the labels of the options. */
function componentRows(
  path: string,
  label: string,
  prefix: string,
  descriptions: readonly ComponentDescription[],
  component: Component,
): RecipeRow[] {
  const description = findDescription(descriptions, component.type);
  if (description === undefined) return [{ path, label, value: component.type }];
  return [
    { path, label, value: description.label },
    ...listOptions(description, component).map((option) => ({
      path: `${path}.${option.name}`,
      label: `${prefix}${option.label}`,
      value: option.value,
    })),
  ];
}

const numberOrOff = (value: number | null): string =>
  value === null || value === 0 ? 'off' : formatNumber(value);

function validationRows(validation: Validation): RecipeRow[] {
  const rows = [{ path: 'validation', label: 'Validation images', value: validationLabels[validation.type] }];
  if (validation.type === 'stratified') {
    rows.push({ path: 'validation.fraction', label: 'Share', value: formatNumber(validation.fraction) });
  }
  if (validation.type === 'fold') {
    rows.push({ path: 'validation.fold', label: 'Fold', value: `${validation.fold} of ${validation.folds}` });
  }
  if (validation.type === 'first') {
    rows.push({ path: 'validation.count', label: 'Images', value: formatCount(validation.count) });
  }
  return rows;
}

function earlyStoppingRows({ earlyStopping }: Recipe): RecipeRow[] {
  const path = 'earlyStopping';
  if (earlyStopping === null) return [{ path, label: 'Early stopping', value: 'off' }];
  const { patience, minimumDelta } = earlyStopping;
  return [
    { path, label: 'Early stopping', value: 'on' },
    { path: `${path}.patience`, label: 'Patience', value: formatCount(patience) },
    { path: `${path}.minimumDelta`, label: 'Least gain', value: formatNumber(minimumDelta) },
  ];
}

export const augmentationLabels: Record<keyof Augmentation, string> = {
  horizontalFlip: 'Flip left for right',
  translation: 'Translation, px',
  rotation: 'Rotation, °',
  scale: 'Scale',
  shear: 'Shear, °',
  elastic: 'Elastic, px',
  noise: 'Noise',
  erasing: 'Erasing',
  erasedArea: 'Erased area',
};

/** What is not off. */
function augmentationRows({ augmentation }: Recipe): RecipeRow[] {
  const path = 'augmentation';
  const values = new Map<string, number | boolean>(Object.entries(augmentation));
  const off = new Map<string, number | boolean>(Object.entries(noAugmentation));
  const rows = Object.entries(augmentationLabels).flatMap(([name, label]) => {
    const value = values.get(name);
    if (value === undefined || value === off.get(name)) return [];
    const text = typeof value === 'number' ? formatNumber(value) : 'on';
    return [{ path: `${path}.${name}`, label: `Augmentation: ${label}`, value: text }];
  });
  return [{ path, label: 'Augmentation', value: rows.length === 0 ? 'off' : 'on' }, ...rows];
}

type RowsOf = (recipe: Recipe, catalogue: Catalogue) => RecipeRow[];

/** In the order of the form. A new field of recipes misses here until it has its words. */
const fields: Record<Exclude<keyof Recipe, 'name' | 'layers'>, RowsOf> = {
  optimizer: ({ optimizer }, { optimizers }) =>
    componentRows('optimizer', 'Optimizer', '', optimizers, optimizer),
  schedule: ({ schedule }, { schedules }) =>
    componentRows('schedule', 'Learning-rate schedule', 'Schedule: ', schedules, schedule),
  epochs: ({ epochs }) => [{ path: 'epochs', label: 'Epochs', value: formatCount(epochs) }],
  batchSize: ({ batchSize }) => [
    {
      path: 'batchSize',
      label: 'Batch size',
      value: batchSize === 'full' ? 'all images' : formatCount(batchSize),
    },
  ],
  validation: ({ validation }) => validationRows(validation),
  augmentation: augmentationRows,
  earlyStopping: earlyStoppingRows,
  labelSmoothing: ({ labelSmoothing }) => [
    { path: 'labelSmoothing', label: 'Label smoothing', value: numberOrOff(labelSmoothing) },
  ],
  classWeights: ({ classWeights }) => [
    { path: 'classWeights', label: 'Class weights', value: classWeightLabels[classWeights] },
  ],
  penalties: ({ penalties }) => [
    { path: 'penalties.l1', label: 'L1', value: numberOrOff(penalties.l1) },
    { path: 'penalties.l2', label: 'L2', value: numberOrOff(penalties.l2) },
  ],
  mixup: ({ mixup }) => [{ path: 'mixup', label: 'Mixup', value: numberOrOff(mixup) }],
  maxNorm: ({ maxNorm }) => [{ path: 'maxNorm', label: 'Limit unit weights', value: numberOrOff(maxNorm) }],
  weightAveraging: ({ weightAveraging }) => [
    {
      path: 'weightAveraging',
      label: 'Average weights',
      value: weightAveraging === null ? 'off' : `decay ${formatNumber(weightAveraging.decay)}`,
    },
  ],
  clipping: ({ clipping }) => [
    { path: 'clipping.norm', label: 'Clip gradient norm', value: numberOrOff(clipping.norm) },
    { path: 'clipping.value', label: 'Clip gradient values', value: numberOrOff(clipping.value) },
  ],
  initializer: ({ initializer }, { initializers }) =>
    componentRows('initializer', 'Initial weights', 'Weights: ', initializers, initializer),
  biasInitializer: ({ biasInitializer }, { initializers }) =>
    componentRows('biasInitializer', 'Initial biases', 'Biases: ', initializers, biasInitializer),
  seed: ({ seed }) => [{ path: 'seed', label: 'Seed', value: String(seed) }],
};

/** How the recipe trains, without its layers. */
export function listTrainingRows(recipe: Recipe, catalogue: Catalogue): RecipeRow[] {
  return Object.values(fields).flatMap((rowsOf) => rowsOf(recipe, catalogue));
}

/** The recipe's layers: `Dense` with `Units 128, Activation ReLU`. */
export function listLayerRows(recipe: Recipe, catalogue: Catalogue): RecipeRow[] {
  return recipe.layers.map((layer, index) => {
    const description = findDescription(catalogue.layers, layer.type);
    return {
      path: `layers.${index}`,
      label: description?.label ?? layer.type,
      value: describeLayer(catalogue, layer),
    };
  });
}

/** `Units 128, Activation ReLU`; empty for a layer without options. */
export function describeLayer(catalogue: Catalogue, layer: Component): string {
  const description = findDescription(catalogue.layers, layer.type);
  const options = description === undefined ? [] : listOptions(description, layer);
  return options.map(({ label, value }) => `${label} ${value}`).join(', ');
}
