import { rowUnit, type Operation } from '../operation.ts';
import { channelLayoutOf, channelsOf, planChannelGradient } from './channels.ts';
import { featuresOf, parameterNamed, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

/**
 * `output = input` above 0, `input * slope` elsewhere. Going back, `dOutput` becomes the input's gradient where it lies,
 * and blocks of images give the sums of `dOutput * input` below 0, of which `dSlope` is the sum in their order.
 */
function planPrelu({ arena, input, inputShape, parameters, rows, isTraining }: LayerContext): PlannedLayer {
  const layout = channelLayoutOf(inputShape);
  const weight = parameterNamed(parameters, 'weight');
  const slopes = weight.values;
  const output = arena.matrix(rows, input.output.columns);
  const common = { split: 'rows', count: rows, unit: rowUnit, work: 4 * output.columns } as const;
  const forward: Operation = {
    ...common,
    run: ({ kernels }, from, to) => kernels.prelu(input.output, output, slopes, layout, from, to),
  };
  const planned = { output, forward: [forward], scratchLength: 0 };
  if (!isTraining) return { ...planned, dOutput: null, backward: [], gradients: [] };

  const dOutput = input.dOutput ?? arena.matrix(rows, output.columns);
  const products = arena.matrix(Math.ceil(rows / layout.rowsOfBlock), layout.channels);
  const backward: Operation = {
    ...common,
    run: ({ kernels }, from, to) =>
      kernels.preluBack(input.output, dOutput, slopes, products, layout, from, to),
  };
  const gradient = planChannelGradient(weight, (channel, rowsOfPass) => {
    const blocks = Math.ceil(rowsOfPass / layout.rowsOfBlock);
    let sum = 0;
    for (let block = 0; block < blocks; block += 1) sum += products.get(block, channel);
    return sum;
  });
  return { ...planned, dOutput, backward: [backward], gradients: [gradient] };
}

/** He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015; 0.25 is their start, too. */
export const prelu: Layer = {
  description: {
    type: 'prelu',
    label: 'PReLU',
    help: 'Leaves what is above 0 and multiplies the rest by a slope that each channel learns: max(0, x) + a min(0, x) (He and others, 2015).',
    options: [],
  },
  label: () => 'PReLU',
  outputShape: (_component, inputShape) => [...inputShape],
  parameterShapes: (_component, inputShape) => {
    const channels = channelsOf(inputShape);
    const common = { rows: 1, columns: channels, fileShape: [channels], fanIn: channels, fanOut: channels };
    return [{ name: 'weight', kind: 'scale', start: 0.25, ...common }];
  },
  operationsPerImage: (_component, inputShape) => featuresOf(inputShape),
  plan: planPrelu,
};
