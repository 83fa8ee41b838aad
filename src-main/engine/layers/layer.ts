import type { Component, ComponentDescription } from '../../../src-shared/schemas/component.ts';
import type { Arena, Matrix } from '../arena.ts';
import type { Operation } from '../operation.ts';

/** A parameter as a layer asks for it. */
export interface ParameterShape {
  /** `weight` or `bias`: only weights are penalised. */
  name: 'weight' | 'bias';
  rows: number;
  columns: number;
  /** How files hold it. A matrix `(rows, columns)` stands there as `(columns, rows)`, a single row as a vector. */
  fileShape: readonly number[];
  fanIn: number;
  fanOut: number;
}

/** A parameter with its place in the arena; there is a gradient when the network is planned for training. */
export interface Parameter extends ParameterShape {
  /** What files call it: `layers.0.weight`. */
  tensorName: string;
  values: Matrix;
  gradient: Matrix | null;
}

/** What a layer gives to the next one, and the gradient of the loss by it that comes back. */
export interface LayerOutput {
  /** `(rows, features)` */
  output: Matrix;
  /** `(rows, features)`; null where no gradient is wanted: at the image, and when only predicting. */
  dOutput: Matrix | null;
}

export interface LayerContext {
  arena: Arena;
  /** Complete: every option has a value. */
  component: Component;
  input: LayerOutput;
  /** In the order in which the layer asked for them. */
  parameters: readonly Parameter[];
  /** Images in one pass. */
  rows: number;
  isTraining: boolean;
}

export interface PlannedLayer extends LayerOutput {
  forward: Operation[];
  /** From `dOutput` to the input's `dOutput`. */
  backward: Operation[];
  /** From `dOutput`, as the backward operations left it, to the gradients of the parameters. */
  gradients: Operation[];
}

/** A kind of layer. */
export interface Layer {
  readonly description: ComponentDescription;
  /** For people: `Dense 128, ReLU`. */
  label(component: Component): string;
  outputShape(component: Component, inputShape: readonly number[]): number[];
  parameterShapes(component: Component, inputShape: readonly number[]): ParameterShape[];
  /** Multiplications and additions of one forward pass of one image. */
  operationsPerImage(component: Component, inputShape: readonly number[]): number;
  plan(context: LayerContext): PlannedLayer;
}
