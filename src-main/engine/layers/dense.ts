import type { Component } from '../../../src-shared/schemas/component.ts';
import { activationOf, activations } from '../activations/catalogue.ts';
import { partColumns, type Part } from '../kernels/kernels.ts';
import { rowUnit, type Operation } from '../operation.ts';
import { choiceOf, integerOption, numberOf } from '../options.ts';
import type { Layer, LayerContext, Parameter, PlannedLayer } from './layer.ts';

/** From this many weights on, each thread computes its own columns, so that its part of the weights stays in its cache. */
const weightsSplitByColumns = 32_768;

const featuresOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const unitsOf = (component: Component): number => numberOf(component, 'units');

/** `rows` of the batch and all columns, or `columns` and all rows. */
const rowsPart = (fromRow: number, toRow: number, columns: number): Part => ({
  fromRow,
  toRow,
  fromColumn: 0,
  toColumn: columns,
});

function parameterNamed(parameters: readonly Parameter[], name: Parameter['name']): Parameter {
  const found = parameters.find((parameter) => parameter.name === name);
  if (found === undefined) throw new Error(`A dense layer was planned without its ${name}.`);
  return found;
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
  const units = unitsOf(component);
  const output = arena.matrix(rows, units);
  const keepsSum = isTraining && activation.slopeFrom === 'input';
  const sum = keepsSum ? arena.matrix(rows, units) : output;
  const dOutput = isTraining ? arena.matrix(rows, units) : null;

  const computePart = (kernels: Parameters<Operation['run']>[0], part: Part): void => {
    kernels.multiply(input.output, weight.values, sum, part);
    kernels.addBias(bias.values, sum, part);
    kernels.activate(activation, sum, output, part);
  };
  const splitsColumns = weight.rows * units >= weightsSplitByColumns;
  const forward: Operation = splitsColumns
    ? {
        split: 'columns',
        count: units,
        unit: partColumns,
        run: (kernels, batch, fromColumn, toColumn) =>
          computePart(kernels, { fromRow: 0, toRow: batch.rows, fromColumn, toColumn }),
      }
    : {
        split: 'rows',
        count: rows,
        unit: rowUnit,
        run: (kernels, _batch, from, to) => computePart(kernels, rowsPart(from, to, units)),
      };
  if (dOutput === null) return { output, dOutput, forward: [forward], backward: [], gradients: [] };

  const backward: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    run: (kernels, _batch, from, to) => {
      kernels.backpropagate(activation, sum, output, dOutput, rowsPart(from, to, units));
      if (input.dOutput === null) return;
      kernels.multiplyByTranspose(dOutput, weight.values, input.dOutput, rowsPart(from, to, weight.rows));
    },
  };
  const gradients: Operation[] = [];
  const { gradient: dWeight } = weight;
  const { gradient: dBias } = bias;
  if (dWeight !== null && dBias !== null) {
    gradients.push({
      split: 'parameters',
      count: weight.rows,
      unit: rowUnit,
      run: (kernels, batch, from, to) => {
        const part = rowsPart(from, to, units);
        kernels.multiplyTranspose(input.output, dOutput, dWeight, batch.rows, !batch.startsSum, part);
        if (from === 0) kernels.sumRows(dOutput, dBias, batch.rows, !batch.startsSum);
      },
    });
  }
  return { output, dOutput, forward: [forward], backward: [backward], gradients };
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
      {
        kind: 'choice',
        name: 'activation',
        label: 'Activation',
        help: activations.map(({ label, help }) => `${label}: ${help}`).join('; '),
        default: 'relu',
        choices: activations.map(({ type, label }) => ({ value: type, label })),
      },
    ],
  },
  label: (component) =>
    `Dense ${unitsOf(component)}, ${activationOf(choiceOf(component, 'activation')).label}`,
  outputShape: (component) => [unitsOf(component)],
  parameterShapes: (component, inputShape) => {
    const inputs = featuresOf(inputShape);
    const units = unitsOf(component);
    const fans = { fanIn: inputs, fanOut: units };
    return [
      { name: 'weight', rows: inputs, columns: units, fileShape: [units, inputs], ...fans },
      { name: 'bias', rows: 1, columns: units, fileShape: [units], ...fans },
    ];
  },
  operationsPerImage: (component, inputShape) => 2 * featuresOf(inputShape) * unitsOf(component),
  plan: planDense,
};
