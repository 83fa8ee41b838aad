import { describe, expect, it } from 'vitest';
import { nearestRows } from '../../../src-main/training/nearestNeighbours.ts';
import { Random } from '../../../src-shared/random.ts';

describe('nearestRows', () => {
  it('finds the very rows that sorting all distances gives, nearest first', () => {
    const random = Random.fromSeed(1, 'neighbours');
    const [count, length] = [300, 150];
    const features = Float32Array.from({ length: count * length }, () => random.normal());
    const query = Float32Array.from({ length }, () => random.normal());
    const distances = Array.from({ length: count }, (_value, row) =>
      Math.hypot(...query.map((one, at) => one - features[row * length + at]!)),
    );
    const sorted = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]!);
    const found = nearestRows(features, query, 12);
    expect([...found.rows]).toEqual(sorted.slice(0, 12));
    found.distances.forEach((distance, place) => expect(distance).toBeCloseTo(distances[sorted[place]!]!, 4));
    const without = nearestRows(features, query, 12, sorted[0]);
    expect([...without.rows]).toEqual(sorted.slice(1, 13));
  });

  it('gives the lower row first where distances are equal, and all rows where there are too few', () => {
    const features = Float32Array.of(1, 0, 1, 3);
    expect([...nearestRows(features, Float32Array.of(1), 9).rows]).toEqual([0, 2, 1, 3]);
    expect([...nearestRows(features, Float32Array.of(1), 1).rows]).toEqual([0]);
  });
});
