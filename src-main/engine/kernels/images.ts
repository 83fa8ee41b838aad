// Images come in as bytes and become numbers from 0 to 1.
import type { Matrix } from '../matrix.ts';
import type { Region } from '../region.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

/** Images as bytes `(images, imageBytes)` and which of them to take. */
export interface ImageSource {
  images: Region<Uint8Array>;
  imageBytes: number;
  /** The images' numbers in the order of training; null takes them as they lie. */
  order: Region<Uint32Array> | null;
}

/** The largest byte, which becomes 1. */
const white = 255;

export interface ImageKernels {
  /** Rows of `output (rows, imageBytes)` = the source's images `first + row`, divided by 255. */
  gather(source: ImageSource, first: number, output: Matrix, fromRow: number, toRow: number): void;
  /**
   * Rows of `output (rows, imageBytes)` = the source's images `first + row`, each mixed with the next one of `count`
   * and the last one with the first: `((1 - share) image + share next) / 255`.
   */
  gatherMixed(
    source: ImageSource,
    first: number,
    count: number,
    share: number,
    output: Matrix,
    fromRow: number,
    toRow: number,
  ): void;
}

export const referenceImages: ImageKernels = {
  gather({ images, imageBytes, order }, first, output, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      const image = order === null ? first + row : order.data[first + row]!;
      for (let index = 0; index < imageBytes; index += 1) {
        output.data[row * output.stride + index] = images.data[image * imageBytes + index]! / white;
      }
    }
  },

  gatherMixed({ images, imageBytes, order }, first, count, share, output, fromRow, toRow) {
    const imageAt = (row: number): number => (order === null ? first + row : order.data[first + row]!);
    for (let row = fromRow; row < toRow; row += 1) {
      const own = imageAt(row) * imageBytes;
      const next = imageAt(row + 1 === count ? 0 : row + 1) * imageBytes;
      for (let index = 0; index < imageBytes; index += 1) {
        const mixed = (1 - share) * images.data[own + index]! + share * images.data[next + index]!;
        output.data[row * output.stride + index] = mixed / white;
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmImages(wasm: WasmLookup): ImageKernels {
  const gather = wasm('gather');
  const gatherMixed = wasm('gatherMixed');
  return {
    gather({ images, imageBytes, order }, first, output, fromRow, toRow) {
      gather(
        images.byteOffset,
        imageBytes,
        order === null ? 0 : order.byteOffset,
        first,
        addressOf(output),
        output.stride,
        white,
        fromRow,
        toRow,
      );
    },
    gatherMixed({ images, imageBytes, order }, first, count, share, output, fromRow, toRow) {
      gatherMixed(
        images.byteOffset,
        imageBytes,
        order === null ? 0 : order.byteOffset,
        first,
        count,
        share,
        addressOf(output),
        output.stride,
        fromRow,
        toRow,
      );
    },
  };
}
