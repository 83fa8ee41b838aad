// The optimizers' steps and the penalties, four parameters at a time: `count` is a multiple of 4. The formulas, and why
// moments are kept away from subnormal numbers, are in ../../optimizers.

const SMALLEST_FIRST_MOMENT: f32 = 7.888609052210118e-31; // 2^-100
const SMALLEST_SECOND_MOMENT: f32 = 7.52316384526264e-37; // 2^-120

@inline
function flushFirstMoment(moment: v128): v128 {
  return v128.andnot(moment, f32x4.lt(f32x4.abs(moment), f32x4.splat(SMALLEST_FIRST_MOMENT)));
}

@inline
function raiseSecondMoment(moment: v128): v128 {
  return f32x4.max(moment, f32x4.splat(SMALLEST_SECOND_MOMENT));
}

export function penalize(w: usize, g: usize, count: i32, l1: f32, l2: f32): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16) {
    const weight = flushFirstMoment(v128.load(w));
    const isZero = f32x4.eq(weight, f32x4.splat(0));
    const sign = v128.bitselect(weight, f32x4.splat(l1), i32x4.splat(0x80000000));
    const pull = f32x4.add(v128.andnot(sign, isZero), f32x4.mul(f32x4.splat(l2), weight));
    v128.store(g, f32x4.add(v128.load(g), pull));
    v128.store(w, weight);
  }
}

export function gradientDescent(w: usize, g: usize, count: i32, rate: f32): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16) {
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(f32x4.splat(rate), v128.load(g))));
  }
}

export function momentum(w: usize, g: usize, v: usize, count: i32, rate: f32, kept: f32): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16, v += 16) {
    const velocity = flushFirstMoment(f32x4.add(f32x4.mul(f32x4.splat(kept), v128.load(v)), v128.load(g)));
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(f32x4.splat(rate), velocity)));
  }
}

export function nesterov(w: usize, g: usize, v: usize, count: i32, rate: f32, kept: f32): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16, v += 16) {
    const gradient = v128.load(g);
    const velocity = flushFirstMoment(f32x4.add(f32x4.mul(f32x4.splat(kept), v128.load(v)), gradient));
    v128.store(v, velocity);
    const ahead = f32x4.add(gradient, f32x4.mul(f32x4.splat(kept), velocity));
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(f32x4.splat(rate), ahead)));
  }
}

export function rmsprop(
  w: usize, g: usize, s: usize, count: i32, rate: f32, kept: f32, added: f32, epsilon: f32,
): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16, s += 16) {
    const gradient = v128.load(g);
    const square = f32x4.mul(f32x4.mul(f32x4.splat(added), gradient), gradient);
    const meanSquare = raiseSecondMoment(f32x4.add(f32x4.mul(f32x4.splat(kept), v128.load(s)), square));
    v128.store(s, meanSquare);
    const step = f32x4.div(
      f32x4.mul(f32x4.splat(rate), gradient),
      f32x4.add(f32x4.sqrt(meanSquare), f32x4.splat(epsilon)),
    );
    v128.store(w, f32x4.sub(v128.load(w), step));
  }
}

export function adam(
  w: usize, g: usize, m: usize, v: usize, count: i32,
  stepSize: f32, correction: f32, beta1: f32, added1: f32, beta2: f32, added2: f32, epsilon: f32, keptWeight: f32,
): void {
  const end = w + (<usize>count << 2);
  for (; w < end; w += 16, g += 16, m += 16, v += 16) {
    const gradient = v128.load(g);
    const mean = flushFirstMoment(
      f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(m)), f32x4.mul(f32x4.splat(added1), gradient)),
    );
    const square = f32x4.mul(f32x4.mul(f32x4.splat(added2), gradient), gradient);
    const meanSquare = raiseSecondMoment(f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(v)), square));
    v128.store(m, mean);
    v128.store(v, meanSquare);
    const denominator = f32x4.add(
      f32x4.mul(f32x4.sqrt(meanSquare), f32x4.splat(correction)),
      f32x4.splat(epsilon),
    );
    const step = f32x4.div(f32x4.mul(f32x4.splat(stepSize), mean), denominator);
    v128.store(w, f32x4.sub(f32x4.mul(f32x4.splat(keptWeight), v128.load(w)), step));
  }
}
