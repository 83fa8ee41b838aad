import { multiplyAdd } from "./multiplyAdd";

/** ln 2 in two parts, of which n times the first is exact for any exponent n. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Below this e^x is subnormal, above it infinite. */
const SMALLEST: f32 = -87.33654;
const LARGEST: f32 = 88.3762626;

/**
 * e^x of four numbers within 2 units in the last place; 0 below -87.3, where float32 has subnormals only, and infinity
 * above 88.37. After Moshier's Cephes library, `expf`: x = n ln 2 + r, and a polynomial for e^r.
 */
@inline
export function exponential(x: v128): v128 {
  const isTiny = f32x4.lt(x, f32x4.splat(SMALLEST));
  const isHuge = f32x4.gt(x, f32x4.splat(LARGEST));
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(LARGEST)), f32x4.splat(SMALLEST));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let r = multiplyAdd(n, f32x4.splat(-LN2_HIGH), bounded);
  r = multiplyAdd(n, f32x4.splat(-LN2_LOW), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  const value = v128.andnot(f32x4.mul(p, scale), isTiny);
  return v128.bitselect(f32x4.splat(Infinity), value, isHuge);
}
