import { describe, expect, it } from 'vitest';
import { keepWithin, orderImages, selectImages } from '../../../../src-shared/metrics/imageSelection.ts';

const labels = Uint8Array.of(0, 0, 1, 1, 2, 2);
const predicted = Uint8Array.of(0, 1, 1, 0, 0, 2);
const everything = { trueClass: null, predictedClass: null, onlyWrong: false };

describe('selectImages', () => {
  it('lets every image through without a filter', () => {
    expect([...selectImages(labels, predicted, everything)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('finds the wrong ones', () => {
    expect([...selectImages(labels, predicted, { ...everything, onlyWrong: true })]).toEqual([1, 3, 4]);
  });

  it('finds the images of one cell of the confusion matrix', () => {
    const cell = { trueClass: 1, predictedClass: 0, onlyWrong: false };
    expect([...selectImages(labels, predicted, cell)]).toEqual([3]);
  });

  it('stacks its conditions', () => {
    const filter = { trueClass: null, predictedClass: 0, onlyWrong: true };
    expect([...selectImages(labels, predicted, filter)]).toEqual([3, 4]);
  });
});

describe('keepWithin', () => {
  it('keeps the positions whose value lies in the range, its ends included', () => {
    const values = Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.5);
    const range = { minimum: 0.25, maximum: 0.5 };
    expect([...keepWithin(Uint32Array.of(5, 4, 2, 1), values, range)]).toEqual([5, 2, 1]);
  });
});

describe('orderImages', () => {
  const positions = Uint32Array.of(1, 2, 4, 5);
  const values = Float32Array.of(9, 0.5, 0.2, 9, 0.9, 0.5);

  it('sorts positions by their value, equal ones by position', () => {
    expect([...orderImages(positions, values, 'ascending')]).toEqual([2, 1, 5, 4]);
    expect([...orderImages(positions, values, 'descending')]).toEqual([4, 1, 5, 2]);
  });

  it('leaves what it was given as it was', () => {
    orderImages(positions, values, 'ascending');
    expect([...positions]).toEqual([1, 2, 4, 5]);
  });
});
