// A small file to try an export with: images, and what the model says of them.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import { encodeNpz } from '../formats/npz.ts';
import type { CheckImages } from './checkImages.ts';

const exampleLimit = 256;

/**
 * The bytes of a NumPy archive: `images` uint8 `(images, height, width)`, or `(images, height, width, channels)` where
 * there are several, `probabilities` float32 `(images, classes)` and, where they are known, `labels` uint8. At most 256
 * images of those that were compared.
 */
export function encodeExamples(
  { height, width, channels }: ImageShape,
  { pixels, indices, labels }: CheckImages,
  probabilities: Float32Array,
): Uint8Array<ArrayBuffer> {
  const count = Math.min(exampleLimit, indices.length);
  const classCount = probabilities.length / indices.length;
  const imageBytes = height * width * channels;
  const images = new Uint8Array(count * imageBytes);
  for (const [place, index] of indices.subarray(0, count).entries()) {
    images.set(pixels.subarray(index * imageBytes, (index + 1) * imageBytes), place * imageBytes);
  }
  const sides = channels === 1 ? [height, width] : [height, width, channels];
  return encodeNpz([
    { name: 'images', dtype: 'uint8', shape: [count, ...sides], data: images },
    {
      name: 'probabilities',
      dtype: 'float32',
      shape: [count, classCount],
      data: probabilities.slice(0, count * classCount),
    },
    ...(labels === null
      ? []
      : [{ name: 'labels', dtype: 'uint8' as const, shape: [count], data: labels.slice(0, count) }]),
  ]);
}
