// Images mixed in pairs. Strides count numbers.
import { multiplyAdd } from "./multiplyAdd";

/** `(own image + share next) / 255` of four numbers given as integers. */
@inline
function mix(image: v128, next: v128, own: v128, share: v128): v128 {
  const mixed = multiplyAdd(own, f32x4.convert_i32x4_u(image), f32x4.mul(share, f32x4.convert_i32x4_u(next)));
  return f32x4.div(mixed, f32x4.splat(255));
}

/** Rows of `output (rows, imageBytes)` = images `order[first + row]`, each mixed with the next of `count`. */
export function gatherMixed(
  images: usize, imageBytes: i32, order: usize, first: i32, count: i32, share: f32,
  output: usize, stride: i32, fromRow: i32, toRow: i32,
): void {
  const own: f32 = 1 - share;
  const ownVector = f32x4.splat(own);
  const shareVector = f32x4.splat(share);
  for (let row = fromRow; row < toRow; row++) {
    const place = <usize>(first + row);
    const nextPlace = <usize>(row + 1 == count ? first : first + row + 1);
    const image = order == 0 ? place : <usize>load<u32>(order + (place << 2));
    const next = order == 0 ? nextPlace : <usize>load<u32>(order + (nextPlace << 2));
    let imageByte = images + image * <usize>imageBytes;
    let nextByte = images + next * <usize>imageBytes;
    let target = output + (<usize>(row * stride) << 2);
    let left = imageBytes;
    for (; left >= 8; left -= 8) {
      const a = v128.load8x8_u(imageByte);
      const b = v128.load8x8_u(nextByte);
      const low = mix(i32x4.extend_low_i16x8_u(a), i32x4.extend_low_i16x8_u(b), ownVector, shareVector);
      const high = mix(i32x4.extend_high_i16x8_u(a), i32x4.extend_high_i16x8_u(b), ownVector, shareVector);
      v128.store(target, low);
      v128.store(target, high, 16);
      imageByte += 8;
      nextByte += 8;
      target += 32;
    }
    for (; left > 0; left--) {
      store<f32>(target, (own * <f32>load<u8>(imageByte) + share * <f32>load<u8>(nextByte)) / 255);
      imageByte += 1;
      nextByte += 1;
      target += 4;
    }
  }
}
