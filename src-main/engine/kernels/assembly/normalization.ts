// Statistics of channels, and numbers moved and scaled by them: see ../normalization.ts. Sums are made of 16 channels at
// a time, a cache line of a pixel, and then of 4. Strides count numbers.
import { storeFirst } from "./lanes";
import { multiplyAdd } from "./multiplyAdd";
import { pixelsOfStretch } from "./stretches";

@inline
function rowOf(matrix: usize, stride: i32, row: i32): usize {
  return matrix + (<usize>(row * stride) << 2);
}

/** The mean and the sum of squared deviations of four channels, from sums of `count` deviations from a guess. */
@inline
function storeMoments(
  mean: usize, square: usize, guess: v128, sum: v128, squares: v128, count: v128, channels: i32,
): void {
  const shift = f32x4.div(sum, count);
  storeFirst(mean, f32x4.add(guess, shift), channels);
  storeFirst(square, f32x4.sub(squares, f32x4.mul(sum, shift)), channels);
}

export function measureChannels(
  input: usize, inputStride: i32, means: usize, squares: usize, stride: i32,
  pixels: i32, channels: i32, rowsOfBlock: i32, fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  for (let first = fromRow; first < toRow; first += rowsOfBlock) {
    const end = min(toRow, first + rowsOfBlock);
    const count = f32x4.splat(<f32>((end - first) * pixels));
    let mean = rowOf(means, stride, first / rowsOfBlock);
    let square = rowOf(squares, stride, first / rowsOfBlock);
    let offset: usize = 0;
    let left = channels;
    for (; left >= 16; left -= 16) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      for (let row = first; row < end; row++) {
        let x = rowOf(input, inputStride, row) + offset;
        for (let index = 0; index < pixels; index++) {
          a = f32x4.add(a, v128.load(x));
          b = f32x4.add(b, v128.load(x, 16));
          c = f32x4.add(c, v128.load(x, 32));
          d = f32x4.add(d, v128.load(x, 48));
          x += pixel;
        }
      }
      const guessA = f32x4.div(a, count);
      const guessB = f32x4.div(b, count);
      const guessC = f32x4.div(c, count);
      const guessD = f32x4.div(d, count);
      a = f32x4.splat(0);
      b = f32x4.splat(0);
      c = f32x4.splat(0);
      d = f32x4.splat(0);
      let squaresA = f32x4.splat(0);
      let squaresB = f32x4.splat(0);
      let squaresC = f32x4.splat(0);
      let squaresD = f32x4.splat(0);
      for (let row = first; row < end; row++) {
        let x = rowOf(input, inputStride, row) + offset;
        for (let index = 0; index < pixels; index++) {
          const deviationA = f32x4.sub(v128.load(x), guessA);
          const deviationB = f32x4.sub(v128.load(x, 16), guessB);
          const deviationC = f32x4.sub(v128.load(x, 32), guessC);
          const deviationD = f32x4.sub(v128.load(x, 48), guessD);
          a = f32x4.add(a, deviationA);
          b = f32x4.add(b, deviationB);
          c = f32x4.add(c, deviationC);
          d = f32x4.add(d, deviationD);
          squaresA = multiplyAdd(deviationA, deviationA, squaresA);
          squaresB = multiplyAdd(deviationB, deviationB, squaresB);
          squaresC = multiplyAdd(deviationC, deviationC, squaresC);
          squaresD = multiplyAdd(deviationD, deviationD, squaresD);
          x += pixel;
        }
      }
      storeMoments(mean, square, guessA, a, squaresA, count, 4);
      storeMoments(mean + 16, square + 16, guessB, b, squaresB, count, 4);
      storeMoments(mean + 32, square + 32, guessC, c, squaresC, count, 4);
      storeMoments(mean + 48, square + 48, guessD, d, squaresD, count, 4);
      offset += 64;
      mean += 64;
      square += 64;
    }
    for (; left > 0; left -= 4) {
      let sum = f32x4.splat(0);
      for (let row = first; row < end; row++) {
        let x = rowOf(input, inputStride, row) + offset;
        for (let index = 0; index < pixels; index++) {
          sum = f32x4.add(sum, v128.load(x));
          x += pixel;
        }
      }
      const guess = f32x4.div(sum, count);
      sum = f32x4.splat(0);
      let sumOfSquares = f32x4.splat(0);
      for (let row = first; row < end; row++) {
        let x = rowOf(input, inputStride, row) + offset;
        for (let index = 0; index < pixels; index++) {
          const deviation = f32x4.sub(v128.load(x), guess);
          sum = f32x4.add(sum, deviation);
          sumOfSquares = multiplyAdd(deviation, deviation, sumOfSquares);
          x += pixel;
        }
      }
      storeMoments(mean, square, guess, sum, sumOfSquares, count, left);
      offset += 16;
      mean += 16;
      square += 16;
    }
  }
}

export function normalize(
  input: usize, inputStride: i32, output: usize, outputStride: i32, mean: usize, scale: usize, bias: usize,
  pixels: i32, channels: i32, fromRow: i32, toRow: i32,
): void {
  const wholeBytes = <usize>(channels & ~3) << 2;
  const rest = channels & 3;
  for (let row = fromRow; row < toRow; row++) {
    let x = rowOf(input, inputStride, row);
    let y = rowOf(output, outputStride, row);
    for (let index = 0; index < pixels; index++) {
      let offset: usize = 0;
      for (; offset < wholeBytes; offset += 16) {
        const deviation = f32x4.sub(v128.load(x + offset), v128.load(mean + offset));
        v128.store(y + offset, multiplyAdd(deviation, v128.load(scale + offset), v128.load(bias + offset)));
      }
      if (rest > 0) {
        const deviation = f32x4.sub(v128.load(x + offset), v128.load(mean + offset));
        storeFirst(y + offset, multiplyAdd(deviation, v128.load(scale + offset), v128.load(bias + offset)), rest);
      }
      x += <usize>channels << 2;
      y += <usize>channels << 2;
    }
  }
}

