// An evaluation with everything that screens show of it worked out once: arrays over its images, matrix and report.
import { measureCalibration, type Calibration } from '../../src-shared/metrics/calibration.ts';
import { classificationReport, confusionMatrix } from '../../src-shared/metrics/confusion.ts';
import { wilsonInterval, type Interval } from '../../src-shared/metrics/interval.ts';
import {
  confidences,
  crossEntropies,
  margins,
  meanResult,
  predictedClasses,
  topAccuracy,
} from '../../src-shared/metrics/predictions.ts';
import type { ClassificationReport } from '../../src-shared/metrics/confusion.ts';
import type { CorrectionsSummary } from '../../src-shared/schemas/correction.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { PastPredictions } from './pastPredictions.ts';
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
  /** Those that the labels have and that left images out: the model was trained with them. Null for the dataset's own labels. */
  corrections: CorrectionsSummary | null;
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

/** What of an evaluation the images are worked out from. */
type EvaluatedSource = Pick<
  EvaluatedImages,
  | 'datasetId'
  | 'classes'
  | 'loss'
  | 'accuracy'
  | 'temperature'
  | 'testLooks'
  | 'corrections'
  | 'imageSplit'
  | 'imageIndices'
  | 'labels'
  | 'probabilities'
>;

/** Probabilities are logged as bytes, this one for 1. */
const certainty = 255;
/** The loss of a probability that was logged as 0: it was below half a step of the log. */
const largestLoggedLoss = -Math.log(0.5 / certainty);

/** What a run said of the images after an epoch, of which the log keeps a byte a probability: losses are approximate. */
export function pastImagesOf(
  past: PastPredictions,
  place: number,
  present: EvaluatedImages,
): EvaluatedImages {
  const { imageSplit, imageIndices, labels, classCount } = past;
  const size = labels.length * classCount;
  const logged = past.probabilities.subarray(place * size, (place + 1) * size);
  const probabilities = new Float32Array(size);
  // A loop: `Float32Array.from` takes twenty times as long, and the slider waits for this.
  for (let index = 0; index < size; index += 1) probabilities[index] = logged[index]! / certainty;
  const { datasetId, classes, corrections } = present;
  const { accuracy } = meanResult(probabilities, labels, classCount);
  const known = { datasetId, classes, corrections, temperature: null, testLooks: 0, loss: 0, accuracy };
  const images = workOut({ ...known, imageSplit, imageIndices, labels, probabilities });
  const losses = images.losses.map((loss) => Math.min(loss, largestLoggedLoss));
  return { ...images, losses, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
}

export function evaluatedImagesOf(evaluation: Evaluation): EvaluatedImages {
  return workOut({
    ...evaluation,
    corrections: evaluation.corrections ?? null,
    imageIndices: uint32Of(evaluation.imageIndices),
    probabilities: float32Of(evaluation.probabilities),
  });
}

function workOut(source: EvaluatedSource): EvaluatedImages {
  const { datasetId, classes, loss, accuracy, temperature, testLooks, corrections } = source;
  const { imageSplit, imageIndices, labels, probabilities } = source;
  const classCount = classes.length;
  const predicted = predictedClasses(probabilities, classCount);
  const matrix = confusionMatrix(labels, predicted, classCount);
  const confidence = confidences(probabilities, classCount);
  const correct = matrix.reduce((total, row, index) => total + row[index]!, 0);
  return {
    ...{ datasetId, classes, loss, accuracy, temperature, testLooks, corrections },
    ...{ imageSplit, imageIndices, labels, probabilities, predicted, matrix },
    count: labels.length,
    accuracyInterval: wilsonInterval(correct, labels.length),
    top2Accuracy: topAccuracy(probabilities, labels, classCount, 2),
    top3Accuracy: topAccuracy(probabilities, labels, classCount, 3),
    calibration: measureCalibration(confidence, (image) => predicted[image] === labels[image]),
    losses: crossEntropies(probabilities, labels, classCount),
    confidences: confidence,
    margins: margins(probabilities, labels, classCount),
    report: classificationReport(matrix),
  };
}
