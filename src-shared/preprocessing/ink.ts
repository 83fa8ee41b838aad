// What is drawn on an image, and on what ground.
import { toGrey, type Raster } from './raster.ts';

/** What differs less from the ground than this part of the strongest ink is noise. */
const faintestInk = 0.15;
/** An image whose brightest and darkest pixels differ less is empty. */
const leastContrast = 8;

export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** The median brightness of the pixels at the image's edge, 0 to 255: what lies behind everything else. */
export function borderBrightness(image: Raster): number {
  const { height, width, pixels } = toGrey(image);
  const values: number[] = [];
  for (let y = 0; y < height; y += 1) {
    const isEdgeRow = y === 0 || y === height - 1;
    for (let x = 0; x < width; x += isEdgeRow ? 1 : Math.max(1, width - 1))
      values.push(pixels[y * width + x]!);
  }
  values.sort((one, other) => one - other);
  return values[values.length >>> 1] ?? 0;
}

export function brightest(pixels: Uint8Array): number {
  let most = 0;
  for (const value of pixels) if (value > most) most = value;
  return most;
}

/** The smallest box around everything that is brighter than the ground; null where nothing is. */
export function inkBox(image: Raster, ground: number): Box | null {
  const { height, width, pixels } = toGrey(image);
  const strongest = brightest(pixels) - ground;
  if (strongest < leastContrast) return null;
  const faintest = ground + faintestInk * strongest;
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[y * width + x]! < faintest) continue;
      top = Math.min(top, y);
      bottom = y;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** The centre of mass of what is brighter than the ground, in pixels from the image's top left corner; null where nothing is. */
export function centreOfMass(image: Raster, ground: number): { x: number; y: number } | null {
  let [mass, x, y] = [0, 0, 0];
  toGrey(image).pixels.forEach((value, pixel) => {
    const ink = Math.max(0, value - ground);
    mass += ink;
    x += ink * ((pixel % image.width) + 0.5);
    y += ink * (Math.floor(pixel / image.width) + 0.5);
  });
  return mass === 0 ? null : { x: x / mass, y: y / mass };
}

/** The part of the image within the box. */
export function cropTo(image: Raster, box: Box): Raster {
  const { channels, pixels, width } = image;
  const cropped = new Uint8Array(box.height * box.width * channels);
  for (let row = 0; row < box.height; row += 1) {
    const start = ((box.top + row) * width + box.left) * channels;
    cropped.set(pixels.subarray(start, start + box.width * channels), row * box.width * channels);
  }
  return { height: box.height, width: box.width, channels, pixels: cropped };
}
