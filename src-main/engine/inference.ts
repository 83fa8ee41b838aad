import { WeftError } from '../../src-shared/failure.ts';
import type { Engine } from './threads/engine.ts';

/**
 * The class probabilities `(indices, classes)` of the images at the indices, computed pass by pass. Training and saved
 * models both predict through it, so they give the same bits.
 */
export function predictImages(engine: Engine, pixels: Uint8Array, indices: Uint32Array): Float32Array {
  const { staged, probabilities } = engine.plan;
  const { rows, columns: classCount, stride } = probabilities;
  const imageBytes = staged.length / rows;
  const results = new Float32Array(indices.length * classCount);
  for (let start = 0; start < indices.length; start += rows) {
    const count = Math.min(rows, indices.length - start);
    for (let row = 0; row < count; row += 1) {
      const first = indices[start + row]! * imageBytes;
      const image = pixels.subarray(first, first + imageBytes);
      if (image.length < imageBytes) {
        throw new WeftError(
          'images.missing',
          `There is no image ${indices[start + row]} of ${imageBytes} bytes.`,
        );
      }
      staged.data.set(image, row * imageBytes);
    }
    engine.runPass('predict', { rows: count, first: 0, startsSum: true, scale: 0 });
    for (let row = 0; row < count; row += 1) {
      const values = probabilities.data.subarray(row * stride, row * stride + classCount);
      results.set(values, (start + row) * classCount);
    }
  }
  return results;
}
