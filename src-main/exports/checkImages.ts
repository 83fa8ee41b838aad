// The images that an export is compared on.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { ExportCheck } from '../../src-shared/schemas/export.ts';
import { Random } from '../../src-shared/random.ts';

export interface CheckImages {
  source: ExportCheck['source'];
  /** `(…, height, width, channels)` bytes, of which the images at the indices count. */
  pixels: Uint8Array;
  indices: Uint32Array;
  /** One byte for each index; null where nobody knows what the images show. */
  labels: Uint8Array | null;
}

/** As many as are compared where no held-out images are at hand. */
const drawnCount = 256;
const seed = 1;
const brightest = 255;

/**
 * Pictures where there are no held-out images: in each, noise between two shades that differ from picture to picture,
 * so that some are dark, some bright, some full of contrast. The same ones every time.
 */
export function drawCheckImages({ height, width, channels }: ImageShape): CheckImages {
  const random = Random.fromSeed(seed, 'check images');
  const imageBytes = height * width * channels;
  const pixels = new Uint8Array(drawnCount * imageBytes);
  for (let image = 0; image < drawnCount; image += 1) {
    const shades = [random.below(brightest + 1), random.below(brightest + 1)].sort((a, b) => a - b);
    const [darkest = 0, lightest = brightest] = shades;
    for (let place = 0; place < imageBytes; place += 1) {
      pixels[image * imageBytes + place] = darkest + random.below(lightest - darkest + 1);
    }
  }
  return {
    source: 'drawn',
    pixels,
    indices: Uint32Array.from({ length: drawnCount }, (_value, index) => index),
    labels: null,
  };
}
