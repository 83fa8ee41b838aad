import type { Component } from '../../../src-shared/schemas/component.ts';
import { activationOf, activationOption } from '../activations/catalogue.ts';
import type { Part } from '../kernels/kernels.ts';
import { panelColumns, type Matrix } from '../matrix.ts';
import { rowUnit, type Operation, type Thread } from '../operation.ts';
import { choiceOf, integerOption, numberOf } from '../options.ts';
import {
  channelsFirst,
  featuresOf,
  forEachPart,
  parameterNamed,
  type GradientOperation,
  type Layer,
  type LayerContext,
  type Parameter,
  type PlannedLayer,
} from './layer.ts';

/** From this many weights on, each thread computes its own columns, so that its part of the weights stays in its cache. */
const weightsSplitByColumns = 32_768;
/** Lines of a gradient that, with as many of the weights and two slots, take 100 KB: a share of the second cache. */
const linesAtOnce = 400;

const unitsOf = (component: Component): number => numberOf(component, 'units');

/** The gradient `dWeight = inputᵀ dSum`, over the batch's images in order. */
function planWeightGradient(
  { arena, input }: LayerContext,
  weight: Parameter,
  dSum: Matrix,
): GradientOperation {
  const { gradient: dWeight } = weight;
  const inputTransposed = arena.transposedOperand(input.output);
  const part: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: 0 };
  const computePart = ({ kernels, batch }: Thread, panel: number, fromRow: number, toRow: number): void => {
    if (dWeight === null) return;
    part.fromRow = fromRow;
    part.toRow = toRow;
    part.fromColumn = panel * panelColumns;
    part.toColumn = Math.min(dWeight.columns, part.fromColumn + panelColumns);
    kernels.multiply(inputTransposed, dSum, dWeight, batch.rows, !batch.startsSum, part);
  };
  return {
    parameter: weight,
    linesAtOnce,
    workPerImage: 2 * panelColumns,
    run: (thread, fromLine, toLine) => forEachPart(weight, fromLine, toLine, thread, computePart),
  };
}

/** The gradient of a bias, `(1, columns)`: the column sums of `dSum (rows, columns)`. */
function planBiasGradient(bias: Parameter, dSum: Matrix): GradientOperation {
  const { gradient: dBias } = bias;
  return {
    parameter: bias,
    linesAtOnce,
    workPerImage: panelColumns,
    run: ({ kernels, batch }, fromLine, toLine) => {
      if (dBias === null) return;
      const toColumn = Math.min(dBias.columns, toLine * panelColumns);
      kernels.sumRows(dSum, dBias, batch.rows, !batch.startsSum, fromLine * panelColumns, toColumn);
    },
  };
}

/**
 * `output (rows, units) = activation(input (rows, inputs) weight (inputs, units) + bias (1, units))`.
 * Going back: `dSum = dOutput * slope`, `dInput = dSum weightᵀ`, `dWeight = inputᵀ dSum`, `dBias = column sums of dSum`.
 */
function planDense(context: LayerContext): PlannedLayer {
  const { arena, component, input, rows, isTraining } = context;
  const activation = activationOf(choiceOf(component, 'activation'));
  const weight = parameterNamed(context.parameters, 'weight');
  const bias = parameterNamed(context.parameters, 'bias');
  const inputs = weight.rows;
  const units = unitsOf(component);
  const output = arena.matrix(rows, units);
  const keepsSum = isTraining && activation.slopeFrom === 'input';
  const sum = keepsSum ? arena.matrix(rows, units) : output;
  const dOutput = isTraining ? arena.matrix(rows, units) : null;
  const inputRows = arena.operand(input.output);
  const part: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: 0 };

  const computePart = ({ kernels }: Thread): void => {
    kernels.multiply(inputRows, weight.values, sum, inputs, false, part);
    kernels.addBias(bias.values, sum, part);
    kernels.activate(activation, sum, output, part);
  };
  const splitsColumns = inputs * units >= weightsSplitByColumns;
  const forward: Operation = splitsColumns
    ? {
        split: 'columns',
        count: units,
        unit: panelColumns,
        work: 2 * inputs * rows,
        run: (thread, from, to) => {
          part.fromRow = 0;
          part.toRow = thread.batch.rows;
          part.fromColumn = from;
          part.toColumn = to;
          computePart(thread);
        },
      }
    : {
        split: 'rows',
        count: rows,
        unit: rowUnit,
        work: 2 * inputs * units,
        run: (thread, from, to) => {
          part.fromRow = from;
          part.toRow = to;
          part.fromColumn = 0;
          part.toColumn = units;
          computePart(thread);
        },
      };
  const scratchLength = 0;
  if (dOutput === null) {
    return { output, dOutput, forward: [forward], backward: [], gradients: [], scratchLength };
  }

  const dSumRows = arena.operand(dOutput);
  const backward: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    work: 2 * inputs * units,
    run: ({ kernels }, from, to) => {
      part.fromRow = from;
      part.toRow = to;
      part.fromColumn = 0;
      part.toColumn = units;
      kernels.backpropagate(activation, sum, output, dOutput, part);
      if (input.dOutput === null) return;
      part.toColumn = inputs;
      kernels.multiplyByTranspose(dSumRows, weight.values, input.dOutput, part);
    },
  };
  const gradients = [planWeightGradient(context, weight, dOutput), planBiasGradient(bias, dOutput)];
  return { output, dOutput, forward: [forward], backward: [backward], gradients, scratchLength };
}

/** Every unit sees every number of the layer before. */
export const dense: Layer = {
  description: {
    type: 'dense',
    label: 'Dense',
    help: 'Every unit sees every output of the layer before: activation(x W + b).',
    options: [
      integerOption('units', 'Units', 'How many outputs the layer has.', {
        default: 128,
        minimum: 1,
        maximum: 4096,
      }),
      activationOption,
    ],
  },
  label: (component) =>
    `Dense ${unitsOf(component)}, ${activationOf(choiceOf(component, 'activation')).label}`,
  outputShape: (component) => [unitsOf(component)],
  parameterShapes: (component, inputShape) => {
    const inputs = featuresOf(inputShape);
    const units = unitsOf(component);
    const common = { start: 0, fanIn: inputs, fanOut: units };
    const fileShape = [units, inputs];
    const fileRow = channelsFirst(inputShape);
    return [
      { name: 'weight', kind: 'weight', rows: inputs, columns: units, fileShape, fileRow, ...common },
      { name: 'bias', kind: 'bias', rows: 1, columns: units, fileShape: [units], ...common },
    ];
  },
  operationsPerImage: (component, inputShape) => 2 * featuresOf(inputShape) * unitsOf(component),
  plan: planDense,
};
