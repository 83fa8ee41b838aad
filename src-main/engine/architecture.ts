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

/** The layers one after the other, the implied output layer (one linear unit a class) included. Throws `recipe.invalid`. */
export function placeLayers(architecture: Architecture): PlacedLayer[] {
  const { height, width, channels } = architecture.shape;
  const output: Component = { type: 'dense', units: architecture.classCount, activation: 'linear' };
  let inputShape: readonly number[] = [height, width, channels];
  return [...architecture.layers, output].map((given, index): PlacedLayer => {
    const { entry: layer, component } = choose(layers, given, `layers.${index}`);
    const placed = {
      layer,
      component,
      inputShape,
      outputShape: layer.outputShape(component, inputShape),
      parameterShapes: layer.parameterShapes(component, inputShape),
    };
    inputShape = placed.outputShape;
    return placed;
  });
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
