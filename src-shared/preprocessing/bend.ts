// An image shifted, turned and scaled, to see how much of it a network bears.
import { borderBrightness } from './ink.ts';
import type { Raster } from './raster.ts';

export interface Bend {
  /** Pixels to the right and downwards. */
  shiftX: number;
  shiftY: number;
  /** Degrees, clockwise. */
  rotation: number;
  /** 1 leaves the size as it is. */
  scale: number;
}

export type BendName = keyof Bend;

/** What leaves the image as it is. */
export const noBend: Bend = { shiftX: 0, shiftY: 0, rotation: 0, scale: 1 };

/**
 * The image scaled and turned about its middle, then shifted; bilinear between the pixels, and outside of it the
 * brightness of its edge. Returns the same image where nothing is bent.
 */
export function bendImage(image: Raster, { shiftX, shiftY, rotation, scale }: Bend): Raster {
  if (shiftX === 0 && shiftY === 0 && rotation === 0 && scale === 1) return image;
  const { height, width, channels, pixels } = image;
  const ground = borderBrightness(image);
  const middleX = (width - 1) / 2;
  const middleY = (height - 1) / 2;
  const angle = (rotation * Math.PI) / 180;
  // Where each pixel comes from: the way back.
  const cosine = Math.cos(angle) / scale;
  const sine = Math.sin(angle) / scale;
  const bent = new Uint8Array(pixels.length);
  const valueAt = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? ground : pixels[(y * width + x) * channels + channel]!;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const fromX = x - shiftX - middleX;
      const fromY = y - shiftY - middleY;
      const sourceX = cosine * fromX + sine * fromY + middleX;
      const sourceY = -sine * fromX + cosine * fromY + middleY;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const partX = sourceX - left;
      const partY = sourceY - top;
      for (let channel = 0; channel < channels; channel += 1) {
        const upper = valueAt(left, top, channel) * (1 - partX) + valueAt(left + 1, top, channel) * partX;
        const lower =
          valueAt(left, top + 1, channel) * (1 - partX) + valueAt(left + 1, top + 1, channel) * partX;
        bent[(y * width + x) * channels + channel] = Math.round(upper * (1 - partY) + lower * partY);
      }
    }
  }
  return { height, width, channels, pixels: bent };
}

/** The positions of a slider, from `minimum` on in steps. */
export interface BendRange {
  minimum: number;
  maximum: number;
  step: number;
}

/** Images with more pixels are bent in fewer positions: all of them are predicted at once. */
const manyPixels = 64 * 64;

/** How far each slider goes for an image of that size: half of it in each direction, a full turn, a third to twice the size. */
export function bendRange(name: BendName, { height, width }: { height: number; width: number }): BendRange {
  const isLarge = height * width > manyPixels;
  if (name === 'rotation') return { minimum: -180, maximum: 180, step: isLarge ? 15 : 5 };
  if (name === 'scale') return { minimum: 0.3, maximum: 2, step: isLarge ? 0.1 : 0.05 };
  const half = (name === 'shiftX' ? width : height) / 2;
  const step = isLarge ? Math.ceil(half / 14) : half > 14 ? 1 : 0.5;
  const most = Math.floor(half / step) * step;
  return { minimum: -most, maximum: most, step };
}

/** Every position of a slider, without the rounding errors of adding up. */
export function bendPositions({ minimum, maximum, step }: BendRange): number[] {
  const count = Math.round((maximum - minimum) / step) + 1;
  return Array.from({ length: count }, (_, place) => Math.round((minimum + place * step) * 1000) / 1000);
}

/** Where an answer changes, going away from the slider's neutral position in each direction; null where it doesn't. */
export interface Breaks {
  below: number | null;
  above: number | null;
}

/** The nearest positions on both sides of `neutral` at which the answer is not `answer`; `answers` are those at `positions`. */
export function findBreaks(
  positions: readonly number[],
  answers: ArrayLike<number>,
  neutral: number,
  answer: number,
): Breaks {
  const changed = positions.filter((_position, place) => answers[place] !== answer);
  return {
    below: changed.filter((position) => position <= neutral).at(-1) ?? null,
    above: changed.find((position) => position >= neutral) ?? null,
  };
}
