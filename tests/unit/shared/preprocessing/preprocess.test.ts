import { describe, expect, it } from 'vitest';
import { asItIs, suitablePreprocessing, whySuitable } from '../../../../src-shared/preprocessing/options.ts';
import { preprocess } from '../../../../src-shared/preprocessing/preprocess.ts';
import type { Raster } from '../../../../src-shared/preprocessing/raster.ts';

const shape = { height: 28, width: 28, channels: 1 };
/** The ink is moved by whole pixels. */
const halfAPixel = 0.5;

/** A grey image whose pixels are given by a function. */
function draw(width: number, height: number, valueAt: (x: number, y: number) => number): Raster {
  const pixels = Uint8Array.from({ length: width * height }, (_value, at) =>
    valueAt(at % width, Math.floor(at / width)),
  );
  return { width, height, channels: 1, pixels };
}

/** An L of light ink on a dark ground: heavy at its foot. */
const letter = draw(280, 280, (x, y) =>
  (x >= 60 && x < 84 && y >= 40 && y < 200) || (x >= 60 && x < 180 && y >= 176 && y < 200) ? 255 : 0,
);

const valueAt = ({ pixels, width }: Raster, x: number, y: number): number => pixels[y * width + x]!;

/** The mean place of the ink, by summing up rows and columns: pixels count from their top left corner. */
function balance(image: Raster): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  for (let row = 0; row < image.height; row += 1) {
    for (let column = 0; column < image.width; column += 1) {
      const ink = valueAt(image, column, row);
      mass += ink;
      x += ink * (column + 0.5);
      y += ink * (row + 0.5);
    }
  }
  return { x: x / mass, y: y / mass };
}

const inkyRows = (image: Raster): number[] =>
  Array.from({ length: image.height }, (_value, y) => y).filter((y) =>
    Array.from({ length: image.width }, (_value, x) => valueAt(image, x, y)).some((value) => value > 0),
  );

const digits = suitablePreprocessing('mnist', letter, shape);
const clothes = suitablePreprocessing('fashion-mnist', letter, shape);

describe('an image made like the images of a data set', () => {
  it('is 20 pixels high, its centre of mass in the middle, as MNIST’s digits are', () => {
    const { image } = preprocess(letter, digits, shape);
    expect(image).toMatchObject(shape);
    expect(inkyRows(image)).toHaveLength(20);
    const { x, y } = balance(image);
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(halfAPixel);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(halfAPixel);
  });

  it('fills all 28 rows, the box in the middle, as Fashion-MNIST’s pictures do', () => {
    const { image } = preprocess(letter, clothes, shape);
    expect(inkyRows(image)).toHaveLength(28);
    // 120 x 160 pixels become 21 x 28.
    expect([2, 3, 23, 24].map((x) => valueAt(image, x, 27) > 0)).toEqual([false, true, true, false]);
  });

  it('is the same for dark ink on light paper, which is inverted, and the edge says why', () => {
    const paper = { ...letter, pixels: letter.pixels.map((value) => 255 - value) };
    const { image, steps } = preprocess(paper, digits, shape);
    expect(image).toEqual(preprocess(letter, digits, shape).image);
    expect(steps.find(({ id }) => id === 'invert')).toMatchObject({
      isApplied: true,
      reason: 'The edge is light (255 of 255): inverted.',
    });
  });

  it('has a black ground and white ink though the photograph is flat and its paper grey', () => {
    const photograph = { ...letter, pixels: letter.pixels.map((value) => 180 - value / 3) };
    const { image, steps } = preprocess(photograph, digits, shape);
    expect(steps.find(({ id }) => id === 'stretch')?.reason).toBe('75 becomes black, 160 white.');
    expect(image).toEqual(preprocess(letter, digits, shape).image);
  });

  it('is untouched where it has the size that the network takes, and only fitted for a data set that is not known', () => {
    const own = draw(28, 28, (x, y) => (x * 9 + y * 5) % 256);
    expect(suitablePreprocessing('mnist', own, shape)).toBe(asItIs);
    expect(preprocess(own, asItIs, shape).image).toEqual(own);
    expect(suitablePreprocessing('my-photographs', letter, shape)).toBe(asItIs);
    expect(whySuitable('mnist', own, shape)).toMatch(/as it is/);
    expect(whySuitable('mnist', letter, shape)).toMatch(/made like those/);
    expect(whySuitable('my-photographs', letter, shape)).toMatch(/only fitted/);
    const half = preprocess(
      draw(56, 56, (x) => (x < 28 ? 0 : 200)),
      asItIs,
      shape,
    ).image;
    expect([0, 12, 15, 27].map((x) => valueAt(half, x, 9))).toEqual([0, 0, 200, 200]);
  });

  it('keeps its proportions, and what is left is of the brightness of its edge', () => {
    const wide = draw(40, 20, (x, y) => (x === 20 && y === 10 ? 0 : 90));
    const { image } = preprocess(wide, asItIs, { height: 10, width: 10, channels: 1 });
    expect(image.pixels.filter((value) => value === 90).length).toBeGreaterThanOrEqual(90);
  });

  it('is black where nothing is drawn, whatever is switched on', () => {
    const { image, steps } = preprocess(
      draw(280, 280, () => 0),
      digits,
      shape,
    );
    expect(image.pixels).toEqual(new Uint8Array(784));
    expect(steps.find(({ id }) => id === 'crop')?.reason).toBe('There is nothing to crop to.');
  });
});

describe('a step of preprocessing', () => {
  it('can be switched off alone, and its picture is then that of the step before', () => {
    for (const id of ['stretch', 'crop'] as const) {
      const { steps } = preprocess(letter, { ...digits, [id]: false }, shape);
      const place = steps.findIndex((step) => step.id === id);
      expect(steps[place]).toMatchObject({ isApplied: false });
      expect(steps[place]!.image).toBe(steps[place - 1]!.image);
    }
  });

  it('crops to the ink', () => {
    const { steps } = preprocess(letter, digits, shape);
    expect(steps.find(({ id }) => id === 'crop')).toMatchObject({
      image: { width: 120, height: 160 },
      reason: '280 × 280 to 120 × 160 pixels.',
    });
  });

  it('makes colours grey by their brightness, or keeps them for a network that takes three channels', () => {
    const red: Raster = { width: 1, height: 1, channels: 3, pixels: Uint8Array.of(200, 0, 0) };
    const one = { height: 1, width: 1, channels: 1 };
    expect([...preprocess(red, asItIs, one).image.pixels]).toEqual([60]);
    expect([...preprocess(red, asItIs, { ...one, channels: 3 }).image.pixels]).toEqual([200, 0, 0]);
    const grey = preprocess(red, { ...asItIs, grey: true }, { ...one, channels: 3 }).image;
    expect([...grey.pixels]).toEqual([60, 60, 60]);
  });

  it('says what is cut off when the centre of mass is far from the middle', () => {
    const tail = draw(100, 100, (x, y) => (x < 20 || (y === 50 && x < 90) ? 255 : 0));
    const { steps } = preprocess(tail, { ...digits, margin: false }, shape);
    expect(steps.find(({ id }) => id === 'centre')?.reason).toMatch(/cut off/);
  });
});
