// Images whose pixels come to lie between others: see ../augmentation.ts. Sizes count pixels.
import { copyBytes } from "./bytes";
import { GOLDEN, hashFour } from "./hash";

/** Points of the elastic grid along a side. */
const GRID_POINTS: i32 = 8;
/** From a pair of rows to the next, and from the ways right to those down. */
const PAIR_BYTES: i32 = 32;
const DOWN_BYTES: i32 = 128;

/** What four columns of the grid's points come to in a row of the image, in the low halves of 32 bits. */
@inline
function inRow(grid: usize, weights0: v128, weights1: v128, weights2: v128, weights3: v128): v128 {
  const low = i32x4.add(
    i32x4.dot_i16x8_s(v128.load(grid), weights0),
    i32x4.dot_i16x8_s(v128.load(grid, PAIR_BYTES), weights1),
  );
  const high = i32x4.add(
    i32x4.dot_i16x8_s(v128.load(grid, 2 * PAIR_BYTES), weights2),
    i32x4.dot_i16x8_s(v128.load(grid, 3 * PAIR_BYTES), weights3),
  );
  return i32x4.shr_s(i32x4.add(low, high), 14);
}

/** The sum over the grid's points, given in pairs, of their ways times their weights at four nodes. */
@inline
function bend(pairs0: v128, pairs1: v128, pairs2: v128, pairs3: v128, weights: usize, nodes: i32): v128 {
  const step = <usize>nodes << 2;
  const low = i32x4.add(
    i32x4.dot_i16x8_s(pairs0, v128.load(weights)),
    i32x4.dot_i16x8_s(pairs1, v128.load(weights + step)),
  );
  const high = i32x4.add(
    i32x4.dot_i16x8_s(pairs2, v128.load(weights + 2 * step)),
    i32x4.dot_i16x8_s(pairs3, v128.load(weights + 3 * step)),
  );
  return i32x4.shr_s(i32x4.add(low, high), 16);
}

/** Draws how far each point of the elastic grid is moved, and works out from them how far each node is. */
export function placeNodes(
  seed: u32, grid: usize, rowWeights: usize, columnWeights: usize, nodeRows: i32, nodeColumns: i32, nodes: usize,
): void {
  // Rows of points lie in pairs, as the dot product takes them: their ways right, then their ways down.
  const multiplier = i32x4.splat(GOLDEN);
  const lowHalf = i32x4.splat(0xffff);
  const seeds = i32x4.splat(seed);
  for (let point = 0; point < (GRID_POINTS * GRID_POINTS) / 2; point += 4) {
    const upper = (point & 4) + ((point >> 3) << 4);
    const places = i32x4.add(i32x4.splat(upper), i32x4(0, 1, 2, 3));
    const even = hashFour(i32x4.add(seeds, i32x4.mul(places, multiplier)));
    const odd = hashFour(i32x4.add(seeds, i32x4.mul(i32x4.add(places, i32x4.splat(GRID_POINTS)), multiplier)));
    const line = grid + (point << 2);
    v128.store(line, v128.or(v128.and(even, lowHalf), i32x4.shl(odd, 16)));
    v128.store(line, v128.or(i32x4.shr_u(even, 16), v128.andnot(odd, lowHalf)), DOWN_BYTES);
  }
  const step = <usize>nodeRows << 2;
  const downNodes = <usize>(nodeRows * nodeColumns) << 2;
  for (let row = 0; row < nodeRows; row++) {
    const weights = rowWeights + (<usize>row << 2);
    const w0 = v128.load32_splat(weights);
    const w1 = v128.load32_splat(weights + step);
    const w2 = v128.load32_splat(weights + 2 * step);
    const w3 = v128.load32_splat(weights + 3 * step);
    // The points' ways in this row of nodes as 16 bits: then pairs of them in all lanes.
    const right = i16x8.narrow_i32x4_s(inRow(grid, w0, w1, w2, w3), inRow(grid + 16, w0, w1, w2, w3));
    const downs = grid + DOWN_BYTES;
    const down = i16x8.narrow_i32x4_s(inRow(downs, w0, w1, w2, w3), inRow(downs + 16, w0, w1, w2, w3));
    const r0 = i32x4.splat(i32x4.extract_lane(right, 0));
    const r1 = i32x4.splat(i32x4.extract_lane(right, 1));
    const r2 = i32x4.splat(i32x4.extract_lane(right, 2));
    const r3 = i32x4.splat(i32x4.extract_lane(right, 3));
    const d0 = i32x4.splat(i32x4.extract_lane(down, 0));
    const d1 = i32x4.splat(i32x4.extract_lane(down, 1));
    const d2 = i32x4.splat(i32x4.extract_lane(down, 2));
    const d3 = i32x4.splat(i32x4.extract_lane(down, 3));
    for (let column = 0; column < nodeColumns; column += 4) {
      const columns = columnWeights + (<usize>column << 2);
      v128.store(nodes, bend(r0, r1, r2, r3, columns, nodeColumns));
      v128.store(nodes + downNodes, bend(d0, d1, d2, d3, columns, nodeColumns));
      nodes += 16;
    }
  }
}

