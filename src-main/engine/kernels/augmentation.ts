// Images changed at random while training, as bytes: mirrored, shifted, turned, bent, noisy, in part erased. All arithmetic
// is of whole numbers, so every build gives the same bytes.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import type { Augmentation } from '../../../src-shared/schemas/recipe.ts';
import type { FloatArray, Region } from '../region.ts';
import { firstMultiplier, golden, hash, secondMultiplier } from './hash.ts';
import { ImageDraw } from './imageDraw.ts';
import type { ImageSource } from './images.ts';
import type { WasmLookup } from './wasmModule.ts';

/** Points of the elastic grid along a side, those just outside of the image among them; made even, the last is unused. */
export const gridPoints = 8;

/** What images are changed by, and what the kernels need for it. */
export interface AugmentationPlan {
  augmentation: Augmentation;
  shape: ImageShape;
  /**
   * What the grid's points weigh, in 16384ths, at each row and each column: pairs of 16 bits, `(gridPoints / 2, entries)`,
   * the entries a whole number of fours.
   */
  rowWeights: Region<Uint32Array>;
  columnWeights: Region<Uint32Array>;
}

/** What `augment` needs for itself, in bytes: the image's plane with black around it, and the grid. */
export const augmentationScratchBytes = ({ height, width }: ImageShape): number =>
  gridPoints * gridPoints * 4 + (height + 3) * (width + 3) + 16;

/** What the images of a step are changed by: 32 bits, from those of the run. */
export const augmentationKey = (seed: number, step: number): number =>
  hash((seed + Math.imul(step, golden)) | 0) >>> 0;

export interface AugmentationKernels {
  /**
   * Images `fromRow` to `toRow - 1` of `target (images, imageBytes)` = the source's images `first + row`, each changed by
   * a draw that depends on `key` and `first + row` alone. `scratch` has room for `augmentationScratchBytes`.
   */
  augment(
    source: ImageSource,
    plan: AugmentationPlan,
    key: number,
    first: number,
    target: Region<Uint8Array>,
    scratch: Region<FloatArray>,
    fromRow: number,
    toRow: number,
  ): void;
}

const drawn = new ImageDraw();

/** The weight of a point of the grid at an entry of a table. */
function weightIn({ data }: Region<Uint32Array>, point: number, entry: number): number {
  const word = data[(point >> 1) * ((2 * data.length) / gridPoints) + entry]!;
  return ((point % 2 === 0 ? word : word >>> 16) << 16) >> 16;
}

/** How far the elastic grid moves a pixel, in 32768ths of its reach, as `[right, down]`. */
function bend(plan: AugmentationPlan, row: number, column: number): [number, number] {
  const sums = [0, 0];
  for (let k = 0; k < gridPoints; k += 1) {
    const inRow = [0, 0];
    for (let j = 0; j < gridPoints; j += 1) {
      const word = hash((drawn.elasticSeed + Math.imul(j * gridPoints + k, golden)) | 0);
      const weight = weightIn(plan.rowWeights, j, row);
      inRow[0]! += weight * ((word << 16) >> 16);
      inRow[1]! += weight * (word >> 16);
    }
    const weight = weightIn(plan.columnWeights, k, column);
    sums[0]! += weight * (inRow[0]! >> 14);
    sums[1]! += weight * (inRow[1]! >> 14);
  }
  return [sums[0]! >> 14, sums[1]! >> 14];
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** A place in 65536ths of a pixel as 256ths, no farther out than the first black pixel on either side. */
const placeWithin = (place: number, size: number): number => clamp((place + 128) >> 8, -256, 256 * size);

/** Between four pixels, each weighed by how near it is; black outside. */
function resample(plan: AugmentationPlan, image: Uint8Array, target: Uint8Array): void {
  const { height, width, channels } = plan.shape;
  const pixel = (row: number, column: number, channel: number): number =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : image[(row * width + column) * channels + channel]!;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [right, down] = drawn.elasticReach === 0 ? [0, 0] : bend(plan, row, column);
      const bentX = (right * drawn.elasticReach) >> 7;
      const bentY = (down * drawn.elasticReach) >> 7;
      const x = placeWithin(drawn.x + column * drawn.xPerColumn + row * drawn.xPerRow + bentX, width);
      const y = placeWithin(drawn.y + column * drawn.yPerColumn + row * drawn.yPerRow + bentY, height);
      const [left, top, shareX, shareY] = [x >> 8, y >> 8, x & 255, y & 255];
      for (let channel = 0; channel < channels; channel += 1) {
        const between = (line: number): number =>
          (256 - shareX) * pixel(line, left, channel) + shareX * pixel(line, left + 1, channel);
        const sum = (256 - shareY) * between(top) + shareY * between(top + 1);
        target[(row * width + column) * channels + channel] = (sum + 32_768) >>> 16;
      }
    }
  }
}

