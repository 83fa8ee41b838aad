import { findRecipeProblems } from '../../src-shared/components.ts';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { LayerSummary, NetworkOutline, NetworkSummary } from '../../src-shared/schemas/network.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { placeWhatFits } from './architecture.ts';
import { catalogue } from './catalogue.ts';
import { rowsOfPass } from './microBatch.ts';
import { countTrained } from './layers/layer.ts';
import { planNetwork, type NetworkPlan } from './network.ts';
import { trainingSpecificationOf } from './trainingSpecification.ts';
import type { Architecture } from './types.ts';

/** Throws `recipe.invalid` with the first thing that the engine can't train. */
export function checkRecipe(recipe: Recipe): void {
  const [problem] = findRecipeProblems(catalogue, recipe);
  if (problem !== undefined) {
    throw new WeftError('recipe.invalid', `The recipe's ${problem.path} ${problem.message}.`);
  }
}

function summarizeLayer({ placed, memoryBytes }: NetworkPlan['layers'][number]): LayerSummary {
  const { layer, component, inputShape, outputShape, parameterShapes } = placed;
  return {
    label: layer.label(component),
    outputShape: [...outputShape],
    parameters: countTrained(parameterShapes),
    memoryBytes,
    operationsPerImage: layer.operationsPerImage(component, inputShape),
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function totalsOf(layers: readonly LayerSummary[]): Omit<NetworkSummary, 'inputShape' | 'layers'> {
  return {
    parameters: sumOf(layers.map((layer) => layer.parameters)),
    memoryBytes: sumOf(layers.map((layer) => layer.memoryBytes)),
    operationsPerImage: sumOf(layers.map((layer) => layer.operationsPerImage)),
  };
}

/**
 * What the recipe's network will be like: shapes, parameters, memory (weights, gradients, optimizer slots and the
 * activations of one pass; images left out) and arithmetic. Throws `recipe.invalid` and `network.too-large`.
 */
export function summarizeNetwork(recipe: Recipe, shape: ImageShape, classCount: number): NetworkSummary {
  checkRecipe(recipe);
  const architecture: Architecture = { shape, classCount, layers: recipe.layers };
  const plan = planNetwork({
    architecture,
    rows: rowsOfPass(architecture, recipe.batchSize),
    training: trainingSpecificationOf(recipe, 0),
    precision: 'float32',
  });
  plan.arena.checkSize();
  const layers = plan.layers.map(summarizeLayer);
  return { inputShape: [shape.height, shape.width, shape.channels], layers, ...totalsOf(layers) };
}

/**
 * The same for a recipe that is still being made: where a layer doesn't fit on its input, it says which and why, and
 * sums up the layers before it. Throws `recipe.invalid` for options out of range, and `network.too-large`.
 */
export function outlineNetwork(recipe: Recipe, shape: ImageShape, classCount: number): NetworkOutline {
  checkRecipe(recipe);
  const { problem } = placeWhatFits({ shape, classCount, layers: recipe.layers });
  if (problem === null) return { ...summarizeNetwork(recipe, shape, classCount), problem };
  const fitting = { ...recipe, layers: recipe.layers.slice(0, problem.layer) };
  const { inputShape, layers } = summarizeNetwork(fitting, shape, classCount);
  const placed = layers.slice(0, problem.layer);
  const { layer, error } = problem;
  return { inputShape, layers: placed, ...totalsOf(placed), problem: { layer, error: toErrorData(error) } };
}
