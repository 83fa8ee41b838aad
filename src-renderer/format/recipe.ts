// A recipe in one line, as runs and models are listed.
import { findDescription } from '../../src-shared/components.ts';
import type { Catalogue, Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { formatCount, formatNumber } from './quantities.ts';

function layerName(layer: Component): string {
  const units = layer['units'];
  return typeof units === 'number' ? String(units) : layer.type;
}

/** `784-128-64-10`; the ends are left out where they are not known. */
export function describeLayers(recipe: Recipe, shape: ImageShape | null, classCount: number | null): string {
  const input = shape === null ? [] : [String(shape.height * shape.width * shape.channels)];
  const output = classCount === null ? [] : [String(classCount)];
  return [...input, ...recipe.layers.map(layerName), ...output].join('-');
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
