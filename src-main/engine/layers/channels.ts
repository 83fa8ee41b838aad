// Layers that treat channels one by one: the last dimension of an image, or the units of a flat input.
import type { ChannelLayout } from '../kernels/normalization.ts';
import { panelColumns } from '../matrix.ts';
import { rowUnit } from '../operation.ts';
import { featuresOf, type GradientOperation, type Parameter } from './layer.ts';

export const channelsOf = (shape: readonly number[]): number => shape.at(-1) ?? 1;

/** How the numbers of an input lie, and blocks small enough to stay in a cache while they are gone over twice. */
export function channelLayoutOf(shape: readonly number[]): ChannelLayout {
  const channels = channelsOf(shape);
  const pixels = featuresOf(shape) / channels;
  return { pixels, channels, rowsOfBlock: pixels === 1 ? rowUnit : 1 };
}

/** The gradient of a parameter with one number a channel, which `ofChannel` knows once the way back is done. */
export function planChannelGradient(
  parameter: Parameter,
  ofChannel: (channel: number, rows: number) => number,
): GradientOperation {
  const { gradient } = parameter;
  return {
    parameter,
    linesAtOnce: Infinity,
    workPerImage: panelColumns,
    run: ({ batch }, fromLine, toLine) => {
      if (gradient === null) return;
      const end = Math.min(gradient.columns, toLine * panelColumns);
      for (let channel = fromLine * panelColumns; channel < end; channel += 1) {
        const before = batch.startsSum ? 0 : gradient.get(0, channel);
        gradient.set(0, channel, before + ofChannel(channel, batch.rows));
      }
    },
  };
}
