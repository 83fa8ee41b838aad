import type { Component } from '../../../src-shared/schemas/component.ts';
import { activationOf, activationOption } from '../activations/catalogue.ts';
import type { Part } from '../kernels/kernels.ts';
import { paddedLength } from '../kernels/windows.ts';
import { panelColumns, rowMatrix, type Matrix } from '../matrix.ts';
import { rowUnit, type Operation, type Thread } from '../operation.ts';
import { choiceOf, integerOption, numberOf } from '../options.ts';
import { planInputGradient } from './convolutionBackward.ts';
import { geometryOf, planWindows, type Geometry, type Windows } from './convolutionGeometry.ts';
import {
  channelsFirst,
  forEachPart,
  parameterNamed,
  type GradientOperation,
  type Layer,
  type LayerContext,
  type Parameter,
  type PlannedLayer,
} from './layer.ts';

const filtersOf = (component: Component): number => numberOf(component, 'filters');

/** The images of an output `(rows, pixels * filters)` one at a time: `(pixels, filters)`, moved along by `first`. */
function imageView({ region }: Matrix, { outputHeight, outputWidth, filters }: Geometry): Matrix {
  return rowMatrix(region, 0, outputHeight * outputWidth, filters, filters);
}

/**
 * `dWeight = windowsᵀ dSum`, image after image: the windows' numbers `(window, pixels)` times `dSum (pixels, filters)`.
 * Each image is padded again, which costs little beside the product.
 */
function planWeightGradient(
  { input }: LayerContext,
  geometry: Geometry,
  windows: Windows,
  weight: Parameter,
  dSum: Matrix,
): GradientOperation {
  const { gradient: dWeight } = weight;
  const { rowOffsets, depthOffsets } = windows.operand;
  const transposed = { ...windows.operand, rowOffsets: depthOffsets, depthOffsets: rowOffsets };
  const dImage = imageView(dSum, geometry);
  const pixels = dImage.rows;
  const part: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: 0 };
  let accumulate = false;
  const computePart = ({ kernels }: Thread, panel: number, fromRow: number, toRow: number): void => {
    if (dWeight === null) return;
    part.fromRow = fromRow;
    part.toRow = toRow;
    part.fromColumn = panel * panelColumns;
    part.toColumn = Math.min(dWeight.columns, part.fromColumn + panelColumns);
    kernels.multiply(transposed, dImage, dWeight, pixels, accumulate, part);
  };
  return {
    parameter: weight,
    linesAtOnce: Infinity,
    workPerImage: 2 * panelColumns * pixels,
    run: (thread, fromLine, toLine) => {
      transposed.region = thread.scratch;
      for (let row = 0; row < thread.batch.rows; row += 1) {
        thread.kernels.pad(input.output, row, windows.padded, thread.scratch);
        dImage.first = row * dSum.stride;
        accumulate = row > 0 || !thread.batch.startsSum;
        forEachPart(weight, fromLine, toLine, thread, computePart);
      }
    },
  };
}

/** `dBias` = the sums of `dSum` over images and pixels. */
function planBiasGradient(geometry: Geometry, bias: Parameter, dSum: Matrix): GradientOperation {
  const { gradient: dBias } = bias;
  const dImage = imageView(dSum, geometry);
  return {
    parameter: bias,
    linesAtOnce: Infinity,
    workPerImage: panelColumns * dImage.rows,
    run: ({ kernels, batch }, fromLine, toLine) => {
      if (dBias === null) return;
      const toColumn = Math.min(dBias.columns, toLine * panelColumns);
      for (let row = 0; row < batch.rows; row += 1) {
        dImage.first = row * dSum.stride;
        const accumulate = row > 0 || !batch.startsSum;
        kernels.sumRows(dImage, dBias, dImage.rows, accumulate, fromLine * panelColumns, toColumn);
      }
    },
  };
}

/**
 * `sum (pixels, filters) = windows (pixels, window) weight (window, filters) + bias`, image by image, and
 * `output = activation(sum)`. The windows are read out of the padded image where they lie; none is ever copied
 * (Chellapilla, Puri and Simard, "High performance convolutional neural networks for document processing", 2006, do).
 */
