import { describe, expect, it } from 'vitest';
import {
  bendImage,
  bendPositions,
  bendRange,
  findBreaks,
  noBend,
} from '../../../../src-shared/preprocessing/bend.ts';
import type { Raster } from '../../../../src-shared/preprocessing/raster.ts';

const square = (values: number[]): Raster => {
  const side = Math.sqrt(values.length);
  return { height: side, width: side, channels: 1, pixels: Uint8Array.from(values) };
};
// Everything but the edge, which is the ground.
const letter = square([0, 0, 0, 0, 0, 0, 10, 20, 30, 0, 0, 40, 50, 60, 0, 0, 70, 80, 90, 0, 0, 0, 0, 0, 0]);

describe('a bent image', () => {
  it('is the same image where nothing is bent', () => {
    expect(bendImage(letter, noBend)).toBe(letter);
  });

  it('is shifted to the right and downwards by whole pixels without a change of brightness', () => {
    expect([...bendImage(letter, { ...noBend, shiftX: 1, shiftY: -1 }).pixels]).toEqual([
      0, 0, 10, 20, 30, 0, 0, 40, 50, 60, 0, 0, 70, 80, 90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('is halfway between two pixels when it is shifted by half of one', () => {
    const bent = bendImage(letter, { ...noBend, shiftX: 0.5 });
    expect([...bent.pixels.subarray(10, 15)]).toEqual([0, 20, 45, 55, 30]);
  });

  it('is turned clockwise about its middle, exactly by quarters', () => {
    expect([...bendImage(letter, { ...noBend, rotation: 90 }).pixels]).toEqual([
      0, 0, 0, 0, 0, 0, 70, 40, 10, 0, 0, 80, 50, 20, 0, 0, 90, 60, 30, 0, 0, 0, 0, 0, 0,
    ]);
    expect([...bendImage(letter, { ...noBend, rotation: 180 }).pixels]).toEqual([
      ...letter.pixels.toReversed(),
    ]);
  });

  it('is twice as large about its middle: each new pixel lies halfway between old ones', () => {
    const bent = bendImage(letter, { ...noBend, scale: 2 });
    expect([...bent.pixels.subarray(10, 15)]).toEqual([40, 45, 50, 55, 60]);
  });

  it('shows the brightness of the edge where it comes from outside, in every channel', () => {
    const paper: Raster = {
      height: 3,
      width: 3,
      channels: 3,
      pixels: Uint8Array.from({ length: 27 }, (_value, at) => (at === 12 ? 5 : 200)),
    };
    const bent = bendImage(paper, { ...noBend, shiftX: 2 });
    expect(new Set(bent.pixels)).toEqual(new Set([200]));
  });
});

describe('a slider', () => {
  it('goes through its range in steps, its neutral position among them', () => {
    for (const name of ['shiftX', 'shiftY', 'rotation', 'scale'] as const) {
      for (const side of [28, 29, 64, 224]) {
        const range = bendRange(name, { height: side, width: side });
        const positions = bendPositions(range);
        expect(positions[0]).toBe(range.minimum);
        expect(positions.at(-1)).toBe(range.maximum);
        expect(positions).toContain(noBend[name]);
        expect(positions.length).toBeLessThan(80);
      }
    }
  });

  it('breaks at the nearest positions on each side where the answer is another', () => {
    const positions = [-2, -1, 0, 1, 2];
    expect(findBreaks(positions, [4, 7, 7, 7, 1], 0, 7)).toEqual({ below: -2, above: 2 });
    expect(findBreaks(positions, [4, 4, 7, 4, 7], 0, 7)).toEqual({ below: -1, above: 1 });
    expect(findBreaks(positions, [7, 7, 7, 7, 7], 0, 7)).toEqual({ below: null, above: null });
    expect(findBreaks(positions, [7, 7, 1, 7, 7], 0, 7)).toEqual({ below: 0, above: 0 });
  });
});
