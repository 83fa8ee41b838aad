// The optimizers' steps and the penalties. The formulas, and why moments are kept away from subnormal numbers, are in
// ../../optimizers. Every optimizer's function takes the same: parameters, gradients, two slots (0 where it has fewer),
// `count`, a multiple of 16, and the step's constants as float64, in the order of its `writeConstants`. Each goes over
// two neighbouring vectors side by side: that keeps the processor busy, and an engine with 256-bit registers can merge
// operations that come in such pairs. Moments are stored as soon as they are known, which frees registers.
import { multiplyAdd } from "./multiplyAdd";
import { flushBelow, flushFirstMoment, SMALLEST_FIRST_MOMENT } from "./subnormals";

const SMALLEST_SECOND_MOMENT: f32 = 7.52316384526264e-37; // 2^-120

// `pmax` and `pmin` are one instruction each, where `max` and `min` are several; with the moment first, both hand a NaN on.
@inline
function raiseSecondMoment(moment: v128): v128 {
  return f32x4.pmax(moment, f32x4.splat(SMALLEST_SECOND_MOMENT));
}

@inline
function constant(constants: usize, index: usize): v128 {
  return f32x4.splat(<f32>load<f64>(constants + 8 * index));
}

export function penalize(w: usize, g: usize, count: i32, l1: f32, l2: f32): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16) {
    const weight = flushFirstMoment(v128.load(w));
    const isZero = f32x4.eq(weight, f32x4.splat(0));
    const sign = v128.bitselect(weight, f32x4.splat(l1), i32x4.splat(0x80000000));
    const pull = multiplyAdd(f32x4.splat(l2), weight, v128.andnot(sign, isZero));
    v128.store(g, f32x4.add(v128.load(g), pull));
    v128.store(w, weight);
  }
}

