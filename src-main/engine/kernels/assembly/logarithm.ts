import { multiplyAdd } from "./multiplyAdd";

const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const SQRT2_MINUS_1: f32 = 0.41421356;

/**
 * ln(1 + x) of four numbers from 0 to 1, within 2 units in the last place. After Moshier's Cephes library, `logf`: a
 * polynomial for ln(1 + t) where 1 + t lies between sqrt(1/2) and sqrt(2); beyond, 1 + x is halved and ln 2 added.
 */
@inline
export function logarithmOfOnePlus(x: v128): v128 {
  const isLarge = f32x4.gt(x, f32x4.splat(SQRT2_MINUS_1));
  const half = f32x4.mul(f32x4.sub(x, f32x4.splat(1)), f32x4.splat(0.5));
  const t = v128.bitselect(half, x, isLarge);
  const square = f32x4.mul(t, t);
  let p = f32x4.splat(7.0376836292e-2);
  p = multiplyAdd(p, t, f32x4.splat(-1.1514610310e-1));
  p = multiplyAdd(p, t, f32x4.splat(1.1676998740e-1));
  p = multiplyAdd(p, t, f32x4.splat(-1.2420140846e-1));
  p = multiplyAdd(p, t, f32x4.splat(1.4249322787e-1));
  p = multiplyAdd(p, t, f32x4.splat(-1.6668057665e-1));
  p = multiplyAdd(p, t, f32x4.splat(2.0000714765e-1));
  p = multiplyAdd(p, t, f32x4.splat(-2.4999993993e-1));
  p = multiplyAdd(p, t, f32x4.splat(3.3333331174e-1));
  let rest = f32x4.mul(f32x4.mul(p, t), square);
  rest = f32x4.add(rest, v128.and(f32x4.splat(LN2_LOW), isLarge));
  rest = multiplyAdd(f32x4.splat(-0.5), square, rest);
  return f32x4.add(f32x4.add(t, rest), v128.and(f32x4.splat(LN2_HIGH), isLarge));
}