/**
 * Spreads one channel of an image over 32 bits a pixel: itself, the one behind it, and the two below these; from the pixel
 * above and before the first one on, and to the first one below and behind the last; black outside. `plane` is room for
 * the channel with black around it. Rows of quads are a whole number of sixteens.
 */
export function spreadPlane(
  image: usize, height: i32, width: i32, channels: i32, plane: usize, quads: usize,
): void {
  const stride = width + 3;
  memory.fill(plane, 0, (height + 3) * stride + 32);
  let pixels = plane + stride + 1;
  for (let row = 0; row < height; row++) {
    if (channels == 1) {
      copyBytes(image, pixels, width);
    } else {
      for (let column = 0; column < width; column++) {
        store<u8>(pixels + column, load<u8>(image + column * channels));
      }
    }
    image += width * channels;
    pixels += stride;
  }
  for (let row = 0; row < height + 2; row++) {
    for (let column = 0; column < width + 2; column += 16) {
      const above = plane + column;
      const below = above + stride;
      const a = v128.load(above);
      const b = v128.load(above, 1);
      const c = v128.load(below);
      const d = v128.load(below, 1);
      const upLow = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const upHigh = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const downLow = i8x16.shuffle(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const downHigh = i8x16.shuffle(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      v128.store(quads, i16x8.shuffle(upLow, downLow, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(quads, i16x8.shuffle(upLow, downLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      v128.store(quads, i16x8.shuffle(upHigh, downHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
      v128.store(quads, i16x8.shuffle(upHigh, downHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
      quads += 64;
    }
    plane += stride;
  }
}

/** Places in 65536ths of a pixel, rounding added, as 128ths, no farther out than the first black pixel on either side. */
@inline
function within(places: v128, first: v128, last: v128): v128 {
  return i32x4.min_s(i32x4.max_s(i32x4.shr_s(places, 9), first), last);
}

/** Four pixels of the result as bytes in the first lane, each between the four of the image around its place. */
@inline
function between(
  placeX: v128, placeY: v128, origin: usize, stride: v128,
  whole: v128, wholes: v128, fraction: v128, lowBytes: v128, half: v128,
): v128 {
  const rows = i32x4.mul(i32x4.shr_s(placeY, 7), stride);
  const places = i32x4.shl(i32x4.add(rows, i32x4.shr_s(placeX, 7)), 2);
  let quads = v128.load32_zero(origin + i32x4.extract_lane(places, 0));
  quads = v128.load32_lane(origin + i32x4.extract_lane(places, 1), quads, 1);
  quads = v128.load32_lane(origin + i32x4.extract_lane(places, 2), quads, 2);
  quads = v128.load32_lane(origin + i32x4.extract_lane(places, 3), quads, 3);
  // Weights in both halves of 32 bits for the upper and the lower pair; then one in each half.
  const shareX = v128.and(placeX, fraction);
  const sharesX = v128.or(shareX, i32x4.shl(shareX, 16));
  const shareY = v128.and(placeY, fraction);
  const sharesY = v128.or(i32x4.sub(whole, shareY), i32x4.shl(shareY, 16));
  const lines = i16x8.add(
    i16x8.mul(v128.and(quads, lowBytes), i16x8.sub(wholes, sharesX)),
    i16x8.mul(i16x8.shr_u(quads, 8), sharesX),
  );
  const pixels = i32x4.shr_u(i32x4.add(i32x4.dot_i16x8_s(lines, sharesY), half), 14);
  const narrow = i16x8.narrow_i32x4_s(pixels, pixels);
  return i8x16.narrow_i16x8_u(narrow, narrow);
}

/** Stores up to four pixels of one channel. */
@inline
function storePixels(bytes: v128, target: usize, channels: i32, left: i32): void {
  if (channels == 1 && left >= 4) {
    v128.store32_lane(target, bytes, 0);
    return;
  }
  let rest = i32x4.extract_lane(bytes, 0);
  for (let pixel = 0; pixel < min(4, left); pixel++, rest >>= 8) {
    store<u8>(target + pixel * channels, <u8>rest);
  }
}

/** How far nodes are moved in a row of pixels that is `below` the upper ones: four times as much. */
@inline
function nodesInRow(nodes: usize, nodeColumns: i32, below: i32, target: usize): void {
  const share = i32x4.splat(below);
  for (let column = 0; column < nodeColumns; column += 4) {
    const upper = v128.load(nodes + (<usize>column << 2));
    const lower = v128.load(nodes + (<usize>(column + nodeColumns) << 2));
    const moved = i32x4.add(i32x4.shl(upper, 2), i32x4.mul(share, i32x4.sub(lower, upper)));
    v128.store(target + (<usize>column << 2), moved);
  }
}

/** How far four pixels between two nodes of a row are moved, in 65536ths of a pixel. */
@inline
function bentBetween(node: usize, columns: v128, reach: v128): v128 {
  const before = v128.load32_splat(node);
  const behind = v128.load32_splat(node, 4);
  const sums = i32x4.add(i32x4.shl(before, 2), i32x4.mul(columns, i32x4.sub(behind, before)));
  return i32x4.shr_s(i32x4.mul(sums, reach), 9);
}

/**
 * One channel of an image, each pixel from where the draw says, between four of the image's: see `spreadPlane`. `unit` is
 * 128, a whole pixel: of what the code itself states, V8 would make vectors anew in every turn of the loops.
 */
export function resamplePlane(
  target: usize, height: i32, width: i32, channels: i32,
  x: i32, y: i32, xPerColumn: i32, yPerColumn: i32, xPerRow: i32, yPerRow: i32,
  reach: i32, nodes: usize, nodeRows: i32, nodeColumns: i32, quads: usize, unit: i32,
): void {
  const quadStride = (width + 17) & ~15;
  const origin = quads + (<usize>(quadStride + 1) << 2);
  const stride = i32x4.splat(quadStride);
  const lastX = i32x4.splat(width << 7);
  const lastY = i32x4.splat(height << 7);
  const columns = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(unit >> 7));
  const firstX = i32x4.add(i32x4.splat(x + 256), i32x4.mul(columns, i32x4.splat(xPerColumn)));
  const firstY = i32x4.add(i32x4.splat(y + 256), i32x4.mul(columns, i32x4.splat(yPerColumn)));
  const xPerFour = i32x4.splat(xPerColumn << 2);
  const yPerFour = i32x4.splat(yPerColumn << 2);
  const whole = i32x4.splat(unit);
  const wholes = i16x8.splat(<i16>unit);
  const fraction = i32x4.splat(unit - 1);
  const first = i32x4.splat(-unit);
  const lowBytes = i16x8.splat(<i16>(2 * unit - 1));
  const half = i32x4.splat(64 * unit);
  const reaches = i32x4.splat(reach);
  const rowNodes = nodes + (<usize>(2 * nodeRows * nodeColumns) << 2);
  const downBytes = <usize>nodeColumns << 2;
  for (let row = 0; row < height; row++) {
    let xs = i32x4.add(firstX, i32x4.splat(row * xPerRow));
    let ys = i32x4.add(firstY, i32x4.splat(row * yPerRow));
    if (reach == 0) {
      for (let column = 0; column < width; column += 4) {
        const placeX = within(xs, first, lastX);
        const placeY = within(ys, first, lastY);
        const bytes = between(placeX, placeY, origin, stride, whole, wholes, fraction, lowBytes, half);
        storePixels(bytes, target + column * channels, channels, width - column);
        xs = i32x4.add(xs, xPerFour);
        ys = i32x4.add(ys, yPerFour);
      }
    } else {
      const above = nodes + (<usize>((row >> 2) * nodeColumns) << 2);
      nodesInRow(above, nodeColumns, row & 3, rowNodes);
      nodesInRow(above + (<usize>(nodeRows * nodeColumns) << 2), nodeColumns, row & 3, rowNodes + downBytes);
      for (let column = 0; column < width; column += 4) {
        const node = rowNodes + column;
        const placeX = within(i32x4.add(xs, bentBetween(node, columns, reaches)), first, lastX);
        const placeY = within(i32x4.add(ys, bentBetween(node + downBytes, columns, reaches)), first, lastY);
        const bytes = between(placeX, placeY, origin, stride, whole, wholes, fraction, lowBytes, half);
        storePixels(bytes, target + column * channels, channels, width - column);
        xs = i32x4.add(xs, xPerFour);
        ys = i32x4.add(ys, yPerFour);
      }
    }
    target += width * channels;
  }
}
