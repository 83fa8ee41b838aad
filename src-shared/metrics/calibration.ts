// Whether probabilities mean what they say: the reliability diagram, the expected calibration error, and the one number
// that mends much of it, a temperature (Guo, Pleiss, Sun & Weinberger 2017, "On Calibration of Modern Neural Networks").

/** Bins of the reliability diagram and of the error, as in the paper. */
export const calibrationBins = 15;

/** The images whose confidence lies in `(low, high]`. */
export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  /** The mean probability of their predicted classes; 0 where there are none. */
  confidence: number;
  /** The share that is right; 0 where there are none. */
  accuracy: number;
}

export interface Calibration {
  bins: ReliabilityBin[];
  /** The mean of `|accuracy - confidence|` over the bins, weighted by their images. */
  expectedError: number;
  /** The largest of them. */
  maximumError: number;
}

/** Bins of equal width over the confidences, one an image, of predictions that are right or not. */
export function measureCalibration(
  confidences: ArrayLike<number>,
  isRight: (image: number) => boolean,
  binCount = calibrationBins,
): Calibration {
  const counts = new Uint32Array(binCount);
  const hits = new Uint32Array(binCount);
  const sums = new Float64Array(binCount);
  for (let image = 0; image < confidences.length; image += 1) {
    const confidence = confidences[image]!;
    // A confidence on a border belongs to the bin below it.
    const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
    counts[bin]! += 1;
    sums[bin]! += confidence;
    if (isRight(image)) hits[bin]! += 1;
  }
  const bins = Array.from({ length: binCount }, (_value, bin): ReliabilityBin => {
    const count = counts[bin]!;
    const mean = (sum: number): number => (count === 0 ? 0 : sum / count);
    return {
      low: bin / binCount,
      high: (bin + 1) / binCount,
      count,
      confidence: mean(sums[bin]!),
      accuracy: mean(hits[bin]!),
    };
  });
  const gaps = bins.map((bin) => Math.abs(bin.accuracy - bin.confidence));
  const total = Math.max(1, confidences.length);
  return {
    bins,
    expectedError: bins.reduce((sum, bin, index) => sum + (bin.count / total) * gaps[index]!, 0),
    maximumError: Math.max(0, ...gaps),
  };
}

/** Temperatures that a model may be given: beyond them there is nothing to mend. */
export const temperatureLimits = { minimum: 0.05, maximum: 20 } as const;

/** Float32's smallest normal number stands for probabilities that are rounded to 0. */
const smallestProbability = 2 ** -126;

/**
 * The probabilities `(images, classes)` at a temperature: `softmax(logits / temperature)`, made of `ln p`, which differs
 * from the logits by a constant. A temperature of 1 changes nothing; the order of the classes stays at any.
 */
export function atTemperature(
  probabilities: ArrayLike<number>,
  classCount: number,
  temperature: number,
): Float32Array {
  const scaled = Float32Array.from(probabilities);
  if (temperature === 1) return scaled;
  for (let first = 0; first < scaled.length; first += classCount) {
    const row = scaled.subarray(first, first + classCount);
    const logs = Array.from(row, (one) => Math.log(Math.max(one, smallestProbability)) / temperature);
    const highest = Math.max(...logs);
    const powers = logs.map((log) => Math.exp(log - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, one) => (row[one] = power / sum));
  }
  return scaled;
}

/**
 * The slope of the mean cross-entropy in `1 / temperature`: the mean of `sum p ln p0 - ln p0[label]`. It rises with
 * `1 / temperature`, because the cross-entropy is convex in it.
 */
function lossSlope(
  logs: Float64Array,
  labels: ArrayLike<number>,
  classCount: number,
  inverse: number,
): number {
  let slope = 0;
  for (let image = 0; image < labels.length; image += 1) {
    const row = logs.subarray(image * classCount, (image + 1) * classCount);
    let highest = -Infinity;
    for (const log of row) highest = Math.max(highest, log);
    let sum = 0;
    let weighted = 0;
    for (const log of row) {
      const power = Math.exp((log - highest) * inverse);
      sum += power;
      weighted += power * log;
    }
    slope += weighted / sum - row[labels[image]!]!;
  }
  return slope / Math.max(1, labels.length);
}

/** Halvings of the interval: enough for the last bits of a float64. */
const halvings = 60;

/**
 * The temperature at which the mean cross-entropy of `probabilities (images, classes)` is least, within
 * `temperatureLimits`: the root of its slope, by bisection. To be fitted on images that were not trained on.
 */
export function fitTemperature(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): number {
  const logs = Float64Array.from(probabilities, (one) => Math.log(Math.max(one, smallestProbability)));
  let low = 1 / temperatureLimits.maximum;
  let high = 1 / temperatureLimits.minimum;
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (low + high) / 2;
    if (lossSlope(logs, labels, classCount, middle) < 0) low = middle;
    else high = middle;
  }
  return 2 / (low + high);
}
