// Which parts of an image an answer rests on, by covering them one after the other (Zeiler & Fergus 2014).
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';

/** Patches that are tried, at most. */
const mostPatches = 1024;
/** What stands in for the numbers of a probability that is rounded to 0: float32's smallest normal number. */
const smallestProbability = 2 ** -126;

/** Where patches lie: one about every pixel of a grid. */
export interface PatchGrid {
  /** Height and width of a patch in pixels, odd. */
  patch: number;
  /** Pixels from one patch's middle to the next. */
  stride: number;
  rows: number;
  columns: number;
}

/** Patches of about a sixth of the image's side, about every pixel of a small image and fewer of a large one. */
export function patchGridOf({ height, width }: ImageShape): PatchGrid {
  const stride = Math.max(1, Math.ceil(Math.sqrt((height * width) / mostPatches)));
  return {
    patch: Math.max(3, 2 * Math.round(Math.min(height, width) / 12) + 1),
    stride,
    rows: Math.ceil(height / stride),
    columns: Math.ceil(width / stride),
  };
}

/** The image once for each patch, `(patches, height, width, channels)`, the patch black; at the edges it is cut off. */
export function coverPatches(pixels: Uint8Array, shape: ImageShape, grid: PatchGrid): Uint8Array {
  const { height, width, channels } = shape;
  const { patch, stride, rows, columns } = grid;
  const reach = (patch - 1) / 2;
  const covered = new Uint8Array(rows * columns * pixels.length);
  for (let place = 0; place < rows * columns; place += 1) {
    const image = covered.subarray(place * pixels.length, (place + 1) * pixels.length);
    image.set(pixels);
    const middleRow = Math.floor(place / columns) * stride;
    const middleColumn = (place % columns) * stride;
    const left = Math.max(0, middleColumn - reach);
    const right = Math.min(width, middleColumn + reach + 1);
    for (let row = Math.max(0, middleRow - reach); row < Math.min(height, middleRow + reach + 1); row += 1) {
      image.fill(0, (row * width + left) * channels, (row * width + right) * channels);
    }
  }
  return covered;
}

/** How far one class leads another: `ln p[forClass] - ln p[againstClass]`, in which temperature and softmax cancel out. */
export function leadOf(
  probabilities: ArrayLike<number>,
  first: number,
  forClass: number,
  againstClass: number,
): number {
  const logOf = (one: number): number => Math.log(Math.max(probabilities[first + one]!, smallestProbability));
  return logOf(forClass) - logOf(againstClass);
}

/** The value of each patch at all pixels nearest to its middle, `(height, width)`. */
export function spreadPatches(
  values: ArrayLike<number>,
  { height, width }: ImageShape,
  grid: PatchGrid,
): Float32Array<ArrayBuffer> {
  const { stride, rows, columns } = grid;
  const spread = new Float32Array(height * width);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const patchRow = Math.min(rows - 1, Math.round(row / stride));
      const patchColumn = Math.min(columns - 1, Math.round(column / stride));
      spread[row * width + column] = values[patchRow * columns + patchColumn]!;
    }
  }
  return spread;
}
