// Masks from a hash of where a number is: see ../dropout.ts.
import { GOLDEN, hash } from "./hash";

/** All bits set where the number at the counter is kept. */
@inline
function kept(counter: v128, middle: v128, threshold: v128, first: v128, second: v128): v128 {
  let mixed = v128.xor(counter, i32x4.shr_u(counter, 16));
  mixed = i32x4.mul(mixed, first);
  mixed = i32x4.add(v128.xor(mixed, i32x4.shr_u(mixed, 15)), middle);
  mixed = i32x4.mul(mixed, second);
  return i32x4.ge_s(mixed, threshold);
}

/**
 * Columns are rounded up to 8. Strides count numbers. The multipliers are those of the hash: of what the code itself states,
 * V8 makes vectors anew in every turn of a loop.
 */
export function drop(
  input: usize, inputStride: i32, output: usize, outputStride: i32, columns: i32,
  threshold: i32, scale: f32, key: u32, firstMultiplier: i32, secondMultiplier: i32,
  first: i32, fromRow: i32, toRow: i32,
): void {
  const limit = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  const multiplierA = i32x4.splat(firstMultiplier);
  const multiplierB = i32x4.splat(secondMultiplier);
  const four = i32x4.splat(4 * GOLDEN);
  const eight = i32x4.splat(8 * GOLDEN);
  for (let row = fromRow; row < toRow; row++) {
    const start = hash(key + <u32>(first + row) * <u32>GOLDEN);
    const middle = i32x4.splat(hash(start ^ <u32>GOLDEN));
    let counterA = i32x4.add(i32x4.splat(start), i32x4(0, GOLDEN, 2 * GOLDEN, 3 * GOLDEN));
    let counterB = i32x4.add(counterA, four);
    let source = input + (<usize>(row * inputStride) << 2);
    let target = output + (<usize>(row * outputStride) << 2);
    for (let column = 0; column < columns; column += 8) {
      const a = v128.and(kept(counterA, middle, limit, multiplierA, multiplierB), f32x4.mul(v128.load(source), factor));
      const b = v128.and(kept(counterB, middle, limit, multiplierA, multiplierB), f32x4.mul(v128.load(source, 16), factor));
      v128.store(target, a);
      v128.store(target, b, 16);
      counterA = i32x4.add(counterA, eight);
      counterB = i32x4.add(counterB, eight);
      source += 32;
      target += 32;
    }
  }
}
