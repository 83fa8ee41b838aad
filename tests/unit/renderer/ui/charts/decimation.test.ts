import { describe, expect, it } from 'vitest';
import { decimate, lowerBound, nearestIndex } from '../../../../../src-renderer/ui/charts/decimation.ts';
import { Random } from '../../../../../src-shared/random.ts';

const noise = (count: number): { x: Float64Array; y: Float64Array } => {
  const random = Random.fromSeed(1, 'decimation test');
  return {
    x: Float64Array.from({ length: count }, (_, index) => index / 100),
    y: Float64Array.from({ length: count }, () => random.normal()),
  };
};

describe('decimate', () => {
  it('hands on every point while there are at most two for each column', () => {
    const points = decimate([0, 1, 2, 3], [5, 6, 7, 8], { minimum: 0, maximum: 3 }, 2);
    expect(points).toEqual([
      { x: 0, y: 5 },
      { x: 1, y: 6 },
      { x: 2, y: 7 },
      { x: 3, y: 8 },
    ]);
  });

  it('keeps the lowest and the highest value of every column of 100,000 points', () => {
    const { x, y } = noise(100_000);
    const columns = 250;
    const points = decimate(x, y, { minimum: 0, maximum: 1000 }, columns);
    expect(points.length).toBe(2 * columns);
    for (let column = 0; column < columns; column += 1) {
      const inColumn = y.subarray(column * 400, (column + 1) * 400);
      const drawn = [points[2 * column]!.y, points[2 * column + 1]!.y];
      expect(Math.min(...drawn)).toBe(Math.min(...inColumn));
      expect(Math.max(...drawn)).toBe(Math.max(...inColumn));
    }
  });

  it('gives points in the order of x', () => {
    const { x, y } = noise(5000);
    const drawn = decimate(x, y, { minimum: 3, maximum: 40 }, 90).map((point) => point.x);
    expect(drawn).toEqual(drawn.toSorted((one, other) => one - other));
  });

  it('leaves out what lies outside the range and what is not finite', () => {
    const points = decimate([0, 1, 2, 3, 4], [1, NaN, 3, Infinity, 5], { minimum: 1, maximum: 4 }, 100);
    expect(points).toEqual([
      { x: 2, y: 3 },
      { x: 4, y: 5 },
    ]);
  });

  it('draws a column of equal values as one point', () => {
    const points = decimate(
      Array.from({ length: 100 }, (_, index) => index),
      Array.from({ length: 100 }, () => 7),
      { minimum: 0, maximum: 99 },
      10,
    );
    expect(points.length).toBe(10);
  });
});

describe('positions in ascending numbers', () => {
  it('finds the first that reaches a limit', () => {
    expect(lowerBound([1, 3, 3, 5], 3)).toBe(1);
    expect(lowerBound([1, 3, 3, 5], 6)).toBe(4);
    expect(lowerBound([], 1)).toBe(0);
  });

  it('finds the nearest, from outside the ends too', () => {
    expect(nearestIndex([1, 2, 4], 2.9)).toBe(1);
    expect(nearestIndex([1, 2, 4], 3.1)).toBe(2);
    expect(nearestIndex([1, 2, 4], -5)).toBe(0);
    expect(nearestIndex([1, 2, 4], 9)).toBe(2);
    expect(nearestIndex([], 1)).toBe(-1);
  });
});