function planConvolution(context: LayerContext): PlannedLayer {
  const { arena, component, input, inputShape, rows, isTraining } = context;
  const geometry = geometryOf(component, inputShape);
  const activation = activationOf(choiceOf(component, 'activation'));
  const weight = parameterNamed(context.parameters, 'weight');
  const bias = parameterNamed(context.parameters, 'bias');
  const features = geometry.outputHeight * geometry.outputWidth * geometry.filters;
  const output = arena.matrix(rows, features);
  const keepsSum = isTraining && activation.slopeFrom === 'input';
  const sum = keepsSum ? arena.matrix(rows, features) : output;
  const windows = planWindows(arena, geometry);
  const image = imageView(sum, geometry);
  const wholeImage: Part = { fromRow: 0, toRow: image.rows, fromColumn: 0, toColumn: geometry.filters };
  const ownRows: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: features };
  const work = 2 * weight.rows * features;

  const forward: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    // An image of many channels takes long enough.
    pieceUnit: 1,
    work,
    run: ({ kernels, scratch }, from, to) => {
      windows.operand.region = scratch;
      for (let row = from; row < to; row += 1) {
        kernels.pad(input.output, row, windows.padded, scratch);
        image.first = row * sum.stride;
        kernels.multiply(windows.operand, weight.values, image, weight.rows, false, wholeImage);
        kernels.addBias(bias.values, image, wholeImage);
        ownRows.fromRow = row;
        ownRows.toRow = row + 1;
        kernels.activate(activation, sum, output, ownRows);
      }
    },
  };
  const scratchLength = paddedLength(windows.padded);
  if (!isTraining) {
    return { output, dOutput: null, forward: [forward], backward: [], gradients: [], scratchLength };
  }

  const dOutput = arena.matrix(rows, features);
  const slope: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    work: features,
    run: ({ kernels }, from, to) => {
      ownRows.fromRow = from;
      ownRows.toRow = to;
      kernels.backpropagate(activation, sum, output, dOutput, ownRows);
    },
  };
  const inputGradient =
    input.dOutput === null
      ? { operations: [], scratchLength: 0 }
      : planInputGradient(arena, geometry, weight.values, dOutput, input.dOutput);
  return {
    output,
    dOutput,
    forward: [forward],
    backward: [slope, ...inputGradient.operations],
    gradients: [
      planWeightGradient(context, geometry, windows, weight, dOutput),
      planBiasGradient(geometry, bias, dOutput),
    ],
    scratchLength: Math.max(scratchLength, inputGradient.scratchLength),
  };
}

/** Fukushima, "Neocognitron", 1980; LeCun and others, "Backpropagation applied to handwritten zip code recognition", 1989. */
export const convolution: Layer = {
  description: {
    type: 'convolution',
    label: 'Convolution',
    help: 'Each filter looks at every window of the image with the same weights: activation(window * W + b) (LeCun and others, 1989).',
    options: [
      integerOption('filters', 'Filters', 'How many channels the layer gives.', {
        default: 32,
        minimum: 1,
        maximum: 1024,
      }),
      integerOption('kernel', 'Window', 'Height and width of the window.', {
        default: 3,
        minimum: 1,
        maximum: 15,
      }),
      integerOption('stride', 'Stride', 'How far the window moves from pixel to pixel of the output.', {
        default: 1,
        minimum: 1,
        maximum: 8,
      }),
      integerOption(
        'padding',
        'Padding',
        'Zeros around the image; half of the window, rounded down, keeps its size at stride 1.',
        { default: 1, minimum: 0, maximum: 14 },
      ),
      activationOption,
    ],
  },
  label: (component) => {
    const kernel = numberOf(component, 'kernel');
    const { label } = activationOf(choiceOf(component, 'activation'));
    return `Convolution ${kernel} x ${kernel}, ${filtersOf(component)} filters, ${label}`;
  },
  outputShape: (component, inputShape) => {
    const { outputHeight, outputWidth, filters } = geometryOf(component, inputShape);
    return [outputHeight, outputWidth, filters];
  },
  parameterShapes: (component, inputShape) => {
    const { kernel, channels, filters } = geometryOf(component, inputShape);
    const window = kernel * kernel * channels;
    const common = { start: 0, fanIn: window, fanOut: kernel * kernel * filters };
    // Here a window lies as the image does, (height, width, channels); in files as PyTorch has it.
    const fileRow = channelsFirst([kernel, kernel, channels]);
    const fileShape = [filters, channels, kernel, kernel];
    return [
      { name: 'weight', kind: 'weight', rows: window, columns: filters, fileShape, fileRow, ...common },
      { name: 'bias', kind: 'bias', rows: 1, columns: filters, fileShape: [filters], ...common },
    ];
  },
  operationsPerImage: (component, inputShape) => {
    const { kernel, channels, filters, outputHeight, outputWidth } = geometryOf(component, inputShape);
    return 2 * kernel * kernel * channels * filters * outputHeight * outputWidth;
  },
  plan: planConvolution,
};
