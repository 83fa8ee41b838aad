// Images changed while training: see ../augmentation.ts. Sizes count pixels, and bytes where they say so.
import { FIRST_MULTIPLIER, GOLDEN, SECOND_MULTIPLIER, hash } from "./hash";

/** Points of the elastic grid along a side. */
const GRID_POINTS: i32 = 8;
/** Bytes of the grid in the scratch memory: for each pair of rows the points' ways right, then their ways down. */
const GRID_BYTES: usize = 4 * 8 * 8;
/** From a pair of rows to the next, and from the ways right to those down. */
const PAIR_BYTES: i32 = 32;
const DOWN_BYTES: i32 = 128;

/** Copies bytes, 16 at a time. */
@inline
function copyBytes(source: usize, target: usize, count: i32): void {
  for (; count >= 16; count -= 16) {
    v128.store(target, v128.load(source));
    source += 16;
    target += 16;
  }
  if (count >= 8) {
    store<u64>(target, load<u64>(source));
    source += 8;
    target += 8;
    count -= 8;
  }
  for (; count > 0; count--) store<u8>(target++, load<u8>(source++));
}

/** Copies bytes that end at `end`, the last one first. */
@inline
function copyReversed(end: usize, target: usize, count: i32): void {
  for (; count >= 16; count -= 16) {
    end -= 16;
    const bytes = v128.load(end);
    v128.store(target, i8x16.shuffle(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    target += 16;
  }
  if (count >= 8) {
    end -= 8;
    const bytes = v128.load64_zero(end);
    v128.store64_lane(target, i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
    target += 8;
    count -= 8;
  }
  for (; count > 0; count--) store<u8>(target++, load<u8>(--end));
}

/** The image mirrored and shifted by whole pixels. */
export function moveImage(
  image: usize, target: usize, height: i32, width: i32, channels: i32, mirrored: bool, shiftX: i32, shiftY: i32,
): void {
  const rowBytes = width * channels;
  if (!mirrored && shiftX == 0 && shiftY == 0) {
    copyBytes(image, target, height * rowBytes);
    return;
  }
  // The columns of the result that come from the image.
  const from = min(width, max(0, shiftX));
  const to = max(from, min(width, width + shiftX));
  const first = mirrored ? width - to + shiftX : from - shiftX;
  for (let row = 0; row < height; row++, target += rowBytes) {
    const imageRow = row - shiftY;
    if (imageRow < 0 || imageRow >= height) {
      memory.fill(target, 0, rowBytes);
      continue;
    }
    if (from > 0) memory.fill(target, 0, from * channels);
    if (to < width) memory.fill(target + to * channels, 0, (width - to) * channels);
    const source = image + (imageRow * width + first) * channels;
    const start = target + from * channels;
    if (!mirrored) {
      copyBytes(source, start, (to - from) * channels);
    } else if (channels == 1) {
      copyReversed(source + (to - from), start, to - from);
    } else {
      for (let pixel = 0; pixel < to - from; pixel++) {
        const mirror = source + (to - from - 1 - pixel) * channels;
        for (let channel = 0; channel < channels; channel++) {
          store<u8>(start + pixel * channels + channel, load<u8>(mirror + channel));
        }
      }
    }
  }
}

/** Draws how far each point of the elastic grid is moved. Rows of points lie in pairs, as `dot_i16x8` takes them. */
export function placeGrid(seed: u32, grid: usize): void {
  for (let j = 0; j < GRID_POINTS; j++) {
    const line = grid + (j >> 1) * PAIR_BYTES + ((j & 1) << 1);
    for (let k = 0; k < GRID_POINTS; k++) {
      const word = hash(seed + <u32>(j * GRID_POINTS + k) * <u32>GOLDEN);
      store<u16>(line + (k << 2), <u16>word);
      store<u16>(line + (k << 2) + DOWN_BYTES, <u16>(word >> 16));
    }
  }
}

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

/** Copies a plane of an image into the middle of a larger one of zeros: a pixel above and before, two below and behind. */
@inline
function surround(image: usize, height: i32, width: i32, channels: i32, plane: usize): void {
  const stride = width + 3;
  memory.fill(plane, 0, (height + 3) * stride);
  let target = plane + stride + 1;
  for (let row = 0; row < height; row++) {
    if (channels == 1) {
      copyBytes(image, target, width);
    } else {
      for (let column = 0; column < width; column++) {
        store<u8>(target + column, load<u8>(image + column * channels));
      }
    }
    image += width * channels;
    target += stride;
  }
}

/** The sum over the grid's points, given in pairs, of their ways times the weights of four pixels. */
@inline
function bend(pairs0: v128, pairs1: v128, pairs2: v128, pairs3: v128, weights: usize, entries: i32): v128 {
  const step = <usize>entries << 2;
  const low = i32x4.add(
    i32x4.dot_i16x8_s(pairs0, v128.load(weights)),
    i32x4.dot_i16x8_s(pairs1, v128.load(weights + step)),
  );
  const high = i32x4.add(
    i32x4.dot_i16x8_s(pairs2, v128.load(weights + 2 * step)),
    i32x4.dot_i16x8_s(pairs3, v128.load(weights + 3 * step)),
  );
  return i32x4.shr_s(i32x4.add(low, high), 14);
}

/** Places in 65536ths of a pixel as 256ths, no farther out than the first black pixel on either side. */
@inline
function within(places: v128, last: v128): v128 {
  const rounded = i32x4.shr_s(i32x4.add(places, i32x4.splat(128)), 8);
  return i32x4.min_s(i32x4.max_s(rounded, i32x4.splat(-256)), last);
}

/** One channel of an image, each pixel from where the draw says, between four of the image's. */
export function resamplePlane(
  image: usize, target: usize, height: i32, width: i32, channels: i32,
  x: i32, y: i32, xPerColumn: i32, yPerColumn: i32, xPerRow: i32, yPerRow: i32,
  reach: i32, rowWeights: usize, columnWeights: usize, scratch: usize,
): void {
  const plane = scratch + GRID_BYTES;
  surround(image, height, width, channels, plane);
  const stride = width + 3;
  const origin = plane + stride + 1;
  const strides = i32x4.splat(stride);
  const lastX = i32x4.splat(width << 8);
  const lastY = i32x4.splat(height << 8);
  const fraction = i32x4.splat(255);
  const whole = i32x4.splat(256);
  const half = i32x4.splat(32768);
  const lowBytes = i16x8.splat(255);
  const reaches = i32x4.splat(reach);
  const columns = i32x4(0, 1, 2, 3);
  const xOfColumns = i32x4.mul(columns, i32x4.splat(xPerColumn));
  const yOfColumns = i32x4.mul(columns, i32x4.splat(yPerColumn));
  const xPerFour = i32x4.splat(xPerColumn << 2);
  const yPerFour = i32x4.splat(yPerColumn << 2);
  const rowEntries = (height + 3) & ~3;
  const columnEntries = (width + 3) & ~3;
  let r0 = half, r1 = half, r2 = half, r3 = half, d0 = half, d1 = half, d2 = half, d3 = half;

  for (let row = 0; row < height; row++) {
    if (reach > 0) {
      const weights = rowWeights + (<usize>row << 2);
      const step = <usize>rowEntries << 2;
      const w0 = v128.load32_splat(weights);
      const w1 = v128.load32_splat(weights + step);
      const w2 = v128.load32_splat(weights + 2 * step);
      const w3 = v128.load32_splat(weights + 3 * step);
      // The points' ways in this row, right and down, as 16 bits: then pairs of them in all lanes.
      const right = i16x8.narrow_i32x4_s(inRow(scratch, w0, w1, w2, w3), inRow(scratch + 16, w0, w1, w2, w3));
      const downs = scratch + DOWN_BYTES;
      const down = i16x8.narrow_i32x4_s(inRow(downs, w0, w1, w2, w3), inRow(downs + 16, w0, w1, w2, w3));
      r0 = i32x4.splat(i32x4.extract_lane(right, 0));
      r1 = i32x4.splat(i32x4.extract_lane(right, 1));
      r2 = i32x4.splat(i32x4.extract_lane(right, 2));
      r3 = i32x4.splat(i32x4.extract_lane(right, 3));
      d0 = i32x4.splat(i32x4.extract_lane(down, 0));
      d1 = i32x4.splat(i32x4.extract_lane(down, 1));
      d2 = i32x4.splat(i32x4.extract_lane(down, 2));
      d3 = i32x4.splat(i32x4.extract_lane(down, 3));
    }
    let xs = i32x4.add(i32x4.splat(x + row * xPerRow), xOfColumns);
    let ys = i32x4.add(i32x4.splat(y + row * yPerRow), yOfColumns);
    for (let column = 0; column < width; column += 4) {
      let bentX = xs;
      let bentY = ys;
      if (reach > 0) {
        const weights = columnWeights + (<usize>column << 2);
        const right = bend(r0, r1, r2, r3, weights, columnEntries);
        const down = bend(d0, d1, d2, d3, weights, columnEntries);
        bentX = i32x4.add(xs, i32x4.shr_s(i32x4.mul(right, reaches), 7));
        bentY = i32x4.add(ys, i32x4.shr_s(i32x4.mul(down, reaches), 7));
      }
      const placeX = within(bentX, lastX);
      const placeY = within(bentY, lastY);
      const places = i32x4.add(i32x4.mul(i32x4.shr_s(placeY, 8), strides), i32x4.shr_s(placeX, 8));
      const a = origin + i32x4.extract_lane(places, 0);
      const b = origin + i32x4.extract_lane(places, 1);
      const c = origin + i32x4.extract_lane(places, 2);
      const d = origin + i32x4.extract_lane(places, 3);
      // Pairs of neighbours: those of the upper line in the low half, those of the lower line in the high half.
      let pairs = v128.load16_lane(a, lowBytes, 0);
      pairs = v128.load16_lane(b, pairs, 1);
      pairs = v128.load16_lane(c, pairs, 2);
      pairs = v128.load16_lane(d, pairs, 3);
      pairs = v128.load16_lane(a + stride, pairs, 4);
      pairs = v128.load16_lane(b + stride, pairs, 5);
      pairs = v128.load16_lane(c + stride, pairs, 6);
      pairs = v128.load16_lane(d + stride, pairs, 7);
      const shareX = v128.and(placeX, fraction);
      const restX = i32x4.sub(whole, shareX);
      const shareY = v128.and(placeY, fraction);
      const restY = i32x4.sub(whole, shareY);
      const lines = i16x8.add(
        i16x8.mul(v128.and(pairs, lowBytes), i16x8.narrow_i32x4_s(restX, restX)),
        i16x8.mul(i16x8.shr_u(pairs, 8), i16x8.narrow_i32x4_s(shareX, shareX)),
      );
      const sharesY = i16x8.narrow_i32x4_s(restY, shareY);
      const sums = i32x4.add(
        i32x4.extmul_low_i16x8_u(lines, sharesY),
        i32x4.extmul_high_i16x8_u(lines, sharesY),
      );
      const pixels = i32x4.shr_u(i32x4.add(sums, half), 16);
      const narrow = i16x8.narrow_i32x4_s(pixels, pixels);
      const bytes = i8x16.narrow_i16x8_u(narrow, narrow);
      if (channels == 1 && column + 4 <= width) {
        v128.store32_lane(target, bytes, 0);
      } else {
        let left = i32x4.extract_lane(bytes, 0);
        for (let pixel = 0; pixel < min(4, width - column); pixel++, left >>= 8) {
          store<u8>(target + pixel * channels, <u8>left);
        }
      }
      target += min(4, width - column) * channels;
      xs = i32x4.add(xs, xPerFour);
      ys = i32x4.add(ys, yPerFour);
    }
  }
}

/** The noise of four bytes, from the counters of their places. */
@inline
function noiseAt(counter: v128, middle: v128, scale: v128): v128 {
  let mixed = v128.xor(counter, i32x4.shr_u(counter, 16));
  mixed = i32x4.mul(mixed, i32x4.splat(FIRST_MULTIPLIER));
  mixed = i32x4.add(v128.xor(mixed, i32x4.shr_u(mixed, 15)), middle);
  mixed = i32x4.mul(mixed, i32x4.splat(SECOND_MULTIPLIER));
  mixed = v128.xor(mixed, i32x4.shr_u(mixed, 15));
  const sum = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(mixed));
  const scaled = i32x4.mul(i32x4.sub(sum, i32x4.splat(510)), scale);
  return i32x4.shr_s(i32x4.add(scaled, i32x4.splat(32768)), 16);
}

/** Adds noise that is near to normal to every byte. */
export function addNoise(image: usize, imageBytes: i32, seed: u32, scale: i32): void {
  const middle = i32x4.splat(hash(seed ^ <u32>GOLDEN));
  const scales = i32x4.splat(scale);
  const four = i32x4.splat(4 * GOLDEN);
  let counter = i32x4.add(i32x4.splat(seed), i32x4(0, GOLDEN, 2 * GOLDEN, 3 * GOLDEN));
  for (let byte = 0; byte < imageBytes; byte += 8) {
    const next = i32x4.add(counter, four);
    const noise = i16x8.narrow_i32x4_s(noiseAt(counter, middle, scales), noiseAt(next, middle, scales));
    counter = i32x4.add(next, four);
    if (byte + 8 <= imageBytes) {
      const noisy = i16x8.add(v128.load8x8_u(image + byte), noise);
      v128.store64_lane(image + byte, i8x16.narrow_i16x8_u(noisy, noisy), 0);
      continue;
    }
    let rest = noise;
    for (let last = byte; last < imageBytes; last++) {
      const noisy = <i32>load<u8>(image + last) + i16x8.extract_lane_s(rest, 0);
      store<u8>(image + last, <u8>max(0, min(255, noisy)));
      rest = i8x16.shuffle(rest, rest, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
    }
  }
}

/** Makes a rectangle of an image black; `stride` and `width` count bytes. */
export function eraseRectangle(corner: usize, stride: i32, height: i32, width: i32): void {
  for (let row = 0; row < height; row++, corner += stride) memory.fill(corner, 0, width);
}
