// Confusion matrix and the classification report made from it.

/** Counts `(classes, classes)`: row = true class, column = predicted class. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): number[][] {
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let image = 0; image < labels.length; image += 1) {
    const row = matrix[labels[image]!]!;
    const column = predicted[image]!;
    row[column] = row[column]! + 1;
  }
  return matrix;
}

export interface ClassReport {
  precision: number;
  recall: number;
  f1: number;
  /** Images of this class. */
  support: number;
}

export interface ClassificationReport {
  classes: ClassReport[];
  accuracy: number;
  /** The plain mean over the classes. */
  macro: ClassReport;
  /** The mean weighted by support. */
  weighted: ClassReport;
}

/** `numerator / denominator`, and 0 where nothing was predicted or there is nothing to find, as scikit-learn does. */
const ratio = (numerator: number, denominator: number): number =>
  denominator === 0 ? 0 : numerator / denominator;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Precision, recall and F1 of each class, `f1 = 2 * tp / (predicted + support)`. */
export function classificationReport(matrix: readonly (readonly number[])[]): ClassificationReport {
  const classes = matrix.map((row, index): ClassReport => {
    const truePositives = row[index]!;
    const support = sum(row);
    const predicted = sum(matrix.map((other) => other[index]!));
    return {
      precision: ratio(truePositives, predicted),
      recall: ratio(truePositives, support),
      f1: ratio(2 * truePositives, predicted + support),
      support,
    };
  });
  const total = sum(classes.map((one) => one.support));
  const mean = (weight: (one: ClassReport) => number): ClassReport => ({
    precision: sum(classes.map((one) => one.precision * weight(one))),
    recall: sum(classes.map((one) => one.recall * weight(one))),
    f1: sum(classes.map((one) => one.f1 * weight(one))),
    support: total,
  });
  return {
    classes,
    accuracy: ratio(sum(matrix.map((row, index) => row[index]!)), total),
    macro: mean(() => ratio(1, classes.length)),
    weighted: mean((one) => ratio(one.support, total)),
  };
}
