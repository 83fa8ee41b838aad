// Between the order in which images lie here, `(height, width, channels)`, and PyTorch's, `(channels, height, width)`.
import type { Matrix } from '../matrix.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

export interface FlatteningKernels {
  /**
   * Rows `fromRow` to `toRow - 1` of `target` = those of `source`, each seen as numbers `(height, width)`, transposed to
   * `(width, height)`.
   */
  transposeRows(
    source: Matrix,
    target: Matrix,
    height: number,
    width: number,
    fromRow: number,
    toRow: number,
  ): void;
}

export const referenceFlattening: FlatteningKernels = {
  transposeRows(source, target, height, width, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) target.set(row, x * height + y, source.get(row, y * width + x));
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmFlattening(wasm: WasmLookup): FlatteningKernels {
  const transposeRows = wasm('transposeRows');
  return {
    transposeRows(source, target, height, width, fromRow, toRow) {
      transposeRows(
        addressOf(source),
        source.stride,
        addressOf(target),
        target.stride,
        height,
        width,
        fromRow,
        toRow,
      );
    },
  };
}
