import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { NetworkSummary } from '../../src-shared/schemas/network.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';

/** Shapes, parameters and memory of the recipe's network. Throws `recipe.invalid`. */
export function summarizeNetwork(recipe: Recipe, shape: ImageShape, classCount: number): NetworkSummary {
  throw new Error(`not there yet: ${recipe.name} ${shape.width} ${classCount}`);
}
