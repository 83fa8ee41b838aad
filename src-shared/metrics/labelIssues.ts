// Which labels are probably wrong, by confident learning (Northcutt, Jiang & Chuang, "Confident Learning: Estimating
// Uncertainty in Dataset Labels", JAIR 70, 2021). The probabilities have to be out of sample: of images that the network
// was not trained on. All functions take `probabilities (images, classes)` in any unit and one `label` an image.

import { predictedClasses } from './predictions.ts';

export interface OutOfSamplePredictions {
  /** `(images, classes)`; bytes with 255 for 1 do as well, for nothing here depends on the unit. */
  probabilities: ArrayLike<number>;
  /** The given class of each image. */
  labels: ArrayLike<number>;
  classCount: number;
}

/**
 * How sure the network is of a class on average over the images that are labelled so: `t[j] = mean of p[j] over the images
 * with label j`. Infinity for a class that no image has, so that none is ever taken for it.
 */
export function classThresholds({
  probabilities,
  labels,
  classCount,
}: OutOfSamplePredictions): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(classCount);
  const counts = new Float64Array(classCount);
  for (let image = 0; image < labels.length; image += 1) {
    const label = labels[image]!;
    sums[label]! += probabilities[image * classCount + label]!;
    counts[label]! += 1;
  }
  return sums.map((sum, label) => (counts[label]! === 0 ? Infinity : sum / counts[label]!));
}

/** What `confidentClasses` gives for an image that reaches no threshold. */
export const noConfidentClass = 255;

/**
 * The class that each image is confidently taken for: the likeliest of those whose threshold it reaches, the first one on
 * a tie; `noConfidentClass` where it reaches none.
 */
export function confidentClasses(predictions: OutOfSamplePredictions): Uint8Array<ArrayBuffer> {
  const { probabilities, labels, classCount } = predictions;
  const thresholds = classThresholds(predictions);
  const confident = new Uint8Array(labels.length).fill(noConfidentClass);
  for (let image = 0; image < labels.length; image += 1) {
    let highest = -1;
    for (let one = 0; one < classCount; one += 1) {
      const probability = probabilities[image * classCount + one]!;
      if (probability < thresholds[one]! || probability <= highest) continue;
      highest = probability;
      confident[image] = one;
    }
  }
  return confident;
}

/**
 * The confident joint, `(classes, classes)` counts: how many images with the given label (row) are confidently taken for
 * the class (column). What lies off the diagonal is
 * probably labelled wrong.
 */
export function confidentJoint(predictions: OutOfSamplePredictions): Uint32Array<ArrayBuffer> {
  const { labels, classCount } = predictions;
  const joint = new Uint32Array(classCount * classCount);
  confidentClasses(predictions).forEach((taken, image) => {
    if (taken !== noConfidentClass) joint[labels[image]! * classCount + taken]! += 1;
  });
  return joint;
}

export interface LabelIssues {
  /** Positions of the images whose label is probably wrong, the most suspect first. */
  positions: Uint32Array<ArrayBuffer>;
  /** Beside `positions`: the class that each one is taken for. */
  suggested: Uint8Array<ArrayBuffer>;
  /** Beside `positions`: 1 where it lies off the diagonal of the confident joint. */
  isConfident: Uint8Array<ArrayBuffer>;
}

/**
 * The images that are taken for another class than their label says, ordered by self-confidence, the probability of the
 * given label, the lowest first; where that is equal, by the probability of the suggested class, the highest first.
 *
 * Those off the diagonal of the confident joint are marked, not chosen: of 500 labels of Fashion-MNIST exchanged at random,
 * that choice leaves out a third, however many images are looked through; of the whole list the first 1,000 hold nearly nine
 * in ten. Ordered by the margin between suggested and given class they would hold seven in ten. `npm run bench --
 * --label-issues` measures it.
 */
export function findLabelIssues(predictions: OutOfSamplePredictions): LabelIssues {
  const { probabilities, labels, classCount } = predictions;
  const predicted = predictedClasses(probabilities, classCount);
  const confident = confidentClasses(predictions);
  const probabilityOf = (image: number, one: number): number => probabilities[image * classCount + one]!;
  const positions = Uint32Array.from(predicted.keys())
    .filter((image) => predicted[image] !== labels[image])
    .sort(
      (one, other) =>
        probabilityOf(one, labels[one]!) - probabilityOf(other, labels[other]!) ||
        probabilityOf(other, predicted[other]!) - probabilityOf(one, predicted[one]!) ||
        one - other,
    );
  const isOffDiagonal = (image: number): boolean =>
    confident[image] !== noConfidentClass && confident[image] !== labels[image];
  return {
    positions,
    suggested: Uint8Array.from(positions, (image) => predicted[image]!),
    isConfident: Uint8Array.from(positions, (image) => (isOffDiagonal(image) ? 1 : 0)),
  };
}

/**
 * How many labels are wrong, by the confident joint: its rows are scaled to the images that there are of each label, and
 * what is then off the diagonal is added up.
 */
export function estimateLabelIssues(predictions: OutOfSamplePredictions): number {
  const { labels, classCount } = predictions;
  const joint = confidentJoint(predictions);
  const counts = new Float64Array(classCount);
  for (let image = 0; image < labels.length; image += 1) counts[labels[image]!]! += 1;
  let wrong = 0;
  for (let label = 0; label < classCount; label += 1) {
    const row = joint.subarray(label * classCount, (label + 1) * classCount);
    const sum = row.reduce((total, count) => total + count, 0);
    if (sum > 0) wrong += ((sum - row[label]!) / sum) * counts[label]!;
  }
  return wrong;
}
