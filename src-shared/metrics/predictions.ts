// What class probabilities say of each image: the predicted class, its confidence, its loss.

/** The likeliest class of each image; the first one on a tie. `probabilities` is `(images, classes)`. */
export function predictedClasses(probabilities: ArrayLike<number>, classCount: number): Uint8Array {
  const images = probabilities.length / classCount;
  const predicted = new Uint8Array(images);
  for (let image = 0; image < images; image += 1) {
    const row = image * classCount;
    let best = 0;
    for (let one = 1; one < classCount; one += 1) {
      if (probabilities[row + one]! > probabilities[row + best]!) best = one;
    }
    predicted[image] = best;
  }
  return predicted;
}

/** Smallest probability that a loss is taken of: float32's smallest normal number keeps it finite. */
const smallestProbability = 2 ** -126;

/** Categorical cross-entropy of each image, `-ln p[label]`. */
export function crossEntropies(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): Float32Array {
  const losses = new Float32Array(labels.length);
  for (let image = 0; image < labels.length; image += 1) {
    const probability = probabilities[image * classCount + labels[image]!]!;
    losses[image] = -Math.log(Math.max(probability, smallestProbability));
  }
  return losses;
}

/** Mean cross-entropy, not a finite number where a probability isn't one, and the share of images that are right. */
export function meanResult(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): { loss: number; accuracy: number } {
  const losses = crossEntropies(probabilities, labels, classCount);
  const hits = predictedClasses(probabilities, classCount).filter((one, image) => one === labels[image]);
  return {
    loss: losses.reduce((sum, loss) => sum + loss, 0) / labels.length,
    accuracy: hits.length / labels.length,
  };
}

/** The probability of the predicted class of each image. `probabilities` is `(images, classes)`. */
export function confidences(probabilities: ArrayLike<number>, classCount: number): Float32Array {
  const highest = new Float32Array(probabilities.length / classCount);
  for (let image = 0; image < highest.length; image += 1) {
    for (let one = 0; one < classCount; one += 1) {
      highest[image] = Math.max(highest[image]!, probabilities[image * classCount + one]!);
    }
  }
  return highest;
}

/**
 * How much likelier its own class is for each image than the likeliest other class, `p[label] - max(p[other])`: from
 * -1, surely wrong, over 0, undecided, to 1, surely right.
 */
export function margins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): Float32Array {
  const differences = new Float32Array(labels.length);
  for (let image = 0; image < labels.length; image += 1) {
    const label = labels[image]!;
    let other = 0;
    for (let one = 0; one < classCount; one += 1) {
      if (one !== label) other = Math.max(other, probabilities[image * classCount + one]!);
    }
    differences[image] = probabilities[image * classCount + label]! - other;
  }
  return differences;
}

/**
 * The share of the images whose own class is among the `most` likeliest ones; of equally likely classes the first counts
 * as likelier, as in `predictedClasses`, so that 1 gives the accuracy. 0 where there are no images.
 */
export function topAccuracy(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  most: number,
): number {
  let hits = 0;
  for (let image = 0; image < labels.length; image += 1) {
    const row = image * classCount;
    const label = labels[image]!;
    const own = probabilities[row + label]!;
    let likelier = 0;
    for (let one = 0; one < classCount; one += 1) {
      const other = probabilities[row + one]!;
      if (other > own || (other === own && one < label)) likelier += 1;
    }
    if (likelier < most) hits += 1;
  }
  return labels.length === 0 ? 0 : hits / labels.length;
}
