// Numbers too small to matter, kept away from where processors are slow: see ../../optimizers/subnormals.ts.

export const SMALLEST_FIRST_MOMENT: f32 = 7.888609052210118e-31; // 2^-100

/** Numbers smaller than the limit become 0. */
@inline
export function flushBelow(numbers: v128, limit: v128): v128 {
  return v128.andnot(numbers, f32x4.lt(f32x4.abs(numbers), limit));
}

@inline
export function flushFirstMoment(moment: v128): v128 {
  return flushBelow(moment, f32x4.splat(SMALLEST_FIRST_MOMENT));
}
