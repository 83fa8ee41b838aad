/**
 * `a * b + c` of four numbers. Rounded once where the build may use the processor's fused multiply-add, and twice
 * where it may not.
 */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
