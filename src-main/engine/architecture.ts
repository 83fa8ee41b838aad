import { WeftError } from '../../src-shared/failure.ts';
import type { Component } from '../../src-shared/schemas/component.ts';
import { choose, layers } from './catalogue.ts';
import type { Layer, ParameterShape } from './layers/layer.ts';
import type { Architecture } from './types.ts';

/** A layer of an architecture with the shapes that follow from its place. */
export interface PlacedLayer {
  layer: Layer;
  /** Complete: every option has a value. */
  component: Component;
  inputShape: readonly number[];
  outputShape: readonly number[];
  parameterShapes: readonly ParameterShape[];
}

/** Why a layer can't be where it is, as `layer.impossible` says it. */
export interface PlacementProblem {
  /** Counted from 0. */
  layer: number;
  error: WeftError;
}

/** The layers of an architecture as far as they fit on one another. */
export interface Placement {
  /** All of them, the implied output layer (one linear unit a class) included, or those before the one that does not fit. */
  placed: PlacedLayer[];
  problem: PlacementProblem | null;
}

/** Places the layers one after the other, up to the first that does not fit on its input. Throws `recipe.invalid`. */
export function placeWhatFits(architecture: Architecture): Placement {
  const { height, width, channels } = architecture.shape;
  const output: Component = { type: 'dense', units: architecture.classCount, activation: 'linear' };
  const placed: PlacedLayer[] = [];
  let inputShape: readonly number[] = [height, width, channels];
  for (const [index, given] of [...architecture.layers, output].entries()) {
    const { entry: layer, component } = choose(layers, given, `layers.${index}`);
    try {
      const outputShape = layer.outputShape(component, inputShape);
      const parameterShapes = layer.parameterShapes(component, inputShape);
      placed.push({ layer, component, inputShape, outputShape, parameterShapes });
      inputShape = outputShape;
    } catch (error) {
      if (!(error instanceof WeftError && error.code === 'layer.impossible')) throw error;
      return { placed, problem: { layer: index, error } };
    }
  }
  return { placed, problem: null };
}

/** The layers one after the other, the implied output layer included. Throws `recipe.invalid`, naming the layer that does not fit. */
export function placeLayers(architecture: Architecture): PlacedLayer[] {
  const { placed, problem } = placeWhatFits(architecture);
  if (problem === null) return placed;
  const { layer, error } = problem;
  throw new WeftError(
    'recipe.invalid',
    `The recipe's layers.${layer} can't be there. ${error.message}`,
    error.remedy,
  );
}

/** What files call a parameter: `layers.0.weight`. */
export function tensorName(layerIndex: number, parameterName: string): string {
  return `layers.${layerIndex}.${parameterName}`;
}

/** Multiplications and additions of one forward pass of one image. */
export function operationsPerImage(architecture: Architecture): number {
  return placeLayers(architecture)
    .map(({ layer, component, inputShape }) => layer.operationsPerImage(component, inputShape))
    .reduce((sum, operations) => sum + operations, 0);
}
