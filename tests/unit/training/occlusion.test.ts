import { describe, expect, it } from 'vitest';
import { coverPatches, leadOf, patchGridOf, spreadPatches } from '../../../src-main/training/occlusion.ts';

describe('occlusion', () => {
  it('covers a patch about every pixel of a small image, and about fewer of a large one', () => {
    expect(patchGridOf({ height: 28, width: 28, channels: 1 })).toEqual({
      patch: 5,
      stride: 1,
      rows: 28,
      columns: 28,
    });
    const { rows, columns, stride } = patchGridOf({ height: 200, width: 100, channels: 3 });
    expect(rows * columns).toBeLessThanOrEqual(1024);
    expect(rows * stride).toBeGreaterThanOrEqual(200);
  });

  it('makes exactly the patch black, in every channel, cut off at the edges', () => {
    const shape = { height: 4, width: 5, channels: 2 };
    const pixels = new Uint8Array(40).fill(9);
    const grid = { patch: 3, stride: 1, rows: 4, columns: 5 };
    const covered = coverPatches(pixels, shape, grid);
    const blackIn = (place: number): number[] =>
      [...covered.subarray(place * 40, (place + 1) * 40)].flatMap((value, at) => (value === 0 ? [at] : []));
    expect(blackIn(0)).toEqual([0, 1, 2, 3, 10, 11, 12, 13]);
    expect(blackIn(1 * 5 + 2)).toHaveLength(9 * 2);
    expect(blackIn(3 * 5 + 4)).toEqual([26, 27, 28, 29, 36, 37, 38, 39]);
  });

  it('gives each pixel the value of the patch that is nearest', () => {
    const grid = { patch: 3, stride: 2, rows: 1, columns: 2 };
    expect([...spreadPatches([1, 2], { height: 1, width: 4, channels: 1 }, grid)]).toEqual([1, 2, 2, 2]);
  });

  it('takes the lead of a class over another from their probabilities, finite even for 0', () => {
    expect(leadOf([0, 0.8, 0.2], 0, 1, 2)).toBeCloseTo(Math.log(4), 12);
    expect(Number.isFinite(leadOf([0, 1], 0, 0, 1))).toBe(true);
  });
});
