// What `train` and `evaluate` print of an evaluation.
import { measureCalibration, type ReliabilityBin } from '../../../src-shared/metrics/calibration.ts';
import { confusionMatrix } from '../../../src-shared/metrics/confusion.ts';
import { confidences, predictedClasses, topAccuracy } from '../../../src-shared/metrics/predictions.ts';
import { float32Of } from '../../../src-shared/schemas/bytes.ts';
import type { Evaluation } from '../../../src-shared/schemas/model.ts';
import type { Terminal } from './terminal.ts';
import { formatClassificationReport, formatConfusionMatrix } from './text/classification.ts';
import { formatCount, formatLoss, formatPercent } from './text/numbers.ts';

/** An evaluation as far as it is printed. */
export interface PrintedEvaluation extends Pick<
  Evaluation,
  'classes' | 'labels' | 'probabilities' | 'split' | 'loss' | 'accuracy' | 'temperature'
> {
  /** Null for a model file, whose looks nobody counts. */
  testLooks: number | null;
}

/** Counts `(classes, classes)`: row = true class, column = predicted class. */
export function matrixOf(
  result: Pick<PrintedEvaluation, 'classes' | 'labels' | 'probabilities'>,
): number[][] {
  const classCount = result.classes.length;
  const predicted = predictedClasses(float32Of(result.probabilities), classCount);
  return confusionMatrix(result.labels, predicted, classCount);
}

/** What is printed beside the matrix and its report. */
export interface EvaluationMeasures {
  top2Accuracy: number;
  top3Accuracy: number;
  /** The expected calibration error. */
  calibrationError: number;
  reliability: ReliabilityBin[];
}

export function measuresOf({
  classes,
  labels,
  ...result
}: Pick<PrintedEvaluation, 'classes' | 'labels' | 'probabilities'>): EvaluationMeasures {
  const classCount = classes.length;
  const probabilities = float32Of(result.probabilities);
  const predicted = predictedClasses(probabilities, classCount);
  const { expectedError, bins } = measureCalibration(
    confidences(probabilities, classCount),
    (image) => predicted[image] === labels[image],
  );
  return {
    top2Accuracy: topAccuracy(probabilities, labels, classCount, 2),
    top3Accuracy: topAccuracy(probabilities, labels, classCount, 3),
    calibrationError: expectedError,
    reliability: bins,
  };
}

export function printEvaluation(result: PrintedEvaluation, datasetName: string, terminal: Terminal): void {
  const matrix = matrixOf(result);
  const images = `${formatCount(result.labels.length)} ${result.split} images of ${datasetName}`;
  terminal.line(`${images}: loss ${formatLoss(result.loss)}, accuracy ${formatPercent(result.accuracy)}`);
  const { top2Accuracy, top3Accuracy, calibrationError } = measuresOf(result);
  terminal.line(
    `among the 2 likeliest classes ${formatPercent(top2Accuracy)}, among the 3 ${formatPercent(top3Accuracy)}; expected calibration error ${formatPercent(calibrationError)}`,
  );
  if (result.temperature !== null)
    terminal.line(`with the temperature ${result.temperature.toFixed(3)} that the model has`);
  if (result.testLooks !== null && result.testLooks > 1)
    terminal.line(`The test set has been looked at ${result.testLooks} times with this model.`);
  terminal.line('');
  for (const line of formatConfusionMatrix(matrix, result.classes, terminal.columns)) terminal.line(line);
  terminal.line('');
  for (const line of formatClassificationReport(matrix, result.classes)) terminal.line(line);
}
