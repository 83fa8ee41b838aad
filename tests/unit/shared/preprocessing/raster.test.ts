import { describe, expect, it } from 'vitest';
import { flattenRgba, inChannels, toGrey } from '../../../../src-shared/preprocessing/raster.ts';
import { limitPixels, mostPixels, resize, resizeToFit } from '../../../../src-shared/preprocessing/resize.ts';

const grey = (width: number, height: number, values: number[]) => ({
  width,
  height,
  channels: 1,
  pixels: Uint8Array.from(values),
});

describe('an image without transparency', () => {
  it('lies on white where dark ink is on a transparent ground, and on black otherwise', () => {
    expect([...flattenRgba([0, 0, 0, 255, 0, 0, 0, 0], 1, 2).pixels]).toEqual([0, 255]);
    expect([...flattenRgba([250, 250, 250, 255, 0, 0, 0, 0], 1, 2).pixels]).toEqual([250, 0]);
    expect([...flattenRgba([0, 0, 0, 255, 0, 0, 0, 51], 1, 2).pixels]).toEqual([0, 204]);
  });

  it('is grey where all its colours are, and keeps them otherwise', () => {
    expect(flattenRgba([7, 7, 7, 255], 1, 1)).toMatchObject({ channels: 1, pixels: Uint8Array.of(7) });
    expect(flattenRgba([7, 8, 9, 255], 1, 1)).toMatchObject({ channels: 3, pixels: Uint8Array.of(7, 8, 9) });
  });

  it('has as many channels as a network takes', () => {
    expect([...inChannels(grey(2, 1, [5, 6]), 3).pixels]).toEqual([5, 5, 5, 6, 6, 6]);
    const colour = { width: 1, height: 1, channels: 3, pixels: Uint8Array.of(0, 100, 0) };
    expect([...toGrey(colour).pixels]).toEqual([59]);
    expect([...inChannels(colour, 1).pixels]).toEqual([59]);
  });
});

describe('an image in another size', () => {
  it('keeps an even image even', () => {
    for (const size of [1, 3, 7, 40]) {
      const even = grey(size, size, new Array<number>(size * size).fill(123));
      expect([...resize(even, 4, 4).pixels]).toEqual(new Array(16).fill(123));
    }
  });

  it('averages when it shrinks, so that the brightness stays', () => {
    const stripes = grey(
      64,
      64,
      Array.from({ length: 64 * 64 }, (_value, at) => (at % 8 === 3 ? 200 : 0)),
    );
    for (const value of resize(stripes, 4, 4).pixels) expect(Math.abs(value - 25)).toBeLessThanOrEqual(2);
  });

  it('treats each channel by itself', () => {
    const colours = { height: 1, width: 2, channels: 3, pixels: Uint8Array.of(0, 10, 20, 100, 110, 120) };
    expect([...resize(colours, 1, 1).pixels]).toEqual([50, 60, 70]);
  });

  it('keeps its proportions to fit, and is never larger than the limit', () => {
    expect(resizeToFit(grey(2, 1, [200, 200]), 4, 4)).toMatchObject({ height: 2, width: 4 });
    const large = grey(3000, 1000, new Array<number>(3_000_000).fill(7));
    const limited = limitPixels(large);
    expect(limited.height * limited.width).toBeLessThanOrEqual(mostPixels);
    expect(limited.width / limited.height).toBeCloseTo(3, 1);
    expect(limitPixels(limited)).toBe(limited);
  });
});
