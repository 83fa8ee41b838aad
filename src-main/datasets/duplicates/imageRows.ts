// The images of both splits as rows of one list, training images first: what is compared with one another.
import type { DatasetContent } from '../types.ts';

export class ImageRows {
  readonly trainCount: number;
  readonly count: number;
  /** Bytes of an image. */
  readonly width: number;
  readonly #train: Uint8Array;
  readonly #test: Uint8Array;

  constructor({ train, test, shape }: DatasetContent) {
    this.trainCount = train.labels.length;
    this.count = this.trainCount + test.labels.length;
    this.width = shape.height * shape.width * shape.channels;
    this.#train = train.pixels;
    this.#test = test.pixels;
  }

  row(image: number): Uint8Array {
    const isTrain = image < this.trainCount;
    const start = (isTrain ? image : image - this.trainCount) * this.width;
    return (isTrain ? this.#train : this.#test).subarray(start, start + this.width);
  }
}
