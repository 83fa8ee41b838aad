// Images changed at random while training, as bytes: mirrored, shifted, turned, bent, noisy, in part erased. All arithmetic
// is of whole numbers, so every build gives the same bytes.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import type { Augmentation } from '../../../src-shared/schemas/recipe.ts';
import type { FloatArray, Region } from '../region.ts';
import { golden, hash } from './hash.ts';
import { ImageDraw } from './imageDraw.ts';
import type { ImageSource } from './images.ts';
import type { WasmLookup } from './wasmModule.ts';

/** Points of the elastic grid along a side, those just outside of the image among them; a whole number of pairs. */
export const gridPoints = 8;
/** Pixels from one node to the next: how far the grid bends is worked out at nodes, and lies on lines between them. */
export const nodeSpacing = 4;

/** Nodes along a side, one of them past its end. */
const nodesAlong = (size: number): number => Math.floor((size - 1) / nodeSpacing) + 2;

/** Where in their scratch memory the kernels put what they need for one image, and how much that is, in bytes. */
export interface AugmentationScratch {
  /** Points of the elastic grid, and where they move the nodes. */
  grid: number;
  nodes: number;
  /** How many nodes there are down and across. */
  nodeRows: number;
  nodeColumns: number;
  /** One channel of the image, black around it, and each of its pixels with three neighbours. */
  plane: number;
  quads: number;
  bytes: number;
}

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** Depends on the shape alone. */
export function layOutScratch({ height, width }: ImageShape): AugmentationScratch {
  const nodeRows = nodesAlong(height);
  // Kernels take columns in fours.
  const nodeColumns = roundUp(nodesAlong(width), 4);
  const grid = 0;
  const nodes = grid + 4 * gridPoints * gridPoints;
  // Ways right, ways down, and both in one row of pixels.
  const quads = nodes + 2 * 4 * nodeColumns * (nodeRows + 1);
  const plane = quads + 4 * (height + 2) * roundUp(width + 2, 16);
  // What is read 16 bytes at a time is read past its end.
  const bytes = plane + (height + 3) * (width + 3) + 32;
  return { grid, nodes, nodeRows, nodeColumns, plane, quads, bytes };
}

/** What images are changed by, and what the kernels need for it. */
export interface AugmentationPlan {
  augmentation: Augmentation;
  shape: ImageShape;
  /**
   * What the grid's points weigh, in 16384ths, at each row and column of nodes: pairs of 16 bits,
   * `(gridPoints / 2, nodes)`.
   */
  rowWeights: Region<Uint32Array>;
  columnWeights: Region<Uint32Array>;
  layout: AugmentationScratch;
}

/** What the images of a step are changed by: 32 bits, from those of the run. */
export const augmentationKey = (seed: number, step: number): number =>
  hash((seed + Math.imul(step, golden)) | 0) >>> 0;

