// Images mirrored and shifted, noisy, in part erased: see ../augmentation.ts. Sizes count pixels, and bytes where they say so.
import { copyBytes } from "./bytes";
import { GOLDEN, hash } from "./hash";

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

/** The next numbers of four sequences (xorshift). */
@inline
function next(states: v128): v128 {
  let bits = v128.xor(states, i32x4.shl(states, 13));
  bits = v128.xor(bits, i32x4.shr_u(bits, 17));
  return v128.xor(bits, i32x4.shl(bits, 5));
}

/** The first numbers of four sequences. */
@inline
function seedsFrom(seed: u32): v128 {
  let seeds = i32x4.splat(hash(seed));
  seeds = i32x4.replace_lane(seeds, 1, hash(seed + <u32>GOLDEN));
  seeds = i32x4.replace_lane(seeds, 2, hash(seed + 2 * <u32>GOLDEN));
  seeds = i32x4.replace_lane(seeds, 3, hash(seed + 3 * <u32>GOLDEN));
  return v128.or(seeds, i32x4.splat(1));
}

/** The sums of the four bytes of 32 bits. */
@inline
function sumsOfBytes(bits: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bits));
}

/** Adds noise that is near to normal to every byte. `mean` is that of four bytes' sum. */
export function addNoise(image: usize, imageBytes: i32, seed: u32, scale: i32, mean: i32): void {
  const scales = i16x8.splat(<i16>scale);
  const means = i16x8.splat(<i16>mean);
  let a = seedsFrom(seed);
  let b = seedsFrom(seed + 4 * <u32>GOLDEN);
  for (let byte = 0; byte < imageBytes; byte += 8) {
    a = next(a);
    b = next(b);
    const sums = i16x8.sub(i16x8.narrow_i32x4_s(sumsOfBytes(a), sumsOfBytes(b)), means);
    const noise = i16x8.q15mulr_sat_s(sums, scales);
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
