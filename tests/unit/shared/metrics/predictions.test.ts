import { describe, expect, it } from 'vitest';
import {
  confidences,
  crossEntropies,
  margins,
  meanResult,
  predictedClasses,
  topAccuracy,
} from '../../../../src-shared/metrics/predictions.ts';

/** Results are kept as float32, with 24 bits: seven places. */
const float32Places = 6;

// Four images, three classes: sure and right, undecided, wrong, impossible.
const probabilities = Float32Array.of(0.7, 0.2, 0.1, 0.4, 0.4, 0.2, 0.25, 0.5, 0.25, 0, 0, 1);
const labels = Uint8Array.of(0, 1, 2, 0);

describe('what probabilities say of each image', () => {
  it('predicts the likeliest class, the first one on a tie', () => {
    expect([...predictedClasses(probabilities, 3)]).toEqual([0, 0, 1, 2]);
  });

  it('is as confident as the predicted class is likely', () => {
    expect([...confidences(probabilities, 3)]).toEqual([...Float32Array.of(0.7, 0.4, 0.5, 1)]);
  });

  it('loses minus the logarithm of the probability of the true class', () => {
    const losses = crossEntropies(probabilities, labels, 3);
    expect(losses[0]).toBeCloseTo(-Math.log(0.7), float32Places);
    expect(losses[1]).toBeCloseTo(-Math.log(0.4), float32Places);
    expect(losses[2]).toBeCloseTo(Math.log(4), float32Places);
  });

  it('has the mean of the losses, and counts who is right', () => {
    const { loss, accuracy } = meanResult(probabilities.subarray(0, 9), labels.subarray(0, 3), 3);
    expect(loss).toBeCloseTo((-Math.log(0.7) - Math.log(0.4) + Math.log(4)) / 3, float32Places);
    expect(accuracy).toBe(1 / 3);
    expect(meanResult([NaN, 0.5], [0], 2).loss).toBeNaN();
  });

  it('keeps the loss of an impossible class finite', () => {
    expect(crossEntropies(probabilities, labels, 3)[3]).toBeCloseTo(126 * Math.LN2, 4);
  });

  it('has a margin above 0 exactly where the true class is the likeliest', () => {
    const differences = margins(probabilities, labels, 3);
    expect(differences[0]).toBeCloseTo(0.5, float32Places);
    expect(differences[1]).toBe(0);
    expect(differences[2]).toBeCloseTo(-0.25, float32Places);
    expect(differences[3]).toBe(-1);
  });
});

describe('topAccuracy', () => {
  it('counts an image whose class is among the likeliest, the first of equally likely ones first', () => {
    const rows = [0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.1, 0.2, 0.7];
    expect(topAccuracy(rows, [1, 1, 0], 3, 1)).toBe(0);
    expect(topAccuracy(rows, [1, 1, 0], 3, 2)).toBeCloseTo(2 / 3, 12);
    expect(topAccuracy(rows, [1, 1, 0], 3, 3)).toBe(1);
    expect(topAccuracy(rows, [0, 0, 2], 3, 1)).toBe(1);
  });

  it('is 0 where there are no images', () => {
    expect(topAccuracy([], [], 3, 2)).toBe(0);
  });
});
