import { describe, expect, it } from 'vitest';
import {
  countImages,
  countsByPredictedClass,
  countsByTrueClass,
} from '../../../../../src-renderer/screens/errors/classCounts.ts';
import { formatProbability } from '../../../../../src-renderer/screens/errors/formatProbability.ts';
import { confusionMatrix } from '../../../../../src-shared/metrics/confusion.ts';
import { selectImages } from '../../../../../src-shared/metrics/imageSelection.ts';

const labels = Uint8Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2);
const predicted = Uint8Array.of(0, 1, 1, 1, 0, 2, 0, 0, 1);
const matrix = confusionMatrix(labels, predicted, 3);
const choices = [null, 0, 1, 2];

describe('counts beside the choices of classes', () => {
  it('are those of the images that the same filter lists', () => {
    for (const trueClass of choices) {
      for (const predictedClass of choices) {
        for (const onlyWrong of [true, false]) {
          const filter = { trueClass, predictedClass, onlyWrong };
          expect(countImages(matrix, filter)).toBe(selectImages(labels, predicted, filter).length);
        }
      }
    }
  });

  it('say what each choice would list', () => {
    const filter = { trueClass: 1, predictedClass: 0, onlyWrong: true };
    expect(countsByTrueClass(matrix, filter)).toEqual([0, 1, 2]);
    expect(countsByPredictedClass(matrix, { ...filter, trueClass: 2 })).toEqual([2, 1, 0]);
  });
});

describe('formatProbability', () => {
  it('never shows something as nothing', () => {
    expect(formatProbability(0.98214)).toBe('98.21 %');
    expect(formatProbability(0.00001)).toBe('< 0.01 %');
    expect(formatProbability(0)).toBe('0.00 %');
  });
});
