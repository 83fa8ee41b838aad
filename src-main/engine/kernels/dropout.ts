// Random masks that need no memory: a number's fate is a hash of where it is, computed again on the way back.
import type { Matrix } from '../matrix.ts';
import { firstMultiplier, golden, hash, secondMultiplier } from './hash.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

/** What a layer's masks in one step are drawn with; layers and steps have independent ones. */
export const dropoutKey = (noise: number, layer: number): number =>
  hash((noise + Math.imul(layer + 1, golden)) | 0);

/** 32-bit numbers, seen as signed ones, below this are dropped. */
const thresholdOf = (rate: number): number => Math.round(rate * 2 ** 32) - 2 ** 31;

export interface DropoutKernels {
  /**
   * Rows `fromRow` to `toRow - 1` of `output` = those of `input`, each number 0 with the probability `rate` (below 1) and
   * else divided by `1 - rate`. The row's image is number `first + row`; which of its numbers are dropped depends on
   * that, on `key` and on the column alone. The two may be one matrix.
   */
  drop(
    input: Matrix,
    output: Matrix,
    rate: number,
    key: number,
    first: number,
    fromRow: number,
    toRow: number,
  ): void;
}

export const referenceDropout: DropoutKernels = {
  drop(input, output, rate, key, first, fromRow, toRow) {
    const threshold = thresholdOf(rate);
    for (let row = fromRow; row < toRow; row += 1) {
      const start = hash((key + Math.imul(first + row, golden)) | 0);
      // A second word in the middle: rows whose starts happen to lie close together still share no sequence.
      const middle = hash(start ^ golden);
      for (let column = 0; column < output.columns; column += 1) {
        let mixed = (start + Math.imul(column, golden)) | 0;
        mixed = Math.imul(mixed ^ (mixed >>> 16), firstMultiplier);
        mixed = Math.imul(((mixed ^ (mixed >>> 15)) + middle) | 0, secondMultiplier);
        output.set(row, column, mixed < threshold ? 0 : input.get(row, column) / (1 - rate));
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmDropout(wasm: WasmLookup): DropoutKernels {
  const drop = wasm('drop');
  return {
    drop(input, output, rate, key, first, fromRow, toRow) {
      drop(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        output.columns,
        thresholdOf(rate),
        1 / (1 - rate),
        key,
        firstMultiplier,
        secondMultiplier,
        first,
        fromRow,
        toRow,
      );
    },
  };
}
