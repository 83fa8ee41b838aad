// Activations of four numbers at a time. The codes are those of `activationCodes` in ../wasm.ts.
import { exponential } from "./exponential";
import { logarithmOfOnePlus } from "./logarithm";
import { multiplyAdd } from "./multiplyAdd";

const RELU: i32 = 0;
const LEAKY_RELU: i32 = 1;
const TANH: i32 = 2;
const SIGMOID: i32 = 3;
const ELU: i32 = 4;
const GELU: i32 = 5;
const SILU: i32 = 6;
const SOFTPLUS: i32 = 7;

const LEAK: f32 = 0.01;

@inline
function absolute(x: v128): v128 {
  return f32x4.abs(x);
}

/** The sign of `x` on the size of `size`. */
@inline
function withSignOf(x: v128, size: v128): v128 {
  return v128.bitselect(x, size, i32x4.splat(0x80000000));
}

/** tanh, by its odd series up to 0.625 and by e^2x beyond (Cephes, `tanhf`). */
function tanh(x: v128): v128 {
  const size = absolute(x);
  const square = f32x4.mul(x, x);
  let series = f32x4.splat(-5.70498872745e-3);
  series = multiplyAdd(series, square, f32x4.splat(2.06390887954e-2));
  series = multiplyAdd(series, square, f32x4.splat(-5.37397155531e-2));
  series = multiplyAdd(series, square, f32x4.splat(1.33314422036e-1));
  series = multiplyAdd(series, square, f32x4.splat(-3.33332819422e-1));
  series = multiplyAdd(f32x4.mul(series, square), x, x);
  const doubled = exponential(f32x4.add(size, size));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(doubled, f32x4.splat(1))));
  return v128.bitselect(series, withSignOf(x, far), f32x4.lt(size, f32x4.splat(0.625)));
}

function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** e^x - 1 for x <= 0: its series near 0, where the subtraction would lose the digits. */
function exponentialMinusOne(x: v128): v128 {
  let series = f32x4.splat(1.0 / 5040);
  series = multiplyAdd(series, x, f32x4.splat(1.0 / 720));
  series = multiplyAdd(series, x, f32x4.splat(1.0 / 120));
  series = multiplyAdd(series, x, f32x4.splat(1.0 / 24));
  series = multiplyAdd(series, x, f32x4.splat(1.0 / 6));
  series = multiplyAdd(series, x, f32x4.splat(0.5));
  series = multiplyAdd(f32x4.mul(series, x), x, x);
  const far = f32x4.sub(exponential(x), f32x4.splat(1));
  return v128.bitselect(series, far, f32x4.gt(x, f32x4.splat(-0.4)));
}

/** P(X < x) for a standard normal X, within 1e-7 (Abramowitz and Stegun, 7.1.26, for erfc(|x| / sqrt 2) / 2). */
function normalBelow(x: v128): v128 {
  const size = f32x4.mul(absolute(x), f32x4.splat(0.70710678118654752));
  const t = f32x4.div(f32x4.splat(1), multiplyAdd(f32x4.splat(0.3275911), size, f32x4.splat(1)));
  let p = f32x4.splat(1.061405429);
  p = multiplyAdd(p, t, f32x4.splat(-1.453152027));
  p = multiplyAdd(p, t, f32x4.splat(1.421413741));
  p = multiplyAdd(p, t, f32x4.splat(-0.284496736));
  p = multiplyAdd(p, t, f32x4.splat(0.254829592));
  const tail = f32x4.mul(
    f32x4.mul(f32x4.mul(p, t), f32x4.splat(0.5)),
    exponential(f32x4.neg(f32x4.mul(size, size))),
  );
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), of which no exponential overflows. */
function softplus(x: v128): v128 {
  const rest = logarithmOfOnePlus(exponential(f32x4.neg(absolute(x))));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), rest);
}

function normalDensity(x: v128): v128 {
  const exponent = f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5));
  return f32x4.mul(exponential(exponent), f32x4.splat(0.3989422804014327));
}

@inline
function value(code: i32, x: v128): v128 {
  const zero = f32x4.splat(0);
  if (code == RELU) return f32x4.max(x, zero);
  if (code == LEAKY_RELU) return v128.bitselect(x, f32x4.mul(x, f32x4.splat(LEAK)), f32x4.gt(x, zero));
  if (code == TANH) return tanh(x);
  if (code == SIGMOID) return sigmoid(x);
  if (code == ELU) return v128.bitselect(x, exponentialMinusOne(x), f32x4.gt(x, zero));
  if (code == SILU) return f32x4.mul(x, sigmoid(x));
  if (code == SOFTPLUS) return softplus(x);
  return f32x4.mul(x, normalBelow(x));
}

/** `gradient * slope`, with the slope at `x` where the output is `y`. */
@inline
function scaled(code: i32, x: v128, y: v128, gradient: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (code == RELU) return v128.and(gradient, f32x4.gt(y, zero));
  if (code == LEAKY_RELU) {
    return v128.bitselect(gradient, f32x4.mul(gradient, f32x4.splat(LEAK)), f32x4.gt(y, zero));
  }
  if (code == TANH) return f32x4.mul(gradient, multiplyAdd(f32x4.neg(y), y, one));
  if (code == SIGMOID) return f32x4.mul(gradient, f32x4.mul(y, f32x4.sub(one, y)));
  if (code == ELU) return v128.bitselect(gradient, f32x4.mul(gradient, f32x4.add(y, one)), f32x4.gt(y, zero));
  if (code == SILU) {
    const share = sigmoid(x);
    return f32x4.mul(gradient, f32x4.mul(share, multiplyAdd(x, f32x4.sub(one, share), one)));
  }
  if (code == SOFTPLUS) return f32x4.mul(gradient, f32x4.neg(exponentialMinusOne(f32x4.neg(y))));
  const slope = multiplyAdd(x, normalDensity(x), normalBelow(x));
  return f32x4.mul(gradient, slope);
}

/** A part of `output = activation(input)`; columns are rounded up to 4. Strides count numbers. */
export function activate(
  code: i32, input: usize, inputStride: i32, output: usize, outputStride: i32,
  fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32,
): void {
  for (let row = fromRow; row < toRow; row++) {
    let source = input + (<usize>(row * inputStride + fromColumn) << 2);
    let target = output + (<usize>(row * outputStride + fromColumn) << 2);
    for (let column = fromColumn; column < toColumn; column += 4) {
      v128.store(target, value(code, v128.load(source)));
      source += 16;
      target += 16;
    }
  }
}

/** A part of `dOutput *= slope`; columns are rounded up to 4. */
export function backpropagate(
  code: i32, input: usize, inputStride: i32, output: usize, outputStride: i32, dOutput: usize, dOutputStride: i32,
  fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32,
): void {
  for (let row = fromRow; row < toRow; row++) {
    let x = input + (<usize>(row * inputStride + fromColumn) << 2);
    let y = output + (<usize>(row * outputStride + fromColumn) << 2);
    let gradient = dOutput + (<usize>(row * dOutputStride + fromColumn) << 2);
    for (let column = fromColumn; column < toColumn; column += 4) {
      v128.store(gradient, scaled(code, v128.load(x), v128.load(y), v128.load(gradient)));
      x += 16;
      y += 16;
      gradient += 16;
    }
  }
}
