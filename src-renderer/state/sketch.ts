// What is on the drawing pad: a picture and the strokes over it, as pixels. Nothing here draws on the screen.
import { drawPiece, type Paper } from '../../src-shared/pen.ts';
import type { Raster } from '../../src-shared/preprocessing/raster.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';

/** The longest side of an empty pad. */
const padPixels = 280;

/** What the strokes are drawn on. */
export interface Picture {
  raster: Raster;
  /** Where it comes from; null for an empty pad. */
  name: string | null;
  /** What was done to open it, a sentence each. */
  notes: readonly string[];
  /** Its class, where it is an image of a dataset. */
  className: string | null;
}

/** In pixels of the picture, whose middles are at whole numbers. */
export interface StrokePoint {
  x: number;
  y: number;
  radius: number;
}

export interface Stroke {
  points: readonly StrokePoint[];
  /** The brightness that it leaves, 0 to 255. */
  ink: number;
}

/** Never changed in place: undo goes back to it. */
export interface Sketch {
  picture: Picture;
  strokes: readonly Stroke[];
}

/** A black pad with the proportions of a network's images. */
export function emptySketch({ height, width }: Pick<ImageShape, 'height' | 'width'>): Sketch {
  const scale = padPixels / Math.max(height, width);
  const size = { height: Math.round(height * scale), width: Math.round(width * scale) };
  const raster = { ...size, channels: 1, pixels: new Uint8Array(size.height * size.width) };
  return { picture: { raster, name: null, notes: [], className: null }, strokes: [] };
}

/** Whether there is nothing on it to look at. */
export function isEmpty({ picture, strokes }: Sketch): boolean {
  return picture.name === null && strokes.length === 0;
}

/** Draws one stroke into a raster as it comes, point by point: the same pixels as drawing it at once. */
export class StrokePainter {
  readonly #raster: Raster;
  readonly #before: Uint8Array;
  readonly #paper: Paper;
  readonly #ink: number;
  #last: StrokePoint | null = null;

  /** Changes `raster` in place. */
  constructor(raster: Raster, ink: number) {
    const { height, width, pixels } = raster;
    this.#raster = raster;
    this.#before = pixels.slice();
    this.#paper = { height, width, ink: new Float32Array(height * width) };
    this.#ink = ink;
  }

  extend(point: StrokePoint): void {
    const from = this.#last ?? point;
    this.#last = point;
    const { left, right, top, bottom } = drawPiece(
      this.#paper,
      [from.x, from.y],
      [point.x, point.y],
      from.radius,
      point.radius,
    );
    const { width, channels, pixels } = this.#raster;
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const cover = this.#paper.ink[y * width + x]!;
        const first = (y * width + x) * channels;
        for (let at = first; at < first + channels; at += 1) {
          pixels[at] = Math.round(this.#before[at]! + cover * (this.#ink - this.#before[at]!));
        }
      }
    }
  }
}

/** The sketch as pixels of its own. */
export function paintSketch({ picture, strokes }: Sketch): Raster {
  const raster = { ...picture.raster, pixels: picture.raster.pixels.slice() };
  for (const { points, ink } of strokes) {
    const painter = new StrokePainter(raster, ink);
    for (const point of points) painter.extend(point);
  }
  return raster;
}
