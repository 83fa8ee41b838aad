import { dropoutKey } from '../kernels/dropout.ts';
import { rowUnit, type Operation } from '../operation.ts';
import { numberOf, numberOption } from '../options.ts';
import { featuresOf, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

/**
 * `output = input * mask / (1 - rate)`. Going back, the same on the gradient, where it lies. Predicting drops nothing:
 * beside training that takes a copy, as the layers after it read the one matrix.
 */
function planDropout({
  arena,
  index,
  component,
  input,
  rows,
  isTraining,
  isFrozen,
}: LayerContext): PlannedLayer {
  const rate = numberOf(component, 'rate');
  if (!isTraining || isFrozen || rate === 0) {
    return { ...input, forward: [], backward: [], gradients: [], scratchLength: 0 };
  }
  const { dOutput } = input;
  const output = arena.matrix(rows, input.output.columns);
  const common = { split: 'rows', count: rows, unit: rowUnit, work: 4 * output.columns } as const;
  const forward: Operation = {
    ...common,
    run: ({ kernels, batch }, from, to) =>
      kernels.drop(input.output, output, rate, dropoutKey(batch.noise, index), batch.first, from, to),
  };
  const predict: Operation = {
    ...common,
    run: ({ kernels }, from, to) => kernels.drop(input.output, output, 0, 0, 0, from, to),
  };
  const planned = {
    output,
    dOutput,
    forward: [forward],
    predict: [predict],
    gradients: [],
    scratchLength: 0,
  };
  if (dOutput === null) return { ...planned, backward: [] };
  const backward: Operation = {
    ...common,
    run: ({ kernels, batch }, from, to) =>
      kernels.drop(dOutput, dOutput, rate, dropoutKey(batch.noise, index), batch.first, from, to),
  };
  return { ...planned, backward: [backward] };
}

/** Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014; inverted, so that predicting needs no scaling. */
export const dropout: Layer = {
  description: {
    type: 'dropout',
    label: 'Dropout',
    help: 'While training, sets each number to 0 with the probability of the rate and divides the others by 1 - rate; predicting uses all (Srivastava and others, 2014).',
    options: [
      numberOption('rate', 'Rate', 'The share of numbers that is dropped.', {
        default: 0.5,
        minimum: 0,
        maximum: 0.95,
      }),
    ],
  },
  label: (component) => `Dropout ${numberOf(component, 'rate')}`,
  outputShape: (_component, inputShape) => [...inputShape],
  parameterShapes: () => [],
  operationsPerImage: (_component, inputShape) => featuresOf(inputShape),
  plan: planDropout,
};
