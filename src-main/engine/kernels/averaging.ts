// Running averages of what is trained, beside it.
import { flushFirstMoment } from '../optimizers/subnormals.ts';
import type { FloatArray, Region } from '../region.ts';
import { addressIn, type WasmLookup } from './wasmModule.ts';

/** Ranges `from` to `to - 1` are multiples of `panelColumns`. */
export interface AveragingKernels {
  /** `averages += (1 - kept) * (values - averages)`: an average that keeps the share `kept` of itself. */
  average(
    averages: Region<FloatArray>,
    values: Region<FloatArray>,
    kept: number,
    from: number,
    to: number,
  ): void;
  /** The numbers of two regions change places. */
  swap(one: Region<FloatArray>, other: Region<FloatArray>, from: number, to: number): void;
}

export const referenceAveraging: AveragingKernels = {
  average(averages, values, kept, from, to) {
    for (let index = from; index < to; index += 1) {
      const before = averages.data[index]!;
      averages.data[index] = flushFirstMoment(before + (1 - kept) * (values.data[index]! - before));
    }
  },

  swap(one, other, from, to) {
    for (let index = from; index < to; index += 1) {
      const kept = one.data[index]!;
      one.data[index] = other.data[index]!;
      other.data[index] = kept;
    }
  },
};

/** The same over the module's functions. */
export function wasmAveraging(wasm: WasmLookup): AveragingKernels {
  const average = wasm('average');
  const swap = wasm('swap');
  return {
    average(averages, values, kept, from, to) {
      average(addressIn(averages, from), addressIn(values, from), to - from, 1 - kept);
    },
    swap(one, other, from, to) {
      swap(addressIn(one, from), addressIn(other, from), to - from);
    },
  };
}
