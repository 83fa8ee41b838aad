// An evaluation with everything that screens show of it worked out once: arrays over its images, matrix and report.
import { measureCalibration, type Calibration } from '../../src-shared/metrics/calibration.ts';
import { classificationReport, confusionMatrix } from '../../src-shared/metrics/confusion.ts';
import { wilsonInterval, type Interval } from '../../src-shared/metrics/interval.ts';
import {
  confidences,
  crossEntropies,
  margins,
  predictedClasses,
  topAccuracy,
} from '../../src-shared/metrics/predictions.ts';
import type { ClassificationReport } from '../../src-shared/metrics/confusion.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { Evaluation } from '../../src-shared/schemas/model.ts';

/** Arrays hold one value an image; `probabilities` is `(images, classes)`. */
export interface EvaluatedImages {
  datasetId: string;
  classes: readonly string[];
  count: number;
  loss: number;
  accuracy: number;
  accuracyInterval: Interval;
  /** The share of the images whose class is among the two, and among the three, likeliest ones. */
  top2Accuracy: number;
  top3Accuracy: number;
  /** The one that the model has; the probabilities were made with it. */
  temperature: number | null;
  calibration: Calibration;
  /** Looks at the test set with this model, this one included; 0 for the other splits. */
  testLooks: number;
  /** Where the images are: a split, and the number of each in it. */
  imageSplit: Split;
  imageIndices: Uint32Array;
  labels: Uint8Array;
  predicted: Uint8Array;
  probabilities: Float32Array;
  losses: Float32Array;
  confidences: Float32Array;
  margins: Float32Array;
  /** Row = true class, column = predicted class. */
  matrix: number[][];
  report: ClassificationReport;
}

export function evaluatedImagesOf(evaluation: Evaluation): EvaluatedImages {
  const { classes, labels } = evaluation;
  const classCount = classes.length;
  const probabilities = float32Of(evaluation.probabilities);
  const predicted = predictedClasses(probabilities, classCount);
  const matrix = confusionMatrix(labels, predicted, classCount);
  const confidence = confidences(probabilities, classCount);
  const correct = matrix.reduce((total, row, index) => total + row[index]!, 0);
  return {
    datasetId: evaluation.datasetId,
    classes,
    count: labels.length,
    loss: evaluation.loss,
    accuracy: evaluation.accuracy,
    accuracyInterval: wilsonInterval(correct, labels.length),
    top2Accuracy: topAccuracy(probabilities, labels, classCount, 2),
    top3Accuracy: topAccuracy(probabilities, labels, classCount, 3),
    temperature: evaluation.temperature,
    calibration: measureCalibration(confidence, (image) => predicted[image] === labels[image]),
    testLooks: evaluation.testLooks,
    imageSplit: evaluation.imageSplit,
    imageIndices: uint32Of(evaluation.imageIndices),
    labels,
    predicted,
    probabilities,
    losses: crossEntropies(probabilities, labels, classCount),
    confidences: confidence,
    margins: margins(probabilities, labels, classCount),
    matrix,
    report: classificationReport(matrix),
  };
}