/** Sums start from 0 and go on from stretch to stretch of an image, each short enough for the nearest cache. */
export function sumGradients(
  input: usize, inputStride: i32, dOutput: usize, dOutputStride: i32, mean: usize,
  sums: usize, products: usize, stride: i32,
  pixels: i32, channels: i32, rowsOfBlock: i32, fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const stretch = pixelsOfStretch(channels);
  for (let first = fromRow; first < toRow; first += rowsOfBlock) {
    const end = min(toRow, first + rowsOfBlock);
    const sum = rowOf(sums, stride, first / rowsOfBlock);
    const product = rowOf(products, stride, first / rowsOfBlock);
    memory.fill(sum, 0, pixel);
    memory.fill(product, 0, pixel);
    for (let start = 0; start < pixels; start += stretch) {
      const count = min(pixels - start, stretch);
      let offset: usize = 0;
      let left = channels;
      for (; left >= 16; left -= 16) {
        const meanA = v128.load(mean + offset);
        const meanB = v128.load(mean + offset, 16);
        const meanC = v128.load(mean + offset, 32);
        const meanD = v128.load(mean + offset, 48);
        let sumA = v128.load(sum + offset);
        let sumB = v128.load(sum + offset, 16);
        let sumC = v128.load(sum + offset, 32);
        let sumD = v128.load(sum + offset, 48);
        let productA = v128.load(product + offset);
        let productB = v128.load(product + offset, 16);
        let productC = v128.load(product + offset, 32);
        let productD = v128.load(product + offset, 48);
        for (let row = first; row < end; row++) {
          let x = rowOf(input, inputStride, row) + <usize>start * pixel + offset;
          let gradient = rowOf(dOutput, dOutputStride, row) + <usize>start * pixel + offset;
          for (let index = 0; index < count; index++) {
            const a = v128.load(gradient);
            const b = v128.load(gradient, 16);
            const c = v128.load(gradient, 32);
            const d = v128.load(gradient, 48);
            sumA = f32x4.add(sumA, a);
            sumB = f32x4.add(sumB, b);
            sumC = f32x4.add(sumC, c);
            sumD = f32x4.add(sumD, d);
            productA = multiplyAdd(a, f32x4.sub(v128.load(x), meanA), productA);
            productB = multiplyAdd(b, f32x4.sub(v128.load(x, 16), meanB), productB);
            productC = multiplyAdd(c, f32x4.sub(v128.load(x, 32), meanC), productC);
            productD = multiplyAdd(d, f32x4.sub(v128.load(x, 48), meanD), productD);
            x += pixel;
            gradient += pixel;
          }
        }
        v128.store(sum + offset, sumA);
        v128.store(sum + offset, sumB, 16);
        v128.store(sum + offset, sumC, 32);
        v128.store(sum + offset, sumD, 48);
        v128.store(product + offset, productA);
        v128.store(product + offset, productB, 16);
        v128.store(product + offset, productC, 32);
        v128.store(product + offset, productD, 48);
        offset += 64;
      }
      for (; left > 0; left -= 4) {
        const meanA = v128.load(mean + offset);
        let sumA = v128.load(sum + offset);
        let productA = v128.load(product + offset);
        for (let row = first; row < end; row++) {
          let x = rowOf(input, inputStride, row) + <usize>start * pixel + offset;
          let gradient = rowOf(dOutput, dOutputStride, row) + <usize>start * pixel + offset;
          for (let index = 0; index < count; index++) {
            const a = v128.load(gradient);
            sumA = f32x4.add(sumA, a);
            productA = multiplyAdd(a, f32x4.sub(v128.load(x), meanA), productA);
            x += pixel;
            gradient += pixel;
          }
        }
        storeFirst(sum + offset, sumA, left);
        storeFirst(product + offset, productA, left);
        offset += 16;
      }
    }
  }
}

/** The gradient of the input of four channels, `offset` bytes further on. */
@inline
function backOf(
  x: usize, gradient: usize, mean: usize, scale: usize, slope: usize, constant: usize, offset: usize,
): v128 {
  const deviation = f32x4.sub(v128.load(x + offset), v128.load(mean + offset));
  const moved = multiplyAdd(deviation, v128.load(slope + offset), v128.load(constant + offset));
  return multiplyAdd(v128.load(gradient + offset), v128.load(scale + offset), moved);
}

export function normalizeBack(
  input: usize, inputStride: i32, dOutput: usize, dOutputStride: i32,
  mean: usize, scale: usize, slope: usize, constant: usize,
  pixels: i32, channels: i32, fromRow: i32, toRow: i32,
): void {
  const wholeBytes = <usize>(channels & ~3) << 2;
  const rest = channels & 3;
  for (let row = fromRow; row < toRow; row++) {
    let x = rowOf(input, inputStride, row);
    let gradient = rowOf(dOutput, dOutputStride, row);
    for (let index = 0; index < pixels; index++) {
      let offset: usize = 0;
      for (; offset < wholeBytes; offset += 16) {
        v128.store(gradient + offset, backOf(x, gradient, mean, scale, slope, constant, offset));
      }
      if (rest > 0) storeFirst(gradient + offset, backOf(x, gradient, mean, scale, slope, constant, offset), rest);
      x += <usize>channels << 2;
      gradient += <usize>channels << 2;
    }
  }
}
