// Rectified linear units whose slope below 0 is learnt, one a channel.
import type { Matrix } from '../matrix.ts';
import type { ChannelLayout } from './normalization.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

/** Both take rows `fromRow` to `toRow - 1` of matrices whose rows are images; `slopes` is `(1, channels)`. */
export interface PreluKernels {
  /** `output = input` above 0, and `input * slope` elsewhere. */
  prelu(
    input: Matrix,
    output: Matrix,
    slopes: Matrix,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
  /**
   * `dOutput` becomes the gradient of the input; `products (blocks, channels)` = the sums of `dOutput * input` over each
   * block's numbers that are not above 0.
   */
  preluBack(
    input: Matrix,
    dOutput: Matrix,
    slopes: Matrix,
    products: Matrix,
    layout: ChannelLayout,
    fromRow: number,
    toRow: number,
  ): void;
}

export const referencePrelu: PreluKernels = {
  prelu(input, output, slopes, { channels }, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      for (let column = 0; column < output.columns; column += 1) {
        const x = input.get(row, column);
        output.set(row, column, x > 0 ? x : x * slopes.get(0, column % channels));
      }
    }
  },

  preluBack(input, dOutput, slopes, products, { channels, rowsOfBlock }, fromRow, toRow) {
    const sums = new Float64Array(channels);
    for (let first = fromRow; first < toRow; first += rowsOfBlock) {
      sums.fill(0);
      for (let row = first; row < Math.min(toRow, first + rowsOfBlock); row += 1) {
        for (let column = 0; column < dOutput.columns; column += 1) {
          const x = input.get(row, column);
          if (x > 0) continue;
          const channel = column % channels;
          const gradient = dOutput.get(row, column);
          sums[channel]! += gradient * x;
          dOutput.set(row, column, gradient * slopes.get(0, channel));
        }
      }
      sums.forEach((sum, channel) => products.set(first / rowsOfBlock, channel, sum));
    }
  },
};

/** The same over the module's functions. */
export function wasmPrelu(wasm: WasmLookup): PreluKernels {
  const prelu = wasm('prelu');
  const preluBack = wasm('preluBack');
  return {
    prelu(input, output, slopes, { pixels, channels }, fromRow, toRow) {
      prelu(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        addressOf(slopes),
        pixels,
        channels,
        fromRow,
        toRow,
      );
    },
    preluBack(input, dOutput, slopes, products, layout, fromRow, toRow) {
      preluBack(
        addressOf(input),
        input.stride,
        addressOf(dOutput),
        dOutput.stride,
        addressOf(slopes),
        addressOf(products),
        products.stride,
        layout.pixels,
        layout.channels,
        layout.rowsOfBlock,
        fromRow,
        toRow,
      );
    },
  };
}
