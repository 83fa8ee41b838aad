// No two people write alike: the random map from the glyph's box to the image's pixels.
import type { Random } from '../../../src-shared/random.ts';
import type { Point } from '../../../src-shared/pen.ts';

/** Height and width of the written digit in pixels, before it is distorted. */
const boxPixels = 19;

const rotationRadians = { deviation: 0.16 };
const slant = { mean: 0.12, deviation: 0.16 };
const widthScale = { minimum: 0.62, maximum: 0.98 };
const heightScale = { minimum: 0.84, maximum: 1.08 };
/** Shift of the whole digit, pixels. */
const shiftPixels = { deviation: 1.4 };
/** Waves that bend the paper: their number, height (parts of the box) and how many fit into the box. */
const waves = { count: 3, deviation: 0.036, minimumCycles: 0.4, maximumCycles: 1.3 };

/** A wave that moves points along `(dx, dy)` by how far they lie along `(kx, ky)`. */
interface Wave {
  kx: number;
  ky: number;
  phase: number;
  dx: number;
  dy: number;
}

function randomWave(random: Random): Wave {
  const direction = random.uniform(0, 2 * Math.PI);
  const frequency = 2 * Math.PI * random.uniform(waves.minimumCycles, waves.maximumCycles);
  return {
    kx: frequency * Math.cos(direction),
    ky: frequency * Math.sin(direction),
    phase: random.uniform(0, 2 * Math.PI),
    dx: random.normal(0, waves.deviation),
    dy: random.normal(0, waves.deviation),
  };
}

/**
 * A random map from the glyph's box to pixels of an image of `imagePixels` by `imagePixels`: elastic (a sum of long
 * waves), then affine (width, height, slant, rotation, shift).
 */
export function randomDistortion(random: Random, imagePixels: number): (point: Point) => Point {
  const bends = Array.from({ length: waves.count }, () => randomWave(random));
  const width = boxPixels * random.uniform(widthScale.minimum, widthScale.maximum);
  const height = boxPixels * random.uniform(heightScale.minimum, heightScale.maximum);
  const shear = random.normal(slant.mean, slant.deviation);
  const angle = random.normal(0, rotationRadians.deviation);
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const centreX = (imagePixels - 1) / 2 + random.normal(0, shiftPixels.deviation);
  const centreY = (imagePixels - 1) / 2 + random.normal(0, shiftPixels.deviation);
  return ([x, y]) => {
    let bentX = x - 0.5;
    let bentY = y - 0.5;
    for (const wave of bends) {
      const swing = Math.sin(wave.kx * x + wave.ky * y + wave.phase);
      bentX += wave.dx * swing;
      bentY += wave.dy * swing;
    }
    const alongX = width * bentX - shear * height * bentY;
    const alongY = height * bentY;
    return [centreX + cosine * alongX - sine * alongY, centreY + sine * alongX + cosine * alongY];
  };
}
