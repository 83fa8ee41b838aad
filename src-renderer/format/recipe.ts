// A recipe in one line, as runs and models are listed.
import { findDescription } from '../../src-shared/components.ts';
import type { Catalogue, Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
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

/** `784-128-64-10 · Adam 0.001 · batch 32` */
export function describeRecipe(
  recipe: Recipe,
  catalogue: Catalogue,
  shape: ImageShape | null,
  classCount: number | null,
): string {
  const batch = recipe.batchSize === 'full' ? 'full batch' : `batch ${formatCount(recipe.batchSize)}`;
  const layers = describeLayers(recipe, shape, classCount);
  return [layers, describeOptimizer(recipe, catalogue), batch].filter((part) => part !== '').join(' · ');
}
