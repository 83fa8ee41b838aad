// Pooling of four channels at a time: see ../pooling.ts. Strides count numbers; `step` pixels lie between windows.
import { storeFirst } from "./lanes";

@inline
function rowOf(matrix: usize, stride: i32, row: i32): usize {
  return matrix + (<usize>(row * stride) << 2);
}

export function maxPool(
  input: usize, inputStride: i32, output: usize, outputStride: i32,
  width: i32, channels: i32, windowHeight: i32, windowWidth: i32, step: i32, outputHeight: i32, outputWidth: i32,
  fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  for (let row = fromRow; row < toRow; row++) {
    const image = rowOf(input, inputStride, row);
    let target = rowOf(output, outputStride, row);
    for (let y = 0; y < outputHeight; y++) {
      let window = image + <usize>(y * step) * line;
      for (let x = 0; x < outputWidth; x++) {
        let channel = 0;
        for (; channel + 16 <= channels; channel += 16) {
          let from = window + (<usize>channel << 2);
          let a = v128.load(from);
          let b = v128.load(from, 16);
          let c = v128.load(from, 32);
          let d = v128.load(from, 48);
          for (let wy = 0; wy < windowHeight; wy++) {
            let source = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              a = f32x4.max(a, v128.load(source));
              b = f32x4.max(b, v128.load(source, 16));
              c = f32x4.max(c, v128.load(source, 32));
              d = f32x4.max(d, v128.load(source, 48));
              source += pixel;
            }
            from += line;
          }
          const place = target + (<usize>channel << 2);
          v128.store(place, a);
          v128.store(place, b, 16);
          v128.store(place, c, 32);
          v128.store(place, d, 48);
        }
        for (; channel < channels; channel += 4) {
          let from = window + (<usize>channel << 2);
          let largest = v128.load(from);
          for (let wy = 0; wy < windowHeight; wy++) {
            let source = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              largest = f32x4.max(largest, v128.load(source));
              source += pixel;
            }
            from += line;
          }
          storeFirst(target + (<usize>channel << 2), largest, channels - channel);
        }
        target += pixel;
        window += <usize>step * pixel;
      }
    }
  }
}

/** The first `clearedBytes` of an image's gradients start from 0; where windows don't overlap, they are written, not added. */
export function maxPoolBack(
  input: usize, inputStride: i32, output: usize, outputStride: i32, dOutput: usize, dOutputStride: i32,
  dInput: usize, dInputStride: i32, clearedBytes: usize, overlaps: bool,
  width: i32, channels: i32, windowHeight: i32, windowWidth: i32, step: i32, outputHeight: i32, outputWidth: i32,
  fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  for (let row = fromRow; row < toRow; row++) {
    const image = rowOf(input, inputStride, row);
    const dImage = rowOf(dInput, dInputStride, row);
    let largestOf = rowOf(output, outputStride, row);
    let gradientOf = rowOf(dOutput, dOutputStride, row);
    memory.fill(dImage, 0, clearedBytes);
    for (let y = 0; y < outputHeight; y++) {
      let window = <usize>(y * step) * line;
      for (let x = 0; x < outputWidth; x++) {
        let channel = 0;
        for (; channel + 8 <= channels; channel += 8) {
          const offset = <usize>channel << 2;
          const largestA = v128.load(largestOf + offset);
          const largestB = v128.load(largestOf + offset, 16);
          const gradientA = v128.load(gradientOf + offset);
          const gradientB = v128.load(gradientOf + offset, 16);
          let openA = i32x4.splat(-1);
          let openB = i32x4.splat(-1);
          let from = window + offset;
          for (let wy = 0; wy < windowHeight; wy++) {
            let place = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              const takerA = v128.and(f32x4.eq(v128.load(image + place), largestA), openA);
              const takerB = v128.and(f32x4.eq(v128.load(image + place, 16), largestB), openB);
              openA = v128.andnot(openA, takerA);
              openB = v128.andnot(openB, takerB);
              let shareA = v128.and(gradientA, takerA);
              let shareB = v128.and(gradientB, takerB);
              if (overlaps) {
                shareA = f32x4.add(shareA, v128.load(dImage + place));
                shareB = f32x4.add(shareB, v128.load(dImage + place, 16));
              }
              v128.store(dImage + place, shareA);
              v128.store(dImage + place, shareB, 16);
              place += pixel;
            }
            from += line;
          }
        }
        for (; channel < channels; channel += 4) {
          const offset = <usize>channel << 2;
          const largest = v128.load(largestOf + offset);
          const gradient = v128.load(gradientOf + offset);
          let open = i32x4.splat(-1);
          let from = window + offset;
          for (let wy = 0; wy < windowHeight; wy++) {
            let place = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              const taker = v128.and(f32x4.eq(v128.load(image + place), largest), open);
              open = v128.andnot(open, taker);
              let share = v128.and(gradient, taker);
              if (overlaps) share = f32x4.add(share, v128.load(dImage + place));
              storeFirst(dImage + place, share, channels - channel);
              place += pixel;
            }
            from += line;
          }
        }
        largestOf += pixel;
        gradientOf += pixel;
        window += <usize>step * pixel;
      }
    }
  }
}

