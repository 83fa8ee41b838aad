// Passes over rows of a matrix that are neither products nor activations. Strides count numbers.
import { multiplyAdd } from "./multiplyAdd";

const CACHE_LINE: i32 = 64;
/** Images lie far apart in the order of training: so many are fetched from memory side by side. */
const ROWS_TOUCHED: i32 = 8;

/** Where the image in place `first + row` of the order is; without an order images lie as they are taken. */
@inline
function imageAt(images: usize, imageBytes: i32, order: usize, place: i32): usize {
  const image = order == 0 ? <usize>place : <usize>load<u32>(order + (<usize>place << 2));
  return images + image * <usize>imageBytes;
}

/**
 * Four whole numbers as parts of `whole`. With fused multiply-add, the product with its inverse and the error of that give
 * the same bits sooner.
 */
@inline
function asParts(numbers: v128, whole: v128, inverse: v128): v128 {
  const x = f32x4.convert_i32x4_s(numbers);
  if (!ASC_FEATURE_RELAXED_SIMD) return f32x4.div(x, whole);
  const quotient = f32x4.mul(x, inverse);
  return multiplyAdd(f32x4.relaxed_nmadd(quotient, whole, x), inverse, quotient);
}

/** Bytes as parts of `whole`, 16 at a time. */
@inline
function convert(source: usize, target: usize, whole: v128, inverse: v128): void {
  const bytes = v128.load(source);
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  v128.store(target, asParts(i32x4.extend_low_i16x8_u(low), whole, inverse));
  v128.store(target, asParts(i32x4.extend_high_i16x8_u(low), whole, inverse), 16);
  v128.store(target, asParts(i32x4.extend_low_i16x8_u(high), whole, inverse), 32);
  v128.store(target, asParts(i32x4.extend_high_i16x8_u(high), whole, inverse), 48);
}

/** Reads a byte of every cache line of the image, all at once, so that they are in the cache when its turn comes. */
@inline
function touch(image: usize, imageBytes: i32): i32 {
  let sum: i32 = 0;
  for (let byte = 0; byte < imageBytes; byte += CACHE_LINE) sum += load<u8>(image + byte);
  return sum;
}

/**
 * Rows of `output (rows, imageBytes)` = bytes of the images `order[first + row]` / `white`; without `order`, `first + row`.
 * `white` is 255: of what the code itself states, V8 makes vectors anew in every turn of a loop.
 */
export function gather(
  images: usize, imageBytes: i32, order: usize, first: i32,
  output: usize, stride: i32, white: f32, fromRow: i32, toRow: i32,
): void {
  const whole = f32x4.splat(white);
  const inverse = f32x4.splat(<f32>1 / white);
  let touched: i32 = 0;
  for (let row = fromRow; row < toRow; row++) {
    if ((row - fromRow) % ROWS_TOUCHED == 0) {
      for (let ahead = row; ahead < min(row + ROWS_TOUCHED, toRow); ahead++) {
        touched += touch(imageAt(images, imageBytes, order, first + ahead), imageBytes);
      }
    }
    const image = imageAt(images, imageBytes, order, first + row);
    const target = output + (<usize>(row * stride) << 2);
    let byte = 0;
    for (; byte + 16 <= imageBytes; byte += 16) convert(image + byte, target + (<usize>byte << 2), whole, inverse);
    for (; byte < imageBytes; byte++) {
      store<f32>(target + (<usize>byte << 2), <f32>load<u8>(image + byte) / white);
    }
  }
  lastTouched = touched;
}

/** Fetches the images in places `from` to `to - 1` of the order from memory. */
export function touchImages(images: usize, imageBytes: i32, order: usize, from: i32, to: i32): void {
  let touched: i32 = 0;
  for (let place = from; place < to; place++) touched += touch(imageAt(images, imageBytes, order, place), imageBytes);
  lastTouched = touched;
}

/** Read by nobody: without it the compiler would leave out what is only touched. */
let lastTouched: i32 = 0;

/** Adds the bias to each row of a part. */
export function addBias(
  bias: usize, output: usize, stride: i32, fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32,
): void {
  for (let row = fromRow; row < toRow; row++) {
    let source = bias + (<usize>fromColumn << 2);
    let target = output + (<usize>(row * stride + fromColumn) << 2);
    let column = fromColumn;
    for (; column + 4 <= toColumn; column += 4) {
      v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
      source += 16;
      target += 16;
    }
    for (; column < toColumn; column++) {
      store<f32>(target, load<f32>(target) + load<f32>(source));
      source += 4;
      target += 4;
    }
  }
}

/** Columns `fromColumn` to `toColumn - 1` of `sums (+)=` the sums over the first `depth` rows. */
export function sumRows(
  matrix: usize, stride: i32, sums: usize, depth: i32, accumulate: bool, fromColumn: i32, toColumn: i32,
): void {
  const step = <usize>stride << 2;
  let column = fromColumn;
  for (; column + 4 <= toColumn; column += 4) {
    const target = sums + (<usize>column << 2);
    let source = matrix + (<usize>column << 2);
    let sum = accumulate ? v128.load(target) : f32x4.splat(0);
    for (let row = 0; row < depth; row++) {
      sum = f32x4.add(sum, v128.load(source));
      source += step;
    }
    v128.store(target, sum);
  }
  for (; column < toColumn; column++) {
    const target = sums + (<usize>column << 2);
    let source = matrix + (<usize>column << 2);
    let sum = accumulate ? load<f32>(target) : 0;
    for (let row = 0; row < depth; row++) {
      sum += load<f32>(source);
      source += step;
    }
    store<f32>(target, sum);
  }
}
