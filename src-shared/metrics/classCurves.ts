// How well each class was told apart after each epoch of a run.

export const classMeasures = ['recall', 'precision', 'f1'] as const;
export type ClassMeasure = (typeof classMeasures)[number];

/** By measure `(epochs, classes)`, epoch by epoch: the numbers of the classification report. */
export type ClassCurves = Readonly<Record<ClassMeasure, Float64Array>>;

/** `numerator / denominator`, and 0 where there is nothing to divide by, as in the report. */
const ratio = (numerator: number, denominator: number): number =>
  denominator === 0 ? 0 : numerator / denominator;

/** `predicted (epochs, images)` are the classes predicted after each epoch, epoch by epoch. */
export function classCurves(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): ClassCurves {
  const images = labels.length;
  const epochs = images === 0 ? 0 : predicted.length / images;
  const recall = new Float64Array(epochs * classCount);
  const precision = new Float64Array(epochs * classCount);
  const f1 = new Float64Array(epochs * classCount);
  const support = new Uint32Array(classCount);
  for (let image = 0; image < images; image += 1) support[labels[image]!]! += 1;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const hits = new Uint32Array(classCount);
    const taken = new Uint32Array(classCount);
    const first = epoch * images;
    for (let image = 0; image < images; image += 1) {
      const one = predicted[first + image]!;
      taken[one]! += 1;
      if (one === labels[image]) hits[one]! += 1;
    }
    for (let one = 0; one < classCount; one += 1) {
      const place = epoch * classCount + one;
      recall[place] = ratio(hits[one]!, support[one]!);
      precision[place] = ratio(hits[one]!, taken[one]!);
      f1[place] = ratio(2 * hits[one]!, taken[one]! + support[one]!);
    }
  }
  return { recall, precision, f1 };
}
