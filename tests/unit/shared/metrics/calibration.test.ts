import { describe, expect, it } from 'vitest';
import {
  atTemperature,
  fitTemperature,
  measureCalibration,
  temperatureLimits,
} from '../../../../src-shared/metrics/calibration.ts';

describe('measureCalibration', () => {
  it('compares accuracy with confidence in bins, a border belonging to the bin below', () => {
    const confidences = [0.4, 0.5, 0.9, 0.9, 1];
    const right = [true, false, true, true, true];
    const { bins, expectedError, maximumError } = measureCalibration(
      confidences,
      (image) => right[image] ?? false,
      2,
    );
    expect(bins.map((bin) => bin.count)).toEqual([2, 3]);
    expect(bins[0]).toMatchObject({ low: 0, high: 0.5, accuracy: 0.5 });
    expect(bins[0]!.confidence).toBeCloseTo(0.45, 12);
    expect(bins[1]!.accuracy).toBe(1);
    expect(expectedError).toBeCloseTo((2 / 5) * 0.05 + (3 / 5) * (1 - 2.8 / 3), 12);
    expect(maximumError).toBeCloseTo(1 - 2.8 / 3, 12);
  });

  it('is 0 where there is nothing', () => {
    expect(measureCalibration([], () => true)).toMatchObject({ expectedError: 0, maximumError: 0 });
  });
});

describe('atTemperature', () => {
  const probabilities = Float32Array.of(0.7, 0.2, 0.1, 1, 0, 0);
  /** Float32 rounds. */
  const places = 6;

  it('is the softmax of the logits divided by the temperature', () => {
    const cooler = atTemperature(probabilities, 3, 2);
    const roots = [0.7, 0.2, 0.1].map(Math.sqrt);
    const sum = roots.reduce((total, root) => total + root, 0);
    roots.forEach((root, one) => expect(cooler[one]).toBeCloseTo(root / sum, places));
  });

  it('changes nothing at 1, and never the order of the classes', () => {
    expect(atTemperature(probabilities, 3, 1)).toEqual(probabilities);
    const hot = atTemperature(probabilities, 3, temperatureLimits.maximum);
    expect(hot[0]).toBeGreaterThan(hot[1]!);
    expect(hot[1]).toBeGreaterThan(hot[2]!);
    expect(hot.subarray(3).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, places);
  });
});

describe('fitTemperature', () => {
  it('stays within its limits for images that are all right, or all wrong', () => {
    const sure = Float32Array.of(0.9, 0.1, 0.9, 0.1);
    const coldest = fitTemperature(sure, [0, 0], 2);
    expect(coldest).toBeGreaterThanOrEqual(temperatureLimits.minimum);
    expect(coldest).toBeLessThan(0.06);
    expect(fitTemperature(sure, [1, 1], 2)).toBeCloseTo(temperatureLimits.maximum, 6);
  });

  it('finds the temperature that spoilt probabilities which were right on average', () => {
    // 70 % of the images are right at a probability of 0.7, so 1 is best; those of temperature 1/2 need 2.
    const honest = Float32Array.from({ length: 20 }, (_value, index) => (index % 2 === 0 ? 0.7 : 0.3));
    const labels = Uint8Array.from({ length: 10 }, (_value, image) => (image < 7 ? 0 : 1));
    expect(fitTemperature(honest, labels, 2)).toBeCloseTo(1, 5);
    expect(fitTemperature(atTemperature(honest, 2, 0.5), labels, 2)).toBeCloseTo(2, 5);
  });
});
