import { describe, expect, it } from 'vitest';
import {
  emptySketch,
  isEmpty,
  paintSketch,
  StrokePainter,
  type Sketch,
} from '../../../../src-renderer/state/sketch.ts';

const empty = emptySketch({ height: 28, width: 28 });
const line = {
  ink: 255,
  points: [
    { x: 50, y: 140, radius: 12 },
    { x: 230, y: 140, radius: 12 },
  ],
};
const withStrokes = (...strokes: Sketch['strokes']): Sketch => ({ ...empty, strokes });

describe('a sketch', () => {
  it('has the proportions of the network’s images and is black', () => {
    expect(emptySketch({ height: 20, width: 40 }).picture.raster).toMatchObject({ height: 140, width: 280 });
    expect(isEmpty(empty)).toBe(true);
    expect(paintSketch(empty).pixels.every((value) => value === 0)).toBe(true);
  });

  it('shows a stroke as wide as the pen and no wider, with round ends', () => {
    const { pixels, width } = paintSketch(withStrokes(line));
    const column = (x: number): number[] =>
      Array.from({ length: 280 }, (_value, y) => y).filter((y) => pixels[y * width + x]! > 127);
    expect([column(140)[0], column(140).at(-1)]).toEqual([128, 152]);
    expect([column(40).length > 0, column(36).length]).toEqual([true, 0]);
    expect(isEmpty(withStrokes(line))).toBe(false);
  });

  it('is the same whether a stroke comes point by point or at once', () => {
    const raster = paintSketch(empty);
    const painter = new StrokePainter(raster, 255);
    for (const point of line.points) painter.extend(point);
    expect(raster).toEqual(paintSketch(withStrokes(line)));
  });

  it('is not brighter where a stroke crosses itself, and dark ink takes light ink away', () => {
    const back = { ...line, points: [...line.points, ...line.points.toReversed()] };
    expect(paintSketch(withStrokes(back))).toEqual(paintSketch(withStrokes(line)));
    const wider = { ink: 0, points: line.points.map((point) => ({ ...point, radius: 14 })) };
    expect(paintSketch(withStrokes(line, wider)).pixels.every((value) => value === 0)).toBe(true);
  });

  it('draws in every channel of a picture in colour, which itself never changes', () => {
    const raster = { height: 4, width: 4, channels: 3, pixels: new Uint8Array(48).fill(9) };
    const sketch: Sketch = {
      picture: { raster, name: 'a.png', notes: [], className: null },
      strokes: [{ ink: 255, points: [{ x: 1, y: 1, radius: 1 }] }],
    };
    expect([...paintSketch(sketch).pixels.subarray(15, 18)]).toEqual([255, 255, 255]);
    expect(raster.pixels.every((value) => value === 9)).toBe(true);
  });
});
