// A recipe in one line, as runs and models are listed.
import { changesOf, type AugmentationChange } from '../../src-shared/augmentation.ts';
import { findDescription } from '../../src-shared/components.ts';
import type { Catalogue, Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Augmentation, Recipe } from '../../src-shared/schemas/recipe.ts';
import { formatCount, formatNumber } from './quantities.ts';

/** Layers that change what the network is like more than how it is trained, by their short names. */
const shortNames: Record<string, string> = {
  convolution: 'conv',
  'max-pooling': 'pool',
  'average-pooling': 'pool',
  'global-average-pooling': 'pool',
};

/** `128`, `conv32`, `pool`; empty for layers that go without saying. */
function layerName(layer: Component): string {
  const size = layer['units'] ?? layer['filters'] ?? '';
  return `${shortNames[layer.type] ?? ''}${typeof size === 'number' ? size : ''}`;
}

/** `784-128-64-10`, `28×28-conv32-pool-128-10`; the ends are left out where they are not known. */
export function describeLayers(recipe: Recipe, shape: ImageShape | null, classCount: number | null): string {
  const names = recipe.layers.map(layerName).filter((name) => name !== '');
  if (classCount !== null) names.push(String(classCount));
  if (shape !== null) {
    const { height, width, channels } = shape;
    const startsOnImage = Object.values(shortNames).some((name) => names[0]?.startsWith(name));
    names.unshift(startsOnImage ? `${height}×${width}` : String(height * width * channels));
  }
  return names.join('-');
}

/** `Adam 0.001` */
export function describeOptimizer(recipe: Recipe, catalogue: Catalogue): string {
  const description = findDescription(catalogue.optimizers, recipe.optimizer.type);
  const learningRate =
    recipe.optimizer['learningRate'] ??
    description?.options.find((option) => option.name === 'learningRate')?.default;
  const label = description?.label ?? recipe.optimizer.type;
  return typeof learningRate === 'number' ? `${label} ${formatNumber(learningRate)}` : label;
}

/** As a person reads them, with the unit of their number. */
const changeNames: Record<AugmentationChange, { name: string; unit: string }> = {
  horizontalFlip: { name: 'flips', unit: '' },
  translation: { name: 'translation', unit: ' px' },
  rotation: { name: 'rotation', unit: '°' },
  scale: { name: 'scale', unit: '' },
  shear: { name: 'shear', unit: '°' },
  elastic: { name: 'elastic', unit: ' px' },
  noise: { name: 'noise', unit: '' },
  erasing: { name: 'erasing', unit: '' },
};

/** `flips, rotation 10°`; `none` where nothing is changed. */
export function describeAugmentation(augmentation: Augmentation): string {
  const parts = changesOf(augmentation).map((change) => {
    const { name, unit } = changeNames[change];
    const value = augmentation[change];
    return typeof value === 'number' ? `${name} ${formatNumber(value)}${unit}` : name;
  });
  return parts.join(', ') || 'none';
}

/** `with flips`, `with flips and 3 more changes`; empty where images stay as they are. */
function describeChanges(augmentation: Augmentation): string {
  const [first, ...others] = changesOf(augmentation);
  if (first === undefined) return '';
  const { name } = changeNames[first];
  if (others.length === 0) return `with ${name}`;
  return `with ${name} and ${others.length === 1 ? '1 more change' : `${others.length} more changes`}`;
}

/** `784-128-64-10 · Adam 0.001 · batch 32` */
export function describeRecipe(
  recipe: Recipe,
  catalogue: Catalogue,
  shape: ImageShape | null,
  classCount: number | null,
): string {
  const batch = recipe.batchSize === 'full' ? 'full batch' : `batch ${formatCount(recipe.batchSize)}`;
  const layers = describeLayers(recipe, shape, classCount);
  return [layers, describeOptimizer(recipe, catalogue), batch, describeChanges(recipe.augmentation)]
    .filter((part) => part !== '')
    .join(' · ');
}
