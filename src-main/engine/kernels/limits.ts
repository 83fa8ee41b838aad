// Limits on gradients and on weights.
import { panelColumns, type Matrix } from '../matrix.ts';
import type { FloatArray, Region } from '../region.ts';
import { addressIn, addressOf, bytesPerNumber, type WasmLookup } from './wasmModule.ts';

/** Ranges `from` to `to - 1` are multiples of `panelColumns`. A number that is not finite stays or becomes NaN. */
export interface LimitKernels {
  /** Numbers become at most `limit` in size. */
  limitValues(numbers: Region<FloatArray>, limit: number, from: number, to: number): void;
  /** The sum of the squares of numbers, made in float64. */
  sumSquares(numbers: Region<FloatArray>, from: number, to: number): number;
  /** Numbers are multiplied by `factor`. */
  scale(numbers: Region<FloatArray>, factor: number, from: number, to: number): void;
  /** The columns of a panel of weights whose L2 norm, made in float64, is more than `limit` are scaled down to it. */
  limitColumns(weights: Matrix, panel: number, limit: number): void;
}

export const referenceLimits: LimitKernels = {
  limitValues({ data }, limit, from, to) {
    for (let index = from; index < to; index += 1) {
      data[index] = Math.min(limit, Math.max(-limit, data[index]!));
    }
  },

  sumSquares({ data }, from, to) {
    let sum = 0;
    for (let index = from; index < to; index += 1) sum += data[index]! ** 2;
    return sum;
  },

  scale({ data }, factor, from, to) {
    for (let index = from; index < to; index += 1) data[index] = data[index]! * factor;
  },

  limitColumns(weights, panel, limit) {
    const end = Math.min(weights.columns, (panel + 1) * panelColumns);
    for (let column = panel * panelColumns; column < end; column += 1) {
      let sum = 0;
      for (let row = 0; row < weights.rows; row += 1) sum += weights.get(row, column) ** 2;
      const norm = Math.sqrt(sum);
      if (norm <= limit) continue;
      const factor = limit / norm;
      for (let row = 0; row < weights.rows; row += 1) {
        weights.set(row, column, weights.get(row, column) * factor);
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmLimits(wasm: WasmLookup): LimitKernels {
  const limitValues = wasm('limitValues');
  const sumSquares = wasm('sumSquares');
  const scale = wasm('scale');
  const limitColumns = wasm('limitColumns');
  return {
    limitValues(numbers, limit, from, to) {
      limitValues(addressIn(numbers, from), to - from, limit);
    },
    sumSquares: (numbers, from, to) => sumSquares(addressIn(numbers, from), to - from),
    scale(numbers, factor, from, to) {
      scale(addressIn(numbers, from), to - from, factor);
    },
    limitColumns(weights, panel, limit) {
      limitColumns(addressOf(weights) + bytesPerNumber * panel * weights.panelStride, weights.rows, limit);
    },
  };
}
