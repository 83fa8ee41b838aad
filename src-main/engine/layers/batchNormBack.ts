import type { ChannelLayout, ChannelNumbers } from '../kernels/normalization.ts';
import { panelColumns, panelsOf, type Matrix } from '../matrix.ts';
import { rowUnit, type Operation } from '../operation.ts';
import { planChannelGradient } from './channels.ts';
import { parameterNamed, type LayerContext, type PlannedLayer } from './layer.ts';

/** What the way forward leaves behind for the way back, and the blocks' sums, which it can have. */
export interface Normalized {
  mean: ChannelNumbers;
  /** weight / sqrt(variance + epsilon). */
  scale: ChannelNumbers;
  /** 1 / sqrt(variance + epsilon). */
  inverse: ChannelNumbers;
  /** `(blocks, channels)` */
  sums: Matrix;
  products: Matrix;
}

/**
 * With `d = input - mean`, `i = 1 / sqrt(variance + epsilon)` and n numbers in a channel:
 * `dBias = sum dOutput`, `dWeight = i sum(dOutput d)`, and
 * `dInput = scale (dOutput - sum(dOutput) / n - d i^2 sum(dOutput d) / n)`, which takes the place of `dOutput`.
 */
export function planBatchNormBack(
  { arena, input, parameters, rows }: LayerContext,
  layout: ChannelLayout,
  { mean, scale, inverse, sums, products }: Normalized,
): Pick<PlannedLayer, 'dOutput' | 'backward' | 'gradients'> {
  const { pixels, channels, rowsOfBlock } = layout;
  const room = panelsOf(channels) * panelColumns;
  const dOutput = input.dOutput ?? arena.matrix(rows, input.output.columns);
  const [dWeight, dBias] = [arena.numbers(room), arena.numbers(room)];
  const [slope, offset] = [arena.numbers(room), arena.numbers(room)];
  const perRow = { split: 'rows', count: rows, unit: rowUnit, work: 4 * dOutput.columns } as const;

  const sum: Operation = {
    ...perRow,
    run: ({ kernels }, from, to) =>
      kernels.sumGradients(input.output, dOutput, mean, sums, products, layout, from, to),
  };
  const combine: Operation = {
    split: 'columns',
    count: channels,
    unit: panelColumns,
    work: 2 * sums.rows,
    run: ({ batch }, from, to) => {
      const blocks = Math.ceil(batch.rows / rowsOfBlock);
      const count = batch.rows * pixels;
      for (let channel = from; channel < to; channel += 1) {
        let total = 0;
        let product = 0;
        for (let block = 0; block < blocks; block += 1) {
          total += sums.get(block, channel);
          product += products.get(block, channel);
        }
        const factor = inverse.data[channel]!;
        dBias.data[channel] = total;
        dWeight.data[channel] = product * factor;
        offset.data[channel] = (-scale.data[channel]! * total) / count;
        slope.data[channel] = (-scale.data[channel]! * factor * factor * product) / count;
      }
    },
  };
  const backward = [sum, combine];
  if (input.dOutput !== null) {
    backward.push({
      ...perRow,
      run: ({ kernels }, from, to) =>
        kernels.normalizeBack(input.output, dOutput, mean, scale, slope, offset, layout, from, to),
    });
  }
  const gradients = [
    planChannelGradient(parameterNamed(parameters, 'weight'), (channel) => dWeight.data[channel]!),
    planChannelGradient(parameterNamed(parameters, 'bias'), (channel) => dBias.data[channel]!),
  ];
  return { dOutput, backward, gradients };
}
