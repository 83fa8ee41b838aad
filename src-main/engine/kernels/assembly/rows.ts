// Passes over rows of a matrix that are neither products nor activations. Strides count numbers.

/** Rows of `output (rows, imageBytes)` = bytes of the images `order[first + row]` / 255; without `order`, `first + row`. */
export function gather(
  images: usize, imageBytes: i32, order: usize, first: i32,
  output: usize, stride: i32, fromRow: i32, toRow: i32,
): void {
  const divisor = f32x4.splat(255);
  for (let row = fromRow; row < toRow; row++) {
    const place = <usize>(first + row);
    const image = order == 0 ? place : <usize>load<u32>(order + (place << 2));
    let source = images + image * <usize>imageBytes;
    let target = output + (<usize>(row * stride) << 2);
    let left = imageBytes;
    for (; left >= 16; left -= 16) {
      const bytes = v128.load(source);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      v128.store(target, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), divisor));
      v128.store(target, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), divisor), 16);
      v128.store(target, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), divisor), 32);
      v128.store(target, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), divisor), 48);
      source += 16;
      target += 64;
    }
    for (; left > 0; left--) {
      store<f32>(target, <f32>load<u8>(source) / 255);
      source++;
      target += 4;
    }
  }
}

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
