// Windows of an image become one number each, channel by channel.
import type { Matrix } from '../matrix.ts';
import { addressOf, bytesPerNumber, type WasmLookup } from './wasmModule.ts';

/** The windows of an image `(height, width, channels)`; none reaches beyond its edge. */
export interface PoolGeometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly windowHeight: number;
  readonly windowWidth: number;
  /** From one window to the next, down and to the right. */
  readonly stride: number;
  /** How many windows there are. */
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/** All take rows `fromRow` to `toRow - 1` of matrices whose rows are images. */
export interface PoolingKernels {
  /** Each number of `output` = the largest of its window. */
  maxPool(input: Matrix, output: Matrix, pool: PoolGeometry, fromRow: number, toRow: number): void;
  /**
   * `dInput` from `dOutput`: the first place of a window, row after row, that has its largest number takes the window's
   * gradient, as in PyTorch. Where windows overlap, gradients add up. `maxPool` has made `output`.
   */
  maxPoolBack(
    input: Matrix,
    output: Matrix,
    dOutput: Matrix,
    dInput: Matrix,
    pool: PoolGeometry,
    fromRow: number,
    toRow: number,
  ): void;
  /** Each number of `output` = the mean of its window. */
  averagePool(input: Matrix, output: Matrix, pool: PoolGeometry, fromRow: number, toRow: number): void;
  /** `dInput` from `dOutput`: every place of a window takes an equal share. Where windows overlap, shares add up. */
  averagePoolBack(dOutput: Matrix, dInput: Matrix, pool: PoolGeometry, fromRow: number, toRow: number): void;
}

/** Visits the number of every window and channel: its column in the output, and the window's first in the input. */
function forEachWindow(pool: PoolGeometry, visit: (outputColumn: number, inputColumn: number) => void): void {
  const { width, channels, stride, outputHeight, outputWidth } = pool;
  for (let y = 0; y < outputHeight; y += 1) {
    for (let x = 0; x < outputWidth; x += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const outputColumn = (y * outputWidth + x) * channels + channel;
        visit(outputColumn, (y * width + x) * stride * channels + channel);
      }
    }
  }
}

/** The columns of a window's numbers, row after row, counted from its first one. */
function placesIn({ width, channels, windowHeight, windowWidth }: PoolGeometry): number[] {
  return Array.from({ length: windowHeight * windowWidth }, (_value, place) => {
    const y = Math.floor(place / windowWidth);
    return (y * width + (place % windowWidth)) * channels;
  });
}

function clearRow({ data, first, stride, columns }: Matrix, row: number): void {
  const start = first + row * stride;
  data.fill(0, start, start + columns);
}

const add = (matrix: Matrix, row: number, column: number, value: number): void =>
  matrix.set(row, column, matrix.get(row, column) + value);

export const referencePooling: PoolingKernels = {
  maxPool(input, output, pool, fromRow, toRow) {
    const places = placesIn(pool);
    for (let row = fromRow; row < toRow; row += 1) {
      forEachWindow(pool, (outputColumn, inputColumn) => {
        let largest = -Infinity;
        for (const place of places) largest = Math.max(largest, input.get(row, inputColumn + place));
        output.set(row, outputColumn, largest);
      });
    }
  },

  maxPoolBack(input, output, dOutput, dInput, pool, fromRow, toRow) {
    const places = placesIn(pool);
    for (let row = fromRow; row < toRow; row += 1) {
      clearRow(dInput, row);
      forEachWindow(pool, (outputColumn, inputColumn) => {
        const largest = output.get(row, outputColumn);
        const taker = places.find((place) => input.get(row, inputColumn + place) === largest);
        if (taker !== undefined) add(dInput, row, inputColumn + taker, dOutput.get(row, outputColumn));
      });
    }
  },

  averagePool(input, output, pool, fromRow, toRow) {
    const places = placesIn(pool);
    for (let row = fromRow; row < toRow; row += 1) {
      forEachWindow(pool, (outputColumn, inputColumn) => {
        let sum = 0;
        for (const place of places) sum += input.get(row, inputColumn + place);
        output.set(row, outputColumn, sum / places.length);
      });
    }
  },

  averagePoolBack(dOutput, dInput, pool, fromRow, toRow) {
    const places = placesIn(pool);
    for (let row = fromRow; row < toRow; row += 1) {
      clearRow(dInput, row);
      forEachWindow(pool, (outputColumn, inputColumn) => {
        const share = dOutput.get(row, outputColumn) / places.length;
        for (const place of places) add(dInput, row, inputColumn + place, share);
      });
    }
  },
};

/** Whether windows share numbers, so that their gradients must be added up. */
const isOverlapping = (pool: PoolGeometry): boolean =>
  (pool.outputHeight > 1 && pool.stride < pool.windowHeight) ||
  (pool.outputWidth > 1 && pool.stride < pool.windowWidth);

/** How many bytes of an image's gradients must start from 0: none where each is written exactly once. */
function clearedBytesOf(pool: PoolGeometry): number {
  const { height, width, channels, windowHeight, windowWidth, stride, outputHeight, outputWidth } = pool;
  const isTiled =
    stride === windowHeight &&
    stride === windowWidth &&
    outputHeight * stride === height &&
    outputWidth * stride === width;
  const isWhole = windowHeight === height && windowWidth === width;
  return isTiled || isWhole ? 0 : height * width * channels * bytesPerNumber;
}

/** The same over the module's functions. */
export function wasmPooling(wasm: WasmLookup): PoolingKernels {
  const maxPool = wasm('maxPool');
  const maxPoolBack = wasm('maxPoolBack');
  const averagePool = wasm('averagePool');
  const averagePoolBack = wasm('averagePoolBack');
  return {
    maxPool(input, output, pool, fromRow, toRow) {
      maxPool(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        pool.width,
        pool.channels,
        pool.windowHeight,
        pool.windowWidth,
        pool.stride,
        pool.outputHeight,
        pool.outputWidth,
        fromRow,
        toRow,
      );
    },
    maxPoolBack(input, output, dOutput, dInput, pool, fromRow, toRow) {
      maxPoolBack(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        addressOf(dOutput),
        dOutput.stride,
        addressOf(dInput),
        dInput.stride,
        clearedBytesOf(pool),
        isOverlapping(pool) ? 1 : 0,
        pool.width,
        pool.channels,
        pool.windowHeight,
        pool.windowWidth,
        pool.stride,
        pool.outputHeight,
        pool.outputWidth,
        fromRow,
        toRow,
      );
    },
    averagePool(input, output, pool, fromRow, toRow) {
      averagePool(
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        pool.width,
        pool.channels,
        pool.windowHeight,
        pool.windowWidth,
        pool.stride,
        pool.outputHeight,
        pool.outputWidth,
        fromRow,
        toRow,
      );
    },
    averagePoolBack(dOutput, dInput, pool, fromRow, toRow) {
      averagePoolBack(
        addressOf(dOutput),
        dOutput.stride,
        addressOf(dInput),
        dInput.stride,
        clearedBytesOf(pool),
        isOverlapping(pool) ? 1 : 0,
        pool.width,
        pool.channels,
        pool.windowHeight,
        pool.windowWidth,
        pool.stride,
        pool.outputHeight,
        pool.outputWidth,
        fromRow,
        toRow,
      );
    },
  };
}
