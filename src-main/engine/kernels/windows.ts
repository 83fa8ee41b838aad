// What convolutions need beside products: an image with a border, and weights turned around for the way back.
import type { Matrix } from '../matrix.ts';
import type { FloatArray, Region } from '../region.ts';
import { addressOf, bytesPerNumber, type WasmLookup } from './wasmModule.ts';

/** An image `(height, width, channels)` and how many rows and columns of zeros are to be around it. */
export interface PaddedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly above: number;
  readonly below: number;
  /** Left and right. */
  readonly before: number;
  readonly after: number;
}

/** Numbers that the padded image takes. */
export const paddedLength = (image: PaddedImage): number =>
  (image.above + image.height + image.below) * (image.before + image.width + image.after) * image.channels;

export interface WindowKernels {
  /** Copies the image of a row of `images` into `target`, with its border of zeros. */
  pad(images: Matrix, row: number, image: PaddedImage, target: Region<FloatArray>): void;
  /**
   * `target(targetRow + column, row) = source(sourceRow + row, column)` for so many rows and columns; both matrices are
   * in panels.
   */
  transpose(
    source: Matrix,
    sourceRow: number,
    target: Matrix,
    targetRow: number,
    rows: number,
    columns: number,
  ): void;
}

export const referenceWindows: WindowKernels = {
  pad(images, row, image, target) {
    const { height, width, channels, above, before, after } = image;
    const paddedWidth = before + width + after;
    target.data.fill(0, 0, paddedLength(image));
    for (let y = 0; y < height; y += 1) {
      for (let index = 0; index < width * channels; index += 1) {
        const place = ((above + y) * paddedWidth + before) * channels + index;
        target.data[place] = images.get(row, y * width * channels + index);
      }
    }
  },

  transpose(source, sourceRow, target, targetRow, rows, columns) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        target.set(targetRow + column, row, source.get(sourceRow + row, column));
      }
    }
  },
};

/** The same over the module's functions. */
export function wasmWindows(wasm: WasmLookup): WindowKernels {
  const pad = wasm('pad');
  const transpose = wasm('transpose');
  return {
    pad(images, row, { height, width, channels, above, below, before, after }, target) {
      const image = addressOf(images) + bytesPerNumber * row * images.stride;
      const rowLength = width * channels;
      pad(image, height, rowLength, target.byteOffset, above, below, before * channels, after * channels);
    },
    transpose(source, sourceRow, target, targetRow, rows, columns) {
      transpose(
        addressOf(source),
        source.panelStride,
        sourceRow,
        addressOf(target),
        target.panelStride,
        targetRow,
        rows,
        columns,
      );
    },
  };
}