export function averagePool(
  input: usize, inputStride: i32, output: usize, outputStride: i32,
  width: i32, channels: i32, windowHeight: i32, windowWidth: i32, step: i32, outputHeight: i32, outputWidth: i32,
  fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const share = f32x4.splat(1 / <f32>(windowHeight * windowWidth));
  for (let row = fromRow; row < toRow; row++) {
    const image = rowOf(input, inputStride, row);
    let target = rowOf(output, outputStride, row);
    for (let y = 0; y < outputHeight; y++) {
      let window = image + <usize>(y * step) * line;
      for (let x = 0; x < outputWidth; x++) {
        let channel = 0;
        for (; channel + 16 <= channels; channel += 16) {
          let from = window + (<usize>channel << 2);
          let a = f32x4.splat(0);
          let b = f32x4.splat(0);
          let c = f32x4.splat(0);
          let d = f32x4.splat(0);
          for (let wy = 0; wy < windowHeight; wy++) {
            let source = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              a = f32x4.add(a, v128.load(source));
              b = f32x4.add(b, v128.load(source, 16));
              c = f32x4.add(c, v128.load(source, 32));
              d = f32x4.add(d, v128.load(source, 48));
              source += pixel;
            }
            from += line;
          }
          const place = target + (<usize>channel << 2);
          v128.store(place, f32x4.mul(a, share));
          v128.store(place, f32x4.mul(b, share), 16);
          v128.store(place, f32x4.mul(c, share), 32);
          v128.store(place, f32x4.mul(d, share), 48);
        }
        for (; channel < channels; channel += 4) {
          let from = window + (<usize>channel << 2);
          let sum = f32x4.splat(0);
          for (let wy = 0; wy < windowHeight; wy++) {
            let source = from;
            for (let wx = 0; wx < windowWidth; wx++) {
              sum = f32x4.add(sum, v128.load(source));
              source += pixel;
            }
            from += line;
          }
          storeFirst(target + (<usize>channel << 2), f32x4.mul(sum, share), channels - channel);
        }
        target += pixel;
        window += <usize>step * pixel;
      }
    }
  }
}

export function averagePoolBack(
  dOutput: usize, dOutputStride: i32, dInput: usize, dInputStride: i32, clearedBytes: usize, overlaps: bool,
  width: i32, channels: i32, windowHeight: i32, windowWidth: i32, step: i32, outputHeight: i32, outputWidth: i32,
  fromRow: i32, toRow: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const share = f32x4.splat(1 / <f32>(windowHeight * windowWidth));
  for (let row = fromRow; row < toRow; row++) {
    const dImage = rowOf(dInput, dInputStride, row);
    let gradientOf = rowOf(dOutput, dOutputStride, row);
    memory.fill(dImage, 0, clearedBytes);
    for (let y = 0; y < outputHeight; y++) {
      let window = dImage + <usize>(y * step) * line;
      for (let x = 0; x < outputWidth; x++) {
        for (let wy = 0; wy < windowHeight; wy++) {
          let target = window + <usize>wy * line;
          for (let wx = 0; wx < windowWidth; wx++) {
            for (let channel = 0; channel < channels; channel += 4) {
              const place = target + (<usize>channel << 2);
              let part = f32x4.mul(v128.load(gradientOf + (<usize>channel << 2)), share);
              if (overlaps) part = f32x4.add(part, v128.load(place));
              storeFirst(place, part, channels - channel);
            }
            target += pixel;
          }
        }
        gradientOf += pixel;
        window += <usize>step * pixel;
      }
    }
  }
}
