// Where Weft's numbers differ from the golden ones.
import { measureCalibration, fitTemperature } from '../../src-shared/metrics/calibration.ts';
import {
  classificationReport,
  confusionMatrix,
  type ClassReport,
} from '../../src-shared/metrics/confusion.ts';
import { mcnemarPValue } from '../../src-shared/metrics/modelComparison.ts';
import {
  confidences,
  meanResult,
  predictedClasses,
  topAccuracy,
} from '../../src-shared/metrics/predictions.ts';
import type { GoldenClassification, GoldenMetrics } from './golden.ts';

/** Both sides make the same float64 sums in another order. */
const exactTolerance = 1e-12;
/** Losses and confidences are kept as float32 here. */
const float32Tolerance = 1e-6;
/** The search over there ends at the square root of float64's precision, where the loss is flat. */
const temperatureTolerance = 1e-5;

const rowOf = (one: ClassReport): number[] => [one.precision, one.recall, one.f1, one.support];

type Comparison = readonly [what: string, weft: number, golden: number, tolerance: number];

function compareClassification(golden: GoldenClassification): Comparison[] {
  const { classCount, labels, probabilities } = golden;
  const predicted = predictedClasses(probabilities, classCount);
  const matrix = confusionMatrix(labels, predicted, classCount);
  const report = classificationReport(matrix);
  const compareRow = (name: string, one: ClassReport, expected: readonly number[]): Comparison[] =>
    rowOf(one).map((value, column) => [
      `${name}, column ${column}`,
      value,
      expected[column] ?? NaN,
      exactTolerance,
    ]);
  const calibration = measureCalibration(
    confidences(probabilities, classCount),
    (image) => predicted[image] === labels[image],
  );
  return [
    ...matrix.flatMap((row, index) =>
      row.map((count, column): Comparison => [
        `matrix ${index}, ${column}`,
        count,
        golden.matrix[index]?.[column] ?? NaN,
        0,
      ]),
    ),
    ...report.classes.flatMap((one, index) =>
      compareRow(`class ${index}`, one, golden.report.classes[index] ?? []),
    ),
    ...compareRow('macro average', report.macro, golden.report.macro),
    ...compareRow('weighted average', report.weighted, golden.report.weighted),
    ['accuracy', report.accuracy, golden.report.accuracy, exactTolerance],
    ['top-1', topAccuracy(probabilities, labels, classCount, 1), golden.report.accuracy, exactTolerance],
    ['top-2', topAccuracy(probabilities, labels, classCount, 2), golden.top2, exactTolerance],
    ['top-3', topAccuracy(probabilities, labels, classCount, 3), golden.top3, exactTolerance],
    ['loss', meanResult(probabilities, labels, classCount).loss, golden.loss, float32Tolerance],
    ['calibration error', calibration.expectedError, golden.calibrationError, float32Tolerance],
    [
      'temperature',
      fitTemperature(probabilities, labels, classCount),
      golden.temperature,
      temperatureTolerance,
    ],
  ];
}

/** One line for each number that is further from the golden one than its tolerance. */
export function findMetricDifferences(golden: GoldenMetrics): string[] {
  const comparisons = [
    ...golden.classifications.flatMap((one) =>
      compareClassification(one).map(([what, ...rest]): Comparison => [`${one.name}: ${what}`, ...rest]),
    ),
    ...golden.mcnemar.map((one): Comparison => [
      `McNemar ${one.onlyFirst} to ${one.onlySecond}`,
      mcnemarPValue(one),
      one.pValue,
      exactTolerance,
    ]),
  ];
  return comparisons
    .filter(([, weft, expected, tolerance]) => !(Math.abs(weft - expected) <= tolerance))
    .map(([what, weft, expected]) => `${what}: ${weft}, not ${expected}`);
}
