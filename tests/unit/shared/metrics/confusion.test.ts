import { describe, expect, it } from 'vitest';
import { classificationReport, confusionMatrix } from '../../../../src-shared/metrics/confusion.ts';

// The example in the documentation of sklearn.metrics.classification_report (scikit-learn 1.5):
//   y_true = [0, 1, 2, 2, 2]; y_pred = [0, 0, 2, 2, 1]
//                precision  recall  f1-score  support
//      class 0       0.50    1.00      0.67        1
//      class 1       0.00    0.00      0.00        1
//      class 2       1.00    0.67      0.80        3
//     accuracy                         0.60        5
//    macro avg       0.50    0.56      0.49        5
// weighted avg       0.70    0.60      0.61        5
const documented = { labels: [0, 1, 2, 2, 2], predicted: [0, 0, 2, 2, 1] };
/** The documentation rounds to two places. */
const documentedPlaces = 2;

describe('confusionMatrix', () => {
  it('counts true classes in rows and predicted classes in columns', () => {
    expect(confusionMatrix(documented.labels, documented.predicted, 3)).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 2],
    ]);
  });

  it('has a row and a column for a class that never occurs', () => {
    expect(confusionMatrix(Uint8Array.of(0, 2), Uint8Array.of(0, 0), 3)).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });
});

describe('classificationReport', () => {
  const report = classificationReport(confusionMatrix(documented.labels, documented.predicted, 3));

  it('equals the report in the documentation of scikit-learn, class by class', () => {
    const expected = [
      [0.5, 1, 0.67, 1],
      [0, 0, 0, 1],
      [1, 0.67, 0.8, 3],
    ];
    report.classes.forEach((one, index) => {
      [one.precision, one.recall, one.f1, one.support].forEach((value, column) => {
        expect(value).toBeCloseTo(expected[index]![column]!, documentedPlaces);
      });
    });
  });

  it('equals its accuracy and its macro and weighted averages', () => {
    expect(report.accuracy).toBeCloseTo(0.6, documentedPlaces);
    expect(report.macro.precision).toBeCloseTo(0.5, documentedPlaces);
    expect(report.macro.recall).toBeCloseTo(0.56, documentedPlaces);
    expect(report.macro.f1).toBeCloseTo(0.49, documentedPlaces);
    expect(report.weighted.precision).toBeCloseTo(0.7, documentedPlaces);
    expect(report.weighted.recall).toBeCloseTo(0.6, documentedPlaces);
    expect(report.weighted.f1).toBeCloseTo(0.61, documentedPlaces);
    expect(report.weighted.support).toBe(5);
  });

  it('gives exact fractions for a matrix worked out by hand', () => {
    // Class 0: 8 of 10 found, 12 predicted. Class 1: 5 of 9 found, 7 predicted.
    const byHand = classificationReport([
      [8, 2],
      [4, 5],
    ]);
    const exactPlaces = 12;
    expect(byHand.classes[0]!.precision).toBeCloseTo(8 / 12, exactPlaces);
    expect(byHand.classes[0]!.recall).toBeCloseTo(8 / 10, exactPlaces);
    expect(byHand.classes[0]!.f1).toBeCloseTo(16 / 22, exactPlaces);
    expect(byHand.classes[1]!.f1).toBeCloseTo(10 / 16, exactPlaces);
    expect(byHand.macro.f1).toBeCloseTo((16 / 22 + 10 / 16) / 2, exactPlaces);
    expect(byHand.weighted.f1).toBeCloseTo(((16 / 22) * 10 + (10 / 16) * 9) / 19, exactPlaces);
    expect(byHand.accuracy).toBeCloseTo(13 / 19, exactPlaces);
  });

  it('is 0, not NaN, where nothing was evaluated', () => {
    const empty = classificationReport([
      [0, 0],
      [0, 0],
    ]);
    expect(empty.accuracy).toBe(0);
    expect(empty.macro).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(empty.weighted).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });
});