/** Mirrors and shifts. */
function move({ height, width, channels }: ImageShape, image: Uint8Array, target: Uint8Array): void {
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const fromRow = row - drawn.shiftY;
      const unmirrored = column - drawn.shiftX;
      const fromColumn = drawn.isMirrored ? width - 1 - unmirrored : unmirrored;
      const isInside = fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width;
      for (let channel = 0; channel < channels; channel += 1) {
        target[(row * width + column) * channels + channel] = isInside
          ? image[(fromRow * width + fromColumn) * channels + channel]!
          : 0;
      }
    }
  }
}

/** Adds what is near to a normal number to every byte: the sum of four even ones (Irwin and Hall). */
function addNoise(bytes: Uint8Array): void {
  const middle = hash(drawn.noiseSeed ^ golden);
  for (let index = 0; index < bytes.length; index += 1) {
    let mixed = (drawn.noiseSeed + Math.imul(index, golden)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), firstMultiplier);
    mixed = Math.imul(((mixed ^ (mixed >>> 15)) + middle) | 0, secondMultiplier);
    mixed ^= mixed >>> 15;
    const sum = (mixed & 255) + ((mixed >>> 8) & 255) + ((mixed >>> 16) & 255) + (mixed >>> 24);
    bytes[index] = clamp(bytes[index]! + (((sum - 510) * drawn.noiseScale + 32_768) >> 16), 0, 255);
  }
}

function erase({ width, channels }: ImageShape, bytes: Uint8Array): void {
  for (let row = drawn.erasedTop; row < drawn.erasedTop + drawn.erasedHeight; row += 1) {
    const from = (row * width + drawn.erasedLeft) * channels;
    bytes.fill(0, from, from + drawn.erasedWidth * channels);
  }
}

export const referenceAugmentation: AugmentationKernels = {
  augment({ images, imageBytes, order }, plan, key, first, target, _scratch, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      const place = order === null ? first + row : order.data[first + row]!;
      const image = images.data.subarray(place * imageBytes, (place + 1) * imageBytes);
      const changed = target.data.subarray(row * imageBytes, (row + 1) * imageBytes);
      drawn.draw(plan.augmentation, plan.shape, key, first + row);
      if (drawn.isResampled) resample(plan, image, changed);
      else move(plan.shape, image, changed);
      if (drawn.noiseScale > 0) addNoise(changed);
      if (drawn.erasedHeight > 0) erase(plan.shape, changed);
    }
  },
};

/** How many images are fetched from memory side by side: they lie far apart in the order of training. */
const imagesTouched = 8;

/** The same over the module's functions. */
export function wasmAugmentation(wasm: WasmLookup): AugmentationKernels {
  const touchImages = wasm('touchImages');
  const moveImage = wasm('moveImage');
  const placeGrid = wasm('placeGrid');
  const resamplePlane = wasm('resamplePlane');
  const addNoiseTo = wasm('addNoise');
  const eraseRectangle = wasm('eraseRectangle');
  const own = new ImageDraw();
  return {
    augment({ images, imageBytes, order }, plan, key, first, target, scratch, fromRow, toRow) {
      const { augmentation, shape, rowWeights, columnWeights } = plan;
      const { height, width, channels } = shape;
      const orderAddress = order === null ? 0 : order.byteOffset;
      for (let row = fromRow; row < toRow; row += 1) {
        if ((row - fromRow) % imagesTouched === 0) {
          const end = Math.min(toRow, row + imagesTouched);
          touchImages(images.byteOffset, imageBytes, orderAddress, first + row, first + end);
        }
        const place = order === null ? first + row : order.data[first + row]!;
        const image = images.byteOffset + place * imageBytes;
        const changed = target.byteOffset + row * imageBytes;
        own.draw(augmentation, shape, key, first + row);
        if (!own.isResampled) {
          moveImage(image, changed, height, width, channels, own.isMirrored ? 1 : 0, own.shiftX, own.shiftY);
        } else {
          if (own.elasticReach > 0) placeGrid(own.elasticSeed, scratch.byteOffset);
          for (let channel = 0; channel < channels; channel += 1) {
            resamplePlane(
              image + channel,
              changed + channel,
              height,
              width,
              channels,
              own.x,
              own.y,
              own.xPerColumn,
              own.yPerColumn,
              own.xPerRow,
              own.yPerRow,
              own.elasticReach,
              rowWeights.byteOffset,
              columnWeights.byteOffset,
              scratch.byteOffset,
            );
          }
        }
        if (own.noiseScale > 0) addNoiseTo(changed, imageBytes, own.noiseSeed, own.noiseScale);
        if (own.erasedHeight > 0) {
          const corner = changed + (own.erasedTop * width + own.erasedLeft) * channels;
          eraseRectangle(corner, width * channels, own.erasedHeight, own.erasedWidth * channels);
        }
      }
    },
  };
}
