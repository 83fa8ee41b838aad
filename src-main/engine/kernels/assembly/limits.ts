// Limits on gradients and on weights. `count` is a multiple of 16.

// `pmin` and `pmax` with the number first hand a NaN on.
export function limitValues(numbers: usize, count: i32, limit: f32): void {
  const high = f32x4.splat(limit);
  const low = f32x4.splat(-limit);
  const end = numbers + (<usize>count << 2);
  for (; numbers < end; numbers += 32) {
    const a = f32x4.pmax(f32x4.pmin(v128.load(numbers), high), low);
    const b = f32x4.pmax(f32x4.pmin(v128.load(numbers, 16), high), low);
    v128.store(numbers, a);
    v128.store(numbers, b, 16);
  }
}

/** The first two of four numbers as float64. */
@inline
function lowerHalf(vector: v128): v128 {
  return f64x2.promote_low_f32x4(vector);
}

@inline
function upperHalf(vector: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(vector, vector, 1, 1));
}

@inline
function addSquare(sum: v128, value: v128): v128 {
  return f64x2.add(sum, f64x2.mul(value, value));
}

export function sumSquares(numbers: usize, count: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = numbers + (<usize>count << 2);
  for (; numbers < end; numbers += 32) {
    const first = v128.load(numbers);
    const second = v128.load(numbers, 16);
    a = addSquare(a, lowerHalf(first));
    b = addSquare(b, upperHalf(first));
    c = addSquare(c, lowerHalf(second));
    d = addSquare(d, upperHalf(second));
  }
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

export function scale(numbers: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = numbers + (<usize>count << 2);
  for (; numbers < end; numbers += 32) {
    const a = f32x4.mul(v128.load(numbers), factors);
    const b = f32x4.mul(v128.load(numbers, 16), factors);
    v128.store(numbers, a);
    v128.store(numbers, b, 16);
  }
}

/** Four columns of a panel, whose rows are 64 bytes apart: those longer than the limit are scaled down to it. */
function limitFourColumns(column: usize, rows: i32, limit: f64): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const end = column + (<usize>rows << 6);
  for (let place = column; place < end; place += 64) {
    const weights = v128.load(place);
    low = addSquare(low, lowerHalf(weights));
    high = addSquare(high, upperHalf(weights));
  }
  const limits = f64x2.splat(limit);
  const lowNorms = f64x2.sqrt(low);
  const highNorms = f64x2.sqrt(high);
  const isLowLong = f64x2.gt(lowNorms, limits);
  const isHighLong = f64x2.gt(highNorms, limits);
  if (!v128.any_true(v128.or(isLowLong, isHighLong))) return;
  const one = f64x2.splat(1);
  const lowFactors = v128.bitselect(f64x2.div(limits, lowNorms), one, isLowLong);
  const highFactors = v128.bitselect(f64x2.div(limits, highNorms), one, isHighLong);
  const factors = v128.shuffle<u64>(f32x4.demote_f64x2_zero(lowFactors), f32x4.demote_f64x2_zero(highFactors), 0, 2);
  for (let place = column; place < end; place += 64) {
    v128.store(place, f32x4.mul(v128.load(place), factors));
  }
}

export function limitColumns(panel: usize, rows: i32, limit: f64): void {
  for (let column = panel; column < panel + 64; column += 16) limitFourColumns(column, rows, limit);
}
