// Softmax, alone and with categorical cross-entropy and its gradient. Strides count numbers.
import { exponential } from "./exponential";

/** A gradient smaller than this becomes 0, so that products with it are not subnormal: 2^-100. */
const SMALLEST_GRADIENT: f32 = 7.888609052210118e-31;

/** The first of the largest numbers. */
function indexOfLargest(row: usize, count: i32): i32 {
  let best = 0;
  let largest = load<f32>(row);
  for (let index = 1; index < count; index++) {
    const candidate = load<f32>(row + (<usize>index << 2));
    if (candidate > largest) {
      largest = candidate;
      best = index;
    }
  }
  return best;
}

/** e^(z - maximum) in place, and their sum; numbers past the count, up to 4, are overwritten. */
function exponentiate(row: usize, count: i32, maximum: f32): f32 {
  const shift = f32x4.splat(maximum);
  for (let index = 0; index < count; index += 4) {
    const place = row + (<usize>index << 2);
    v128.store(place, exponential(f32x4.sub(v128.load(place), shift)));
  }
  let sum: f32 = 0;
  for (let index = 0; index < count; index++) sum += load<f32>(row + (<usize>index << 2));
  return sum;
}

export function softmax(logits: usize, stride: i32, classes: i32, fromRow: i32, toRow: i32): void {
  for (let index = fromRow; index < toRow; index++) {
    const row = logits + (<usize>(index * stride) << 2);
    const maximum = load<f32>(row + (<usize>indexOfLargest(row, classes) << 2));
    const sum = f32x4.splat(exponentiate(row, classes, maximum));
    for (let one = 0; one < classes; one += 4) {
      const place = row + (<usize>one << 2);
      v128.store(place, f32x4.div(v128.load(place), sum));
    }
  }
}

/** The sum of what each logit is less than the maximum. */
function sumOfDistances(row: usize, count: i32, maximum: f32): f32 {
  let sum: f32 = 0;
  for (let index = 0; index < count; index++) sum += maximum - load<f32>(row + (<usize>index << 2));
  return sum;
}

/** Targets: two classes a row with what each counts for, `shares (rows, 2)`, the rest as in ../losses.ts. */
export function softmaxCrossEntropy(
  logits: usize, stride: i32, classes: i32, dLogits: usize, dStride: i32,
  labels: usize, partners: usize, shares: usize, losses: usize, hits: usize,
  smoothing: f32, scale: f32, fromRow: i32, toRow: i32,
): void {
  const sharpness: f32 = 1 - smoothing;
  for (let index = fromRow; index < toRow; index++) {
    const row = logits + (<usize>(index * stride) << 2);
    const dRow = dLogits + (<usize>(index * dStride) << 2);
    const label = <i32>load<u8>(labels + index);
    const partner = <i32>load<u8>(partners + index);
    const share = load<f32>(shares + (<usize>index << 3));
    const partnerShare = load<f32>(shares + (<usize>index << 3), 4);
    const whole = share + partnerShare;
    const even = smoothing * whole / <f32>classes;
    const labelTarget = sharpness * share;
    const partnerTarget = sharpness * partnerShare;
    const best = indexOfLargest(row, classes);
    const maximum = load<f32>(row + (<usize>best << 2));
    let distance = labelTarget * (maximum - load<f32>(row + (<usize>label << 2)));
    distance += partnerTarget * (maximum - load<f32>(row + (<usize>partner << 2)));
    if (smoothing > 0) distance += even * sumOfDistances(row, classes, maximum);
    const sum = exponentiate(row, classes, maximum);
    store<f32>(losses + (<usize>index << 2), whole * <f32>Math.log(sum) + distance);
    store<f32>(hits + (<usize>index << 2), best == label ? 1 : 0);
    for (let one = 0; one < classes; one++) {
      const probability = load<f32>(row + (<usize>one << 2)) / sum;
      let wanted = even;
      if (one == label) wanted += labelTarget;
      if (one == partner) wanted += partnerTarget;
      const gradient = (whole * probability - wanted) * scale;
      store<f32>(dRow + (<usize>one << 2), abs(gradient) < SMALLEST_GRADIENT ? 0 : gradient);
    }
  }
}
