// Rectified linear units with a slope a channel: see ../prelu.ts. Strides count numbers.
import { storeFirst } from "./lanes";
import { multiplyAdd } from "./multiplyAdd";
import { pixelsOfStretch } from "./stretches";

@inline
function rowOf(matrix: usize, stride: i32, row: i32): usize {
  return matrix + (<usize>(row * stride) << 2);
}

@inline
function isAboveZero(x: v128): v128 {
  return f32x4.gt(x, f32x4.splat(0));
}

@inline
function valueOf(x: v128, slope: v128): v128 {
  return v128.bitselect(x, f32x4.mul(x, slope), isAboveZero(x));
}

export function prelu(
  input: usize, inputStride: i32, output: usize, outputStride: i32, slopes: usize,
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
        v128.store(y + offset, valueOf(v128.load(x + offset), v128.load(slopes + offset)));
      }
      if (rest > 0) storeFirst(y + offset, valueOf(v128.load(x + offset), v128.load(slopes + offset)), rest);
      x += <usize>channels << 2;
      y += <usize>channels << 2;
    }
  }
}

/** Sums start from 0 and go on from stretch to stretch of an image, each short enough for the nearest cache. */
export function preluBack(
  input: usize, inputStride: i32, dOutput: usize, dOutputStride: i32, slopes: usize, products: usize, stride: i32,
  pixels: i32, channels: i32, rowsOfBlock: i32, fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const stretch = pixelsOfStretch(channels);
  for (let first = fromRow; first < toRow; first += rowsOfBlock) {
    const end = min(toRow, first + rowsOfBlock);
    const product = rowOf(products, stride, first / rowsOfBlock);
    memory.fill(product, 0, pixel);
    for (let start = 0; start < pixels; start += stretch) {
      const count = min(pixels - start, stretch);
      let offset: usize = 0;
      let left = channels;
      for (; left >= 16; left -= 16) {
        const slopeA = v128.load(slopes + offset);
        const slopeB = v128.load(slopes + offset, 16);
        const slopeC = v128.load(slopes + offset, 32);
        const slopeD = v128.load(slopes + offset, 48);
        let sumA = v128.load(product + offset);
        let sumB = v128.load(product + offset, 16);
        let sumC = v128.load(product + offset, 32);
        let sumD = v128.load(product + offset, 48);
        for (let row = first; row < end; row++) {
          let place = rowOf(input, inputStride, row) + <usize>start * pixel + offset;
          let gradient = rowOf(dOutput, dOutputStride, row) + <usize>start * pixel + offset;
          for (let index = 0; index < count; index++) {
            const xA = v128.load(place);
            const xB = v128.load(place, 16);
            const xC = v128.load(place, 32);
            const xD = v128.load(place, 48);
            const a = v128.load(gradient);
            const b = v128.load(gradient, 16);
            const c = v128.load(gradient, 32);
            const d = v128.load(gradient, 48);
            const keptA = isAboveZero(xA);
            const keptB = isAboveZero(xB);
            const keptC = isAboveZero(xC);
            const keptD = isAboveZero(xD);
            v128.store(gradient, v128.bitselect(a, f32x4.mul(a, slopeA), keptA));
            v128.store(gradient, v128.bitselect(b, f32x4.mul(b, slopeB), keptB), 16);
            v128.store(gradient, v128.bitselect(c, f32x4.mul(c, slopeC), keptC), 32);
            v128.store(gradient, v128.bitselect(d, f32x4.mul(d, slopeD), keptD), 48);
            sumA = multiplyAdd(a, v128.andnot(xA, keptA), sumA);
            sumB = multiplyAdd(b, v128.andnot(xB, keptB), sumB);
            sumC = multiplyAdd(c, v128.andnot(xC, keptC), sumC);
            sumD = multiplyAdd(d, v128.andnot(xD, keptD), sumD);
            place += pixel;
            gradient += pixel;
          }
        }
        v128.store(product + offset, sumA);
        v128.store(product + offset, sumB, 16);
        v128.store(product + offset, sumC, 32);
        v128.store(product + offset, sumD, 48);
        offset += 64;
      }
      for (; left > 0; left -= 4) {
        const slope = v128.load(slopes + offset);
        let sum = v128.load(product + offset);
        for (let row = first; row < end; row++) {
          let place = rowOf(input, inputStride, row) + <usize>start * pixel + offset;
          let gradient = rowOf(dOutput, dOutputStride, row) + <usize>start * pixel + offset;
          for (let index = 0; index < count; index++) {
            const x = v128.load(place);
            const d = v128.load(gradient);
            const kept = isAboveZero(x);
            storeFirst(gradient, v128.bitselect(d, f32x4.mul(d, slope), kept), left);
            sum = multiplyAdd(d, v128.andnot(x, kept), sum);
            place += pixel;
            gradient += pixel;
          }
        }
        storeFirst(product + offset, sum, left);
        offset += 16;
      }
    }
  }
}