export interface AugmentationKernels {
  /**
   * Images `fromRow` to `toRow - 1` of `target (images, imageBytes)` = the source's images `first + row`, each changed by
   * a draw that depends on `key` and `first + row` alone. `scratch` has room for the plan's layout.
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

/** The weight of a point of the grid at a node. */
function weightIn({ data }: Region<Uint32Array>, point: number, node: number): number {
  const word = data[(point >> 1) * ((2 * data.length) / gridPoints) + node]!;
  return ((point % 2 === 0 ? word : word >>> 16) << 16) >> 16;
}

/** How far the elastic grid moves each node, in 8192ths of its reach: `[right, down]`, `(rows, columns)` of nodes. */
function bendNodes({ layout, rowWeights, columnWeights }: AugmentationPlan): [number[], number[]] {
  const points = Array.from({ length: gridPoints * gridPoints }, (_one, point) =>
    hash((drawn.elasticSeed + Math.imul(point, golden)) | 0),
  );
  const bend = (wayOf: (word: number) => number): number[] =>
    Array.from({ length: layout.nodeRows * layout.nodeColumns }, (_one, node) => {
      const [row, column] = [Math.floor(node / layout.nodeColumns), node % layout.nodeColumns];
      let sum = 0;
      for (let k = 0; k < gridPoints; k += 1) {
        let inRow = 0;
        for (let j = 0; j < gridPoints; j += 1)
          inRow += weightIn(rowWeights, j, row) * wayOf(points[j * gridPoints + k]!);
        sum += weightIn(columnWeights, k, column) * (inRow >> 14);
      }
      return sum >> 16;
    });
  return [bend((word) => (word << 16) >> 16), bend((word) => word >> 16)];
}

/** How far a pixel is moved, in 65536ths of a pixel: on the lines between four nodes. */
function bendAt(nodes: readonly number[], nodeColumns: number, row: number, column: number): number {
  const above = Math.floor(row / nodeSpacing) * nodeColumns + Math.floor(column / nodeSpacing);
  const [down, right] = [row % nodeSpacing, column % nodeSpacing];
  const inRow = (node: number): number =>
    (nodeSpacing - down) * nodes[node]! + down * nodes[node + nodeColumns]!;
  const sum = (nodeSpacing - right) * inRow(above) + right * inRow(above + 1);
  return (sum * drawn.elasticReach) >> 9;
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** Places between pixels are rounded to 128ths of one. */
const wholePixel = 128;

/** A place in 65536ths of a pixel as 128ths, no farther out than the first black pixel on either side. */
const placeWithin = (place: number, size: number): number =>
  clamp((place + 256) >> 9, -wholePixel, wholePixel * size);

/** Between four pixels, each weighed by how near it is; black outside. */
function resample(plan: AugmentationPlan, image: Uint8Array, target: Uint8Array): void {
  const { height, width, channels } = plan.shape;
  const { nodeColumns } = plan.layout;
  const [rights, downs] = drawn.elasticReach === 0 ? [[], []] : bendNodes(plan);
  const pixel = (row: number, column: number, channel: number): number =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : image[(row * width + column) * channels + channel]!;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const isBent = drawn.elasticReach > 0;
      const bentX = isBent ? bendAt(rights, nodeColumns, row, column) : 0;
      const bentY = isBent ? bendAt(downs, nodeColumns, row, column) : 0;
      const x = placeWithin(drawn.x + column * drawn.xPerColumn + row * drawn.xPerRow + bentX, width);
      const y = placeWithin(drawn.y + column * drawn.yPerColumn + row * drawn.yPerRow + bentY, height);
      const [left, top, shareX, shareY] = [x >> 7, y >> 7, x & 127, y & 127];
      for (let channel = 0; channel < channels; channel += 1) {
        const between = (line: number): number =>
          (wholePixel - shareX) * pixel(line, left, channel) + shareX * pixel(line, left + 1, channel);
        const sum = (wholePixel - shareY) * between(top) + shareY * between(top + 1);
        target[(row * width + column) * channels + channel] = (sum + 8192) >> 14;
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

/** Of the sum of four even bytes. */
const meanOfBytes = 510;
/** Sequences of random bits that noise is made of, so that kernels can take as many bytes at once. */
const noiseLanes = 8;

/**
 * Adds what is near to a normal number to every byte: the sum of four even ones (Irwin and Hall). Byte after byte takes
 * the next number of the next of eight sequences (xorshift, Marsaglia 2003).
 */
function addNoise(bytes: Uint8Array): void {
  const states = Array.from(
    { length: noiseLanes },
    (_one, lane) => hash((drawn.noiseSeed + Math.imul(lane, golden)) | 0) | 1,
  );
  for (let index = 0; index < bytes.length; index += 1) {
    let bits = states[index % noiseLanes]!;
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    states[index % noiseLanes] = bits;
    const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
    bytes[index] = clamp(bytes[index]! + (((sum - meanOfBytes) * drawn.noiseScale + 16_384) >> 15), 0, 255);
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
  const placeNodes = wasm('placeNodes');
  const spreadPlane = wasm('spreadPlane');
  const resamplePlane = wasm('resamplePlane');
  const addNoiseTo = wasm('addNoise');
  const eraseRectangle = wasm('eraseRectangle');
  const own = new ImageDraw();
  return {
    augment({ images, imageBytes, order }, plan, key, first, target, scratch, fromRow, toRow) {
      const { augmentation, shape, rowWeights, columnWeights, layout } = plan;
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
          const start = scratch.byteOffset;
          if (own.elasticReach > 0) {
            placeNodes(
              own.elasticSeed,
              start + layout.grid,
              rowWeights.byteOffset,
              columnWeights.byteOffset,
              layout.nodeRows,
              layout.nodeColumns,
              start + layout.nodes,
            );
          }
          for (let channel = 0; channel < channels; channel += 1) {
            spreadPlane(image + channel, height, width, channels, start + layout.plane, start + layout.quads);
            resamplePlane(
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
              start + layout.nodes,
              layout.nodeRows,
              layout.nodeColumns,
              start + layout.quads,
              wholePixel,
            );
          }
        }
        if (own.noiseScale > 0) addNoiseTo(changed, imageBytes, own.noiseSeed, own.noiseScale, meanOfBytes);
        if (own.erasedHeight > 0) {
          const corner = changed + (own.erasedTop * width + own.erasedLeft) * channels;
          eraseRectangle(corner, width * channels, own.erasedHeight, own.erasedWidth * channels);
        }
      }
    },
  };
}