export function gradientDescent(w: usize, g: usize, _0: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32) {
    const wA = multiplyAdd(minusRate, v128.load(g), v128.load(w));
    const wB = multiplyAdd(minusRate, v128.load(g, 16), v128.load(w, 16));
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

export function momentum(w: usize, g: usize, v: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const kept = constant(constants, 1);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, v += 32) {
    const vA = flushFirstMoment(multiplyAdd(kept, v128.load(v), v128.load(g)));
    const vB = flushFirstMoment(multiplyAdd(kept, v128.load(v, 16), v128.load(g, 16)));
    const wA = multiplyAdd(minusRate, vA, v128.load(w));
    const wB = multiplyAdd(minusRate, vB, v128.load(w, 16));
    v128.store(v, vA);
    v128.store(v, vB, 16);
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

export function nesterov(w: usize, g: usize, v: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const kept = constant(constants, 1);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, v += 32) {
    const gA = v128.load(g);
    const gB = v128.load(g, 16);
    const vA = flushFirstMoment(multiplyAdd(kept, v128.load(v), gA));
    const vB = flushFirstMoment(multiplyAdd(kept, v128.load(v, 16), gB));
    const wA = multiplyAdd(minusRate, multiplyAdd(kept, vA, gA), v128.load(w));
    const wB = multiplyAdd(minusRate, multiplyAdd(kept, vB, gB), v128.load(w, 16));
    v128.store(v, vA);
    v128.store(v, vB, 16);
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

export function rmsprop(w: usize, g: usize, s: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const kept = constant(constants, 1);
  const added = constant(constants, 2);
  const epsilon = constant(constants, 3);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, s += 32) {
    const gA = v128.load(g);
    const gB = v128.load(g, 16);
    const sA = raiseSecondMoment(multiplyAdd(kept, v128.load(s), f32x4.mul(f32x4.mul(added, gA), gA)));
    const sB = raiseSecondMoment(multiplyAdd(kept, v128.load(s, 16), f32x4.mul(f32x4.mul(added, gB), gB)));
    const stepA = f32x4.div(f32x4.mul(minusRate, gA), f32x4.add(f32x4.sqrt(sA), epsilon));
    const stepB = f32x4.div(f32x4.mul(minusRate, gB), f32x4.add(f32x4.sqrt(sB), epsilon));
    const wA = f32x4.add(v128.load(w), stepA);
    const wB = f32x4.add(v128.load(w, 16), stepB);
    v128.store(s, sA);
    v128.store(s, sB, 16);
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

export function adagrad(w: usize, g: usize, s: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const epsilon = constant(constants, 1);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, s += 32) {
    const gA = v128.load(g);
    const gB = v128.load(g, 16);
    const sA = raiseSecondMoment(multiplyAdd(gA, gA, v128.load(s)));
    const sB = raiseSecondMoment(multiplyAdd(gB, gB, v128.load(s, 16)));
    const stepA = f32x4.div(f32x4.mul(minusRate, gA), f32x4.add(f32x4.sqrt(sA), epsilon));
    const stepB = f32x4.div(f32x4.mul(minusRate, gB), f32x4.add(f32x4.sqrt(sB), epsilon));
    const wA = f32x4.add(v128.load(w), stepA);
    const wB = f32x4.add(v128.load(w, 16), stepB);
    v128.store(s, sA);
    v128.store(s, sB, 16);
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

/** -1, 0, 1 or NaN: a moment that was not flushed to 0 is at least 1 when divided by the smallest one. */
@inline
function signOfMoment(moment: v128): v128 {
  const size = f32x4.mul(flushFirstMoment(moment), f32x4.splat(1 / SMALLEST_FIRST_MOMENT));
  return f32x4.pmax(f32x4.pmin(size, f32x4.splat(1)), f32x4.splat(-1));
}

export function lion(w: usize, g: usize, m: usize, _1: usize, count: i32, constants: usize): void {
  const minusRate = f32x4.neg(constant(constants, 0));
  const beta1 = constant(constants, 1);
  const added1 = constant(constants, 2);
  const beta2 = constant(constants, 3);
  const added2 = constant(constants, 4);
  const keptWeight = constant(constants, 5);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, m += 32) {
    const gA = v128.load(g);
    const gB = v128.load(g, 16);
    const lastA = v128.load(m);
    const lastB = v128.load(m, 16);
    const mA = flushFirstMoment(multiplyAdd(beta2, lastA, f32x4.mul(added2, gA)));
    const mB = flushFirstMoment(multiplyAdd(beta2, lastB, f32x4.mul(added2, gB)));
    v128.store(m, mA);
    v128.store(m, mB, 16);
    const signA = signOfMoment(multiplyAdd(beta1, lastA, f32x4.mul(added1, gA)));
    const signB = signOfMoment(multiplyAdd(beta1, lastB, f32x4.mul(added1, gB)));
    const wA = multiplyAdd(keptWeight, v128.load(w), f32x4.mul(minusRate, signA));
    const wB = multiplyAdd(keptWeight, v128.load(w, 16), f32x4.mul(minusRate, signB));
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}

/**
 * The smallest moments are those of ../../optimizers/subnormals.ts. V8's newer compilers, which the wide build is for, make
 * vectors that the code itself states anew in every turn of the loop; older ones run out of registers for given ones.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, count: i32, constants: usize, smallestFirst: f32, smallestSecond: f32,
): void {
  const first = f32x4.splat(WIDE ? smallestFirst : SMALLEST_FIRST_MOMENT);
  const second = f32x4.splat(WIDE ? smallestSecond : SMALLEST_SECOND_MOMENT);
  const minusStepSize = f32x4.neg(constant(constants, 0));
  const correction = constant(constants, 1);
  const beta1 = constant(constants, 2);
  const added1 = constant(constants, 3);
  const beta2 = constant(constants, 4);
  const added2 = constant(constants, 5);
  const epsilon = constant(constants, 6);
  const keptWeight = constant(constants, 7);
  const end = w + (<usize>count << 2);
  for (; w < end; w += 32, g += 32, m += 32, v += 32) {
    const gA = v128.load(g);
    const gB = v128.load(g, 16);
    const mA = flushBelow(multiplyAdd(beta1, v128.load(m), f32x4.mul(added1, gA)), first);
    const mB = flushBelow(multiplyAdd(beta1, v128.load(m, 16), f32x4.mul(added1, gB)), first);
    const vA = f32x4.pmax(multiplyAdd(beta2, v128.load(v), f32x4.mul(f32x4.mul(added2, gA), gA)), second);
    const vB = f32x4.pmax(multiplyAdd(beta2, v128.load(v, 16), f32x4.mul(f32x4.mul(added2, gB), gB)), second);
    v128.store(m, mA);
    v128.store(m, mB, 16);
    v128.store(v, vA);
    v128.store(v, vB, 16);
    const stepA = f32x4.div(f32x4.mul(minusStepSize, mA), multiplyAdd(f32x4.sqrt(vA), correction, epsilon));
    const stepB = f32x4.div(f32x4.mul(minusStepSize, mB), multiplyAdd(f32x4.sqrt(vB), correction, epsilon));
    const wA = multiplyAdd(keptWeight, v128.load(w), stepA);
    const wB = multiplyAdd(keptWeight, v128.load(w, 16), stepB);
    v128.store(w, wA);
    v128.store(w, wB, 16);
  }
}
