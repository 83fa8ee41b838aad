import { beforeEach, describe, expect, it, vi } from 'vitest';

// Runes are compiled away in the page's build; here plain values do.
vi.stubGlobal(
  '$state',
  Object.assign((value: unknown) => value, { raw: (value: unknown) => value }),
);
const { pad } = await import('../../../../src-renderer/state/pad.svelte.ts');

const shape = { height: 28, width: 28 };
const picture = {
  raster: { height: 8, width: 8, channels: 1, pixels: new Uint8Array(64).fill(50) },
  name: 'eight.png',
  notes: [],
  className: null,
};

function draw(x: number): void {
  pad.begin(x, 100, 1);
  pad.extend(x + 40, 100, 1);
  pad.end();
}
const inked = (): number => pad.raster.pixels.filter((value) => value > 127).length;

describe('the drawing pad', () => {
  beforeEach(() => {
    while (pad.canUndo) pad.undo();
    pad.suit(shape);
  });

  it('goes back stroke by stroke, and forth again', () => {
    draw(40);
    const one = inked();
    draw(180);
    expect(inked()).toBeGreaterThan(one);
    pad.undo();
    expect(inked()).toBe(one);
    pad.redo();
    expect(inked()).toBeGreaterThan(one);
    pad.undo();
    pad.undo();
    expect([inked(), pad.isEmpty, pad.canUndo]).toEqual([0, true, false]);
  });

  it('brings the drawing back when a picture or an empty pad took its place', () => {
    draw(40);
    const one = inked();
    pad.show(picture);
    expect(pad.raster.pixels).toEqual(picture.raster.pixels);
    pad.clear(shape);
    expect(pad.isEmpty).toBe(true);
    pad.undo();
    expect(pad.picture.name).toBe('eight.png');
    pad.undo();
    expect(inked()).toBe(one);
  });

  it('never changes a picture that is drawn on', () => {
    pad.show(picture);
    pad.begin(4, 4, 1);
    pad.end();
    expect(pad.raster.pixels).not.toEqual(picture.raster.pixels);
    expect(picture.raster.pixels.every((value) => value === 50)).toBe(true);
  });

  it('draws thinner with less pressure', () => {
    pad.begin(100, 100, 0.5);
    pad.end();
    const light = inked();
    pad.undo();
    pad.begin(100, 100, 1);
    pad.end();
    expect(inked()).toBeGreaterThan(3 * light);
  });

  it('takes the proportions of another network’s images as long as it is empty', () => {
    pad.suit({ height: 20, width: 40 });
    expect(pad.raster).toMatchObject({ height: 140, width: 280 });
    draw(40);
    pad.suit(shape);
    expect(pad.raster).toMatchObject({ height: 140, width: 280 });
  });
});
