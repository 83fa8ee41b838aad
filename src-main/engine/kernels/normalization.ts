// Statistics of channels, and numbers moved and scaled by them. An image `(pixels, channels)` is a row of a matrix.
import type { Matrix } from '../matrix.ts';
import type { FloatArray, Region } from '../region.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

/** How a row is seen, and the blocks of rows over which sums are made: they decide the bits, so threads don't. */
export interface ChannelLayout {
  readonly pixels: number;
  readonly channels: number;
  /** Images in a block. Calls start at the first row of a block, and end at the last one of a block or of the batch. */
  readonly rowsOfBlock: number;
}

/** Numbers of each channel, with room for whole panels. */
export type ChannelNumbers = Region<FloatArray>;

/** All take rows `fromRow` to `toRow - 1` of matrices whose rows are images. */
export interface NormalizationKernels {
  /**
   * For each block and channel, the mean and the sum of squared deviations from it: `means` and `squares` are
   * `(blocks, channels)`. In two passes, of which the second corrects the mean (Chan, Golub and LeVeque, "Algorithms
   * for computing the sample variance", 1983).
   */
  measureChannels(
    input: Matrix,
    means: Matrix,
    squares: Matrix,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
  /** `output = (input - mean) * scale + bias`, each of its channel; `bias` is `(1, channels)`. */
  normalize(
    input: Matrix,
    output: Matrix,
    mean: ChannelNumbers,
    scale: ChannelNumbers,
    bias: Matrix,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
  /** For each block and channel the sums of `dOutput` and of `dOutput * (input - mean)`; both `(blocks, channels)`. */
  sumGradients(
    input: Matrix,
    dOutput: Matrix,
    mean: ChannelNumbers,
    sums: Matrix,
    products: Matrix,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
  /** `dOutput = dOutput * scale + (input - mean) * slope + offset`, each of its channel. */
  normalizeBack(
    input: Matrix,
    dOutput: Matrix,
    mean: ChannelNumbers,
    scale: ChannelNumbers,
    slope: ChannelNumbers,
    offset: ChannelNumbers,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
}

/** Visits the numbers of a block in a channel: their rows and columns. */
function forEachInBlock(
  { pixels, channels, rowsOfBlock }: ChannelLayout,
  block: number,
  toRow: number,
  channel: number,
  visit: (row: number, column: number) => void,
): void {
  const end = Math.min(toRow, (block + 1) * rowsOfBlock);
  for (let row = block * rowsOfBlock; row < end; row += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) visit(row, pixel * channels + channel);
  }
}

export const referenceNormalization: NormalizationKernels = {
  measureChannels(input, means, squares, layout, fromRow, toRow) {
    const { channels, rowsOfBlock } = layout;
    for (let block = fromRow / rowsOfBlock; block * rowsOfBlock < toRow; block += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let [count, sum, squared] = [0, 0, 0];
        forEachInBlock(layout, block, toRow, channel, (row, column) => {
          count += 1;
          sum += input.get(row, column);
        });
        const mean = sum / count;
        forEachInBlock(layout, block, toRow, channel, (row, column) => {
          squared += (input.get(row, column) - mean) ** 2;
        });
        means.set(block, channel, mean);
        squares.set(block, channel, squared);
      }
    }
  },

  normalize(input, output, mean, scale, bias, { channels }, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      for (let column = 0; column < output.columns; column += 1) {
        const channel = column % channels;
        const deviation = input.get(row, column) - mean.data[channel]!;
        output.set(row, column, deviation * scale.data[channel]! + bias.get(0, channel));
      }
    }
  },

  sumGradients(input, dOutput, mean, sums, products, layout, fromRow, toRow) {
    const { channels, rowsOfBlock } = layout;
    for (let block = fromRow / rowsOfBlock; block * rowsOfBlock < toRow; block += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let [sum, product] = [0, 0];
        forEachInBlock(layout, block, toRow, channel, (row, column) => {
          sum += dOutput.get(row, column);
          product += dOutput.get(row, column) * (input.get(row, column) - mean.data[channel]!);
        });
        sums.set(block, channel, sum);
        products.set(block, channel, product);
      }
    }
  },

  normalizeBack(input, dOutput, mean, scale, slope, offset, { channels }, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      for (let column = 0; column < dOutput.columns; column += 1) {
        const channel = column % channels;
        const deviation = input.get(row, column) - mean.data[channel]!;
        const gradient = dOutput.get(row, column) * scale.data[channel]!;
        dOutput.set(row, column, gradient + deviation * slope.data[channel]! + offset.data[channel]!);
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmNormalization(wasm: WasmLookup): NormalizationKernels {
  const measureChannels = wasm('measureChannels');
  const normalize = wasm('normalize');
  const sumGradients = wasm('sumGradients');
  const normalizeBack = wasm('normalizeBack');
  return {
    measureChannels(input, means, squares, layout, fromRow, toRow) {
      measureChannels(
        addressOf(input),
        input.stride,
        addressOf(means),
        addressOf(squares),
        means.stride,
        layout.pixels,
        layout.channels,
        layout.rowsOfBlock,
        fromRow,
        toRow,
      );
    },
    normalize(input, output, mean, scale, bias, layout, fromRow, toRow) {
      normalize(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        mean.byteOffset,
        scale.byteOffset,
        addressOf(bias),
        layout.pixels,
        layout.channels,
        fromRow,
        toRow,
      );
    },
    sumGradients(input, dOutput, mean, sums, products, layout, fromRow, toRow) {
      sumGradients(
        addressOf(input),
        input.stride,
        addressOf(dOutput),
        dOutput.stride,
        mean.byteOffset,
        addressOf(sums),
        addressOf(products),
        sums.stride,
        layout.pixels,
        layout.channels,
        layout.rowsOfBlock,
        fromRow,
        toRow,
      );
    },
    normalizeBack(input, dOutput, mean, scale, slope, offset, layout, fromRow, toRow) {
      normalizeBack(
        addressOf(input),
        input.stride,
        addressOf(dOutput),
        dOutput.stride,
        mean.byteOffset,
        scale.byteOffset,
        slope.byteOffset,
        offset.byteOffset,
        layout.pixels,
        layout.channels,
        fromRow,
        toRow,
      );
    },
  };
}
