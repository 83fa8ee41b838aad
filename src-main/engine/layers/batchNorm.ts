import type { ChannelLayout } from '../kernels/normalization.ts';
import { panelColumns, panelsOf } from '../matrix.ts';
import { rowUnit, type Operation } from '../operation.ts';
import { numberOf, numberOption } from '../options.ts';
import { channelLayoutOf, channelsOf } from './channels.ts';
import { planBatchNormBack } from './batchNormBack.ts';
import { featuresOf, parameterNamed, type Layer, type LayerContext, type PlannedLayer } from './layer.ts';

/** How many blocks so many images make. */
const blocksOf = (rows: number, { rowsOfBlock }: ChannelLayout): number => Math.ceil(rows / rowsOfBlock);

/**
 * `output = (input - mean) / sqrt(variance + epsilon) * weight + bias`, with the mean and the variance of each channel
 * over the images and pixels of the pass. Blocks of images are measured one by one and combined by the formula of Chan,
 * Golub and LeVeque, in float64. Predicting takes the running mean and variance, and so does going back through a frozen
 * network: `dInput = dOutput weight / sqrt(variance + epsilon)`.
 */
function planBatchNorm(context: LayerContext): PlannedLayer {
  const { arena, component, input, inputShape, parameters, rows, isTraining, isFrozen } = context;
  const layout = channelLayoutOf(inputShape);
  const { pixels, channels, rowsOfBlock } = layout;
  const weight = parameterNamed(parameters, 'weight').values;
  const bias = parameterNamed(parameters, 'bias').values;
  const runningMean = parameterNamed(parameters, 'running_mean').values;
  const runningVariance = parameterNamed(parameters, 'running_var').values;
  const momentum = numberOf(component, 'momentum');
  const epsilon = numberOf(component, 'epsilon');
  const room = panelsOf(channels) * panelColumns;
  const mean = arena.numbers(room);
  const scale = arena.numbers(room);
  const output = arena.matrix(rows, input.output.columns);
  const perChannel = { split: 'columns', count: channels, unit: panelColumns } as const;
  const perRow = { split: 'rows', count: rows, unit: rowUnit, work: 4 * output.columns } as const;

  const normalize: Operation = {
    ...perRow,
    run: ({ kernels }, from, to) =>
      kernels.normalize(input.output, output, mean, scale, bias, layout, from, to),
  };
  const prepare: Operation = {
    ...perChannel,
    work: 8,
    run: (_thread, from, to) => {
      for (let channel = from; channel < to; channel += 1) {
        mean.data[channel] = runningMean.get(0, channel);
        scale.data[channel] = weight.get(0, channel) / Math.sqrt(runningVariance.get(0, channel) + epsilon);
      }
    },
  };
  const predict = [prepare, normalize];
  if (!isTraining) {
    return { output, dOutput: null, forward: predict, backward: [], gradients: [], scratchLength: 0 };
  }

  if (isFrozen) {
    const dOutput = input.dOutput ?? arena.matrix(rows, output.columns);
    const scaleBack: Operation = {
      ...perRow,
      run: (_thread, from, to) => {
        for (let row = from; row < to; row += 1) {
          for (let column = 0; column < output.columns; column += 1) {
            dOutput.set(row, column, dOutput.get(row, column) * scale.data[column % channels]!);
          }
        }
      },
    };
    return { output, dOutput, forward: predict, backward: [scaleBack], gradients: [], scratchLength: 0 };
  }

  const means = arena.matrix(blocksOf(rows, layout), channels);
  const squares = arena.matrix(blocksOf(rows, layout), channels);
  /** 1 / sqrt(variance + epsilon). */
  const inverse = arena.numbers(room);
  const measure: Operation = {
    ...perRow,
    work: 6 * output.columns,
    run: ({ kernels }, from, to) => kernels.measureChannels(input.output, means, squares, layout, from, to),
  };
  const combine: Operation = {
    ...perChannel,
    work: 8 * means.rows,
    run: ({ batch }, from, to) => {
      const count = batch.rows * pixels;
      const blocks = blocksOf(batch.rows, layout);
      for (let channel = from; channel < to; channel += 1) {
        let sum = 0;
        for (let block = 0; block < blocks; block += 1) {
          const images = Math.min(rowsOfBlock, batch.rows - block * rowsOfBlock);
          sum += images * pixels * means.get(block, channel);
        }
        const center = sum / count;
        let squared = 0;
        for (let block = 0; block < blocks; block += 1) {
          const images = Math.min(rowsOfBlock, batch.rows - block * rowsOfBlock);
          const distance = means.get(block, channel) - center;
          squared += squares.get(block, channel) + images * pixels * distance * distance;
        }
        mean.data[channel] = center;
        inverse.data[channel] = 1 / Math.sqrt(squared / count + epsilon);
        scale.data[channel] = weight.get(0, channel) * inverse.data[channel]!;
        // Of one number there is no unbiased variance; 0 then counts.
        const unbiased = squared / Math.max(1, count - 1);
        const oldMean = runningMean.get(0, channel);
        const oldVariance = runningVariance.get(0, channel);
        runningMean.set(0, channel, oldMean + momentum * (center - oldMean));
        runningVariance.set(0, channel, oldVariance + momentum * (unbiased - oldVariance));
      }
    },
  };
  const back = planBatchNormBack(context, layout, { mean, scale, inverse, sums: means, products: squares });
  return { output, forward: [measure, combine, normalize], predict, ...back, scratchLength: 0 };
}

/** Ioffe and Szegedy, "Batch normalization: accelerating deep network training", 2015. */
export const batchNorm: Layer = {
  description: {
    type: 'batch-norm',
    label: 'Batch normalization',
    help: 'Gives every channel the mean 0 and the variance 1 over the batch, then a learnt scale and shift: (x - mean) / sqrt(variance + epsilon) * weight + bias (Ioffe and Szegedy, 2015). A batch of more images than a pass takes is normalized pass by pass. Predicting uses running means of both.',
    options: [
      numberOption(
        'momentum',
        'Momentum',
        'What the present mean and variance count for in the running ones.',
        { default: 0.1, minimum: 0.001, maximum: 1 },
        'log',
      ),
      numberOption(
        'epsilon',
        'Epsilon',
        'Added to the variance, so that channels that hardly vary are not blown up.',
        { default: 1e-5, minimum: 1e-8, maximum: 0.1 },
        'log',
      ),
    ],
  },
  label: () => 'Batch normalization',
  outputShape: (_component, inputShape) => [...inputShape],
  parameterShapes: (_component, inputShape) => {
    const channels = channelsOf(inputShape);
    const common = { rows: 1, columns: channels, fileShape: [channels], fanIn: channels, fanOut: channels };
    return [
      { name: 'weight', kind: 'scale', start: 1, ...common },
      { name: 'bias', kind: 'scale', start: 0, ...common },
      { name: 'running_mean', kind: 'statistic', start: 0, ...common },
      { name: 'running_var', kind: 'statistic', start: 1, ...common },
    ];
  },
  operationsPerImage: (_component, inputShape) => 2 * featuresOf(inputShape),
  plan: planBatchNorm,
};
