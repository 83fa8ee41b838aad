// What all kinds of pooling have in common: where their windows lie, and how they are planned.
import { WeftError } from '../../../src-shared/failure.ts';
import type { Component, OptionDescription } from '../../../src-shared/schemas/component.ts';
import type { PoolGeometry } from '../kernels/pooling.ts';
import type { Matrix } from '../matrix.ts';
import { rowUnit, type Thread } from '../operation.ts';
import { integerOption, numberOf } from '../options.ts';
import { imageShapeOf } from './imageShape.ts';
import { featuresOf, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

const options: OptionDescription[] = [
  integerOption('size', 'Size', 'Height and width of a window.', { default: 2, minimum: 1, maximum: 16 }),
  integerOption('stride', 'Stride', 'Pixels from one window to the next.', {
    default: 2,
    minimum: 1,
    maximum: 16,
  }),
];

/**
 * The windows of a pooling layer. There is no padding: pixels at the right and at the bottom that fill no window are
 * left out, as in PyTorch. Throws `layer.impossible`.
 */
function poolGeometryOf(component: Component, inputShape: readonly number[], label: string): PoolGeometry {
  const { height, width, channels } = imageShapeOf(inputShape, label);
  const size = numberOf(component, 'size');
  const stride = numberOf(component, 'stride');
  if (size > height || size > width) {
    throw new WeftError(
      'layer.impossible',
      `A pool of ${size} x ${size} does not fit on an input of ${height} x ${width}.`,
      'Use a smaller pool, or fewer layers that shrink the image before it.',
    );
  }
  const windowsAlong = (length: number): number => Math.floor((length - size) / stride) + 1;
  return {
    height,
    width,
    channels,
    windowHeight: size,
    windowWidth: size,
    stride,
    outputHeight: windowsAlong(height),
    outputWidth: windowsAlong(width),
  };
}

/** The shape that comes out. */
const pooledShape = ({ outputHeight, outputWidth, channels }: PoolGeometry): number[] => [
  outputHeight,
  outputWidth,
  channels,
];

/** The numbers of all windows: what pooling one image reads. */
export const operationsOfPool = (pool: PoolGeometry): number =>
  featuresOf(pooledShape(pool)) * pool.windowHeight * pool.windowWidth;

/** The two ways over a part of the rows. */
export interface Pooling {
  forward(thread: Thread, input: Matrix, output: Matrix, from: number, to: number): void;
  backward(
    thread: Thread,
    matrices: { input: Matrix; output: Matrix; dOutput: Matrix; dInput: Matrix },
    from: number,
    to: number,
  ): void;
}

/** Plans pooling by its kernels: images are shared among threads, each as a whole. */
export function planPooling(
  { arena, input, rows, isTraining }: LayerContext,
  pool: PoolGeometry,
  pooling: Pooling,
): PlannedLayer {
  const output = arena.matrix(rows, featuresOf(pooledShape(pool)));
  const { dOutput: dInput } = input;
  const dOutput = isTraining && dInput !== null ? arena.matrix(rows, output.columns) : null;
  const common = { split: 'rows', count: rows, unit: rowUnit, work: operationsOfPool(pool) } as const;
  const planned: PlannedLayer = {
    output,
    dOutput,
    forward: [
      { ...common, run: (thread, from, to) => pooling.forward(thread, input.output, output, from, to) },
    ],
    backward: [],
    gradients: [],
    scratchLength: 0,
  };
  if (dOutput === null || dInput === null) return planned;
  const matrices = { input: input.output, output, dOutput, dInput };
  planned.backward.push({
    ...common,
    run: (thread, from, to) => pooling.backward(thread, matrices, from, to),
  });
  return planned;
}

/** A layer that pools square windows; `poolingOf` gives its two ways for where its windows lie. */
export function poolingLayer(
  { type, label, help }: { type: string; label: string; help: string },
  poolingOf: (pool: PoolGeometry) => Pooling,
): Layer {
  const geometryOf = (component: Component, inputShape: readonly number[]): PoolGeometry =>
    poolGeometryOf(component, inputShape, label);
  return {
    description: { type, label, help, options },
    label: (component) =>
      `${label} ${numberOf(component, 'size')} x ${numberOf(component, 'size')}, stride ${numberOf(component, 'stride')}`,
    outputShape: (component, inputShape) => pooledShape(geometryOf(component, inputShape)),
    parameterShapes: () => [],
    operationsPerImage: (component, inputShape) => operationsOfPool(geometryOf(component, inputShape)),
    plan: (context) => {
      const pool = geometryOf(context.component, context.inputShape);
      return planPooling(context, pool, poolingOf(pool));
    },
  };
}

/** The mean of every window, and its gradient shared evenly. */
export const averagePool = (pool: PoolGeometry): Pooling => ({
  forward: ({ kernels }, input, output, from, to) => kernels.averagePool(input, output, pool, from, to),
  backward: ({ kernels }, { dOutput, dInput }, from, to) =>
    kernels.averagePoolBack(dOutput, dInput, pool, from, to),
});
