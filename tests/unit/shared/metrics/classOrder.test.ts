import { describe, expect, it } from 'vitest';
import {
  classSimilarities,
  orderBySimilarity,
  rearrange,
} from '../../../../src-shared/metrics/classOrder.ts';

// Classes 0 and 3 are mixed up, classes 1 and 4 likewise, and 2 now and then with 4.
const matrix = [
  [80, 0, 0, 20, 0],
  [0, 90, 0, 0, 10],
  [0, 0, 97, 0, 3],
  [30, 0, 0, 70, 0],
  [0, 8, 1, 0, 91],
];
const distanceIn = (order: readonly number[], one: number, other: number): number =>
  Math.abs(order.indexOf(one) - order.indexOf(other));

describe('classSimilarities', () => {
  it('is the mean share in which two classes are taken for each other, whichever way', () => {
    const similarities = classSimilarities(matrix);
    expect(similarities[0]![3]).toBeCloseTo((0.2 + 0.3) / 2, 12);
    expect(similarities[3]![0]).toBe(similarities[0]![3]);
    expect(similarities[0]![0]).toBe(0);
  });

  it('is 0 where a class never occurs', () => {
    expect(
      classSimilarities([
        [0, 0],
        [0, 4],
      ]),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('orderBySimilarity', () => {
  it('puts classes that are mixed up side by side, and turns pairs so that like ends meet', () => {
    const order = orderBySimilarity(matrix);
    expect(order.toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(distanceIn(order, 0, 3)).toBe(1);
    expect(distanceIn(order, 1, 4)).toBe(1);
    expect(distanceIn(order, 2, 4)).toBe(1);
    expect(order.indexOf(0)).toBeLessThan(2.5);
  });

  it('keeps every class of a matrix without any confusion', () => {
    expect(
      orderBySimilarity([
        [3, 0],
        [0, 4],
      ]).toSorted(),
    ).toEqual([0, 1]);
    expect(orderBySimilarity([])).toEqual([]);
  });
});

describe('rearrange', () => {
  it('moves rows and columns alike', () => {
    expect(
      rearrange(
        [
          [1, 2],
          [3, 4],
        ],
        [1, 0],
      ),
    ).toEqual([
      [4, 3],
      [2, 1],
    ]);
  });
});
