import type { Component } from '../../../src-shared/schemas/component.ts';
import type { Activation } from '../activations/activation.ts';
import { activationOf, activationOption } from '../activations/catalogue.ts';
import type { Part } from '../kernels/kernels.ts';
import { rowUnit, type Operation } from '../operation.ts';
import { choiceOf } from '../options.ts';
import { featuresOf, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

const chosenIn = (component: Component): Activation => activationOf(choiceOf(component, 'activation'));

/** `output = activation(input)`. Going back, `dOutput` is multiplied by the slope where it lies. */
function planActivation({ arena, component, input, rows }: LayerContext): PlannedLayer {
  const activation = chosenIn(component);
  if (activation.type === 'linear') {
    return { ...input, forward: [], backward: [], gradients: [], scratchLength: 0 };
  }
  const output = arena.matrix(rows, input.output.columns);
  const { dOutput } = input;
  const part: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: output.columns };
  const common = { split: 'rows', count: rows, unit: rowUnit, work: 4 * output.columns } as const;
  const forward: Operation = {
    ...common,
    run: ({ kernels }, from, to) => {
      part.fromRow = from;
      part.toRow = to;
      kernels.activate(activation, input.output, output, part);
    },
  };
  const planned = { output, dOutput, forward: [forward], gradients: [], scratchLength: 0 };
  if (dOutput === null) return { ...planned, backward: [] };
  const backward: Operation = {
    ...common,
    run: ({ kernels }, from, to) => {
      part.fromRow = from;
      part.toRow = to;
      kernels.backpropagate(activation, input.output, output, dOutput, part);
    },
  };
  return { ...planned, backward: [backward] };
}

/** An activation that does not belong to the layer before it, as after batch normalization. */
export const activationLayer: Layer = {
  description: {
    type: 'activation',
    label: 'Activation',
    help: 'Applies an activation to every number, for layers that have none: after batch normalization, for example.',
    options: [activationOption],
  },
  label: (component) => `Activation ${chosenIn(component).label}`,
  outputShape: (_component, inputShape) => [...inputShape],
  parameterShapes: () => [],
  operationsPerImage: (_component, inputShape) => featuresOf(inputShape),
  plan: planActivation,
};
