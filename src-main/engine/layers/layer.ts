import type { Component, ComponentDescription } from '../../../src-shared/schemas/component.ts';
import type { Arena } from '../arena.ts';
import type { Matrix } from '../matrix.ts';
import type { Operation, Thread } from '../operation.ts';

/**
 * How a parameter starts and what becomes of it: a `weight` starts from the recipe's initializer and is penalised, a
 * `bias` from its bias initializer; a `scale` starts from a number of its own; a `statistic` likewise, and the
 * optimizer leaves it alone.
 */
export type ParameterKind = 'weight' | 'bias' | 'scale' | 'statistic';

/** A parameter as a layer asks for it. */
export interface ParameterShape {
  /** Unique in its layer, as PyTorch names it: `weight`, `running_mean`. */
  name: string;
  kind: ParameterKind;
  rows: number;
  columns: number;
  /** How files hold it. A matrix `(rows, columns)` stands there as `(columns, rows)`, a single row as a vector. */
  fileShape: readonly number[];
  /** Which of a file's rows the arena's row is; the same one where it is left out. */
  fileRow?: ((row: number) => number) | undefined;
  /** What every number starts from, for the kinds that have no initializer. */
  start: number;
  fanIn: number;
  fanOut: number;
}

/** A parameter with its place in the arena; there is a gradient when the network is planned for training. */
export interface Parameter extends ParameterShape {
  /** What files call it: `layers.0.weight`. */
  tensorName: string;
  /** In panels. */
  values: Matrix;
  gradient: Matrix | null;
}

/** What a layer gives to the next one, and the gradient of the loss by it that comes back. */
export interface LayerOutput {
  /** `(rows, features)`; images are `height x width x channels` features. */
  output: Matrix;
  /** `(rows, features)`; null where no gradient is wanted: at the image, and when only predicting. */
  dOutput: Matrix | null;
}

export interface LayerContext {
  arena: Arena;
  /** The layer's place in the network, from 0. */
  index: number;
  /** Complete: every option has a value. */
  component: Component;
  inputShape: readonly number[];
  input: LayerOutput;
  /** In the order in which the layer asked for them. */
  parameters: readonly Parameter[];
  /** Images in one pass. */
  rows: number;
  isTraining: boolean;
  /**
   * Whether gradients are wanted of the network as it predicts, where `isTraining`: nothing is dropped, and running
   * statistics stay as they are.
   */
  isFrozen: boolean;
}

/**
 * Computes the gradient of a parameter. It is shared among threads by lines: line `panel * rows + row` is the 16
 * columns of a panel in that row.
 */
export interface GradientOperation {
  parameter: Parameter;
  /** How many lines are computed before they are used to update the parameter, while they are in the nearest cache. */
  linesAtOnce: number;
  /** Multiplications and additions for each line and image. */
  workPerImage: number;
  run(thread: Thread, fromLine: number, toLine: number): void;
}

export interface PlannedLayer extends LayerOutput {
  /** While training. */
  forward: Operation[];
  /** While predicting; as while training where it is left out. */
  predict?: Operation[];
  /** From `dOutput` to the input's `dOutput`. */
  backward: Operation[];
  /** From `dOutput`, as the backward operations left it, to the gradients of the parameters. */
  gradients: GradientOperation[];
  /** Numbers of its own that each thread needs for it. */
  scratchLength: number;
}

/** A kind of layer. */
export interface Layer {
  readonly description: ComponentDescription;
  /** For people: `Dense 128, ReLU`. */
  label(component: Component): string;
  /** `[units]` or `[height, width, channels]`. Throws `layer.impossible` where the input doesn't fit. */
  outputShape(component: Component, inputShape: readonly number[]): number[];
  parameterShapes(component: Component, inputShape: readonly number[]): ParameterShape[];
  /** Multiplications and additions of one forward pass of one image. */
  operationsPerImage(component: Component, inputShape: readonly number[]): number;
  plan(context: LayerContext): PlannedLayer;
}

/** How many numbers a shape has. */
export const featuresOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** How many numbers of the parameters are trained: all but statistics. */
export const countTrained = (shapes: readonly ParameterShape[]): number =>
  shapes
    .filter(({ kind }) => kind !== 'statistic')
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);

/**
 * From where a number of an image lies here, `(height, width, channels)`, to where it lies in PyTorch's order, `(channels,
 * height, width)`, in which files hold the weights that take a flat image. A flat input stays as it is.
 */
export function channelsFirst([height = 1, width = 1, channels = 1]: readonly number[]): (
  index: number,
) => number {
  return (index) => (index % channels) * height * width + Math.floor(index / channels);
}

/** The parameter that the layer asked for under that name. */
export function parameterNamed(parameters: readonly Parameter[], name: string): Parameter {
  const found = parameters.find((parameter) => parameter.name === name);
  if (found === undefined) throw new Error(`A layer was planned without its ${name}.`);
  return found;
}

/** Calls `visit` for each panel that has some of the lines, with the part of it that they are. */
export function forEachPart(
  { values }: Parameter,
  fromLine: number,
  toLine: number,
  thread: Thread,
  visit: (thread: Thread, panel: number, fromRow: number, toRow: number) => void,
): void {
  for (let line = fromLine; line < toLine;) {
    const panel = Math.floor(line / values.rows);
    const fromRow = line - panel * values.rows;
    const toRow = Math.min(values.rows, fromRow + toLine - line);
    visit(thread, panel, fromRow, toRow);
    line += toRow - fromRow;
  }
}
