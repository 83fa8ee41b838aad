// Brings an image of any size to the shape that a network takes.
import { WeftError } from '../../src-shared/failure.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { GreyImage } from './png.ts';

/** For each output value, where its inputs begin and the weights (sum 1) of those that follow. */
interface Tap {
  start: number;
  weights: number[];
}

/**
 * A triangle filter, as wide as a pixel of the smaller of the two sizes: interpolates linearly when it enlarges and
 * averages when it shrinks, so that thin lines don't vanish.
 */
function planTaps(inputLength: number, outputLength: number): Tap[] {
  const scale = inputLength / outputLength;
  const reach = Math.max(scale, 1);
  return Array.from({ length: outputLength }, (_, output) => {
    const centre = (output + 0.5) * scale - 0.5;
    const start = Math.max(0, Math.ceil(centre - reach));
    const end = Math.min(inputLength - 1, Math.floor(centre + reach));
    const weights: number[] = [];
    for (let input = start; input <= end; input += 1) weights.push(1 - Math.abs(input - centre) / reach);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { start, weights: weights.map((weight) => weight / total) };
  });
}

/** `(height, width)` to `(newHeight, newWidth)`, rows first. */
function resize(image: GreyImage, newHeight: number, newWidth: number): GreyImage {
  const { height, width, pixels } = image;
  const narrowed = new Float32Array(height * newWidth);
  planTaps(width, newWidth).forEach(({ start, weights }, x) => {
    for (let y = 0; y < height; y += 1) {
      let sum = 0;
      weights.forEach((weight, tap) => (sum += weight * pixels[y * width + start + tap]!));
      narrowed[y * newWidth + x] = sum;
    }
  });
  const resized = new Uint8Array(newHeight * newWidth);
  planTaps(height, newHeight).forEach(({ start, weights }, y) => {
    for (let x = 0; x < newWidth; x += 1) {
      let sum = 0;
      weights.forEach((weight, tap) => (sum += weight * narrowed[(start + tap) * newWidth + x]!));
      resized[y * newWidth + x] = Math.round(sum);
    }
  });
  return { height: newHeight, width: newWidth, pixels: resized };
}

/**
 * The image's pixels, `(height, width)` of the shape: as large as it fits, its proportions kept, in the middle, with
 * `margin` (0 to 255) around it. Throws `image.wrong-channels` for a shape that isn't grey.
 */
export function fitImage(image: GreyImage, shape: ImageShape, margin = 0): Uint8Array {
  if (shape.channels !== 1) {
    throw new WeftError(
      'image.wrong-channels',
      `The network takes images of ${shape.channels} channels, but this one is grey.`,
    );
  }
  const scale = Math.min(shape.height / image.height, shape.width / image.width);
  const height = Math.max(1, Math.round(image.height * scale));
  const width = Math.max(1, Math.round(image.width * scale));
  const fitted = resize(image, height, width);
  const pixels = new Uint8Array(shape.height * shape.width).fill(margin);
  const top = Math.floor((shape.height - height) / 2);
  const left = Math.floor((shape.width - width) / 2);
  for (let row = 0; row < height; row += 1) {
    pixels.set(fitted.pixels.subarray(row * width, (row + 1) * width), (top + row) * shape.width + left);
  }
  return pixels;
}
