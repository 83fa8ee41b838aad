// Images in another size.
import type { Raster } from './raster.ts';

/** Larger images are made smaller before anything else is done to them: a network sees far less of them. */
export const mostPixels = 400_000;

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

/** The image in `(height, width)`, its proportions not kept; as it is where it has that size. */
export function resize(image: Raster, height: number, width: number): Raster {
  const { channels, pixels } = image;
  if (image.height === height && image.width === width) return image;
  const narrowed = new Float32Array(image.height * width * channels);
  planTaps(image.width, width).forEach(({ start, weights }, x) => {
    for (let y = 0; y < image.height; y += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let from = (y * image.width + start) * channels + channel;
        let sum = 0;
        for (const weight of weights) {
          sum += weight * pixels[from]!;
          from += channels;
        }
        narrowed[(y * width + x) * channels + channel] = sum;
      }
    }
  });
  const rowValues = width * channels;
  const resized = new Uint8Array(height * rowValues);
  planTaps(image.height, height).forEach(({ start, weights }, y) => {
    for (let value = 0; value < rowValues; value += 1) {
      let from = start * rowValues + value;
      let sum = 0;
      for (const weight of weights) {
        sum += weight * narrowed[from]!;
        from += rowValues;
      }
      resized[y * rowValues + value] = Math.round(sum);
    }
  });
  return { height, width, channels, pixels: resized };
}

/** The image as large as it fits into `(height, width)`, its proportions kept. */
export function resizeToFit(image: Raster, height: number, width: number): Raster {
  const scale = Math.min(height / image.height, width / image.width);
  return resize(
    image,
    Math.max(1, Math.round(image.height * scale)),
    Math.max(1, Math.round(image.width * scale)),
  );
}

/** The image, made smaller if it has more than `mostPixels`. */
export function limitPixels(image: Raster): Raster {
  const scale = Math.sqrt(mostPixels / (image.height * image.width));
  if (scale >= 1) return image;
  return resize(
    image,
    Math.max(1, Math.floor(image.height * scale)),
    Math.max(1, Math.floor(image.width * scale)),
  );
}
