import { rowUnit, type Operation } from '../operation.ts';
import { featuresOf, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

/** Images are copied into PyTorch's order; those of one channel or one pixel, and flat inputs, are in it already. */
function planFlatten({ arena, input, inputShape, rows }: LayerContext): PlannedLayer {
  const [height = 1, width = 1, channels = 1] = inputShape;
  const pixels = height * width;
  if (pixels === 1 || channels === 1) {
    return { ...input, forward: [], backward: [], gradients: [], scratchLength: 0 };
  }
  const features = featuresOf(inputShape);
  const output = arena.matrix(rows, features);
  const common = { split: 'rows', count: rows, unit: rowUnit, work: features } as const;
  const forward: Operation = {
    ...common,
    run: ({ kernels }, from, to) => kernels.transposeRows(input.output, output, pixels, channels, from, to),
  };
  const planned = { output, forward: [forward], gradients: [], scratchLength: 0 };
  const { dOutput: dInput } = input;
  if (dInput === null) return { ...planned, dOutput: null, backward: [] };
  const dOutput = arena.matrix(rows, features);
  const backward: Operation = {
    ...common,
    run: ({ kernels }, from, to) => kernels.transposeRows(dOutput, dInput, channels, pixels, from, to),
  };
  return { ...planned, dOutput, backward: [backward] };
}

/** Images become rows of numbers. */
export const flatten: Layer = {
  description: {
    type: 'flatten',
    label: 'Flatten',
    help: "Makes one row of numbers of each image, channel after channel, row after row: PyTorch's order.",
    options: [],
  },
  label: () => 'Flatten',
  outputShape: (_component, inputShape) => [featuresOf(inputShape)],
  parameterShapes: () => [],
  operationsPerImage: () => 0,
  plan: planFlatten,
};
