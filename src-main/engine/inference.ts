import { WeftError } from '../../src-shared/failure.ts';
import type { Matrix } from './matrix.ts';
import type { Engine } from './threads/engine.ts';

/** What is kept of each image: its class probabilities, or what the output layer made them of. */
export type PredictedNumbers = 'probabilities' | 'hidden';

/**
 * Predicts images in passes, which can be interrupted. Training and saved models both predict through it, so they give
 * the same bits.
 */
export class ImagePrediction {
  /** Float32 `(indices, classes)`, or `(indices, features)`: complete once `continue` has returned true. */
  readonly numbers: Float32Array;
  readonly #source: Matrix;
  readonly #engine: Engine;
  readonly #pixels: Uint8Array;
  readonly #indices: Uint32Array;
  #done = 0;
  /** Images in the pass under way; 0 between passes. */
  #rows = 0;

  constructor(
    engine: Engine,
    pixels: Uint8Array,
    indices: Uint32Array,
    kept: PredictedNumbers = 'probabilities',
  ) {
    this.#engine = engine;
    this.#pixels = pixels;
    this.#indices = indices;
    this.#source = engine.plan[kept];
    this.numbers = new Float32Array(indices.length * this.#source.columns);
  }

  /** Goes on until all images are done or the clock has passed `untilMs`; whether they are. Throws `images.missing`. */
  continue(untilMs: number): boolean {
    while (this.#done < this.#indices.length) {
      if (this.#rows === 0) {
        this.#rows = this.#stage();
        const batch = { rows: this.#rows, first: 0, startsSum: true, scale: 0, noise: 0 };
        this.#engine.startPass('predict', batch);
      }
      if (!this.#engine.continuePass(untilMs)) return false;
      this.#collect();
    }
    return true;
  }

  /** Copies the images of the next pass to where it reads them; how many they are. */
  #stage(): number {
    const { staged, probabilities } = this.#engine.plan;
    const imageBytes = staged.length / probabilities.rows;
    const count = Math.min(probabilities.rows, this.#indices.length - this.#done);
    for (let row = 0; row < count; row += 1) {
      const index = this.#indices[this.#done + row]!;
      const image = this.#pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
      if (image.length < imageBytes) {
        throw new WeftError('images.missing', `There is no image ${index} of ${imageBytes} bytes.`);
      }
      staged.data.set(image, row * imageBytes);
    }
    return count;
  }

  #collect(): void {
    const { data, first, stride, columns } = this.#source;
    for (let row = 0; row < this.#rows; row += 1) {
      const values = data.subarray(first + row * stride, first + row * stride + columns);
      this.numbers.set(values, (this.#done + row) * columns);
    }
    this.#done += this.#rows;
    this.#rows = 0;
  }
}
