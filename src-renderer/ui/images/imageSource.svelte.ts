// Images by number, asked for in batches as they come into view, and kept. Grids of thumbnails and single large
// images draw from one source, so that an image is fetched once.

export interface ImageBatch {
  shape: { height: number; width: number; channels: number };
  /** `(count, height, width, channels)`, one byte a value, in the order asked for. */
  pixels: Uint8Array;
}

/** A screen of thumbnails an answer: small enough to arrive at once, large enough that few are needed. */
const imagesPerBatch = 256;
/** Two on their way at a time keep the core busy without queueing what was scrolled past. */
const batchesAtOnce = 2;
/** Wanted images beyond this were scrolled past long ago. */
const longestQueue = 2048;
const cacheLimitBytes = 96 * 1024 * 1024;

export class ImageSource {
  /** Known once the first images are there. */
  shape = $state.raw<ImageBatch['shape'] | null>(null);
  /** Why the last batch could not be fetched; null again once one arrives. */
  failure = $state.raw<unknown>(null);
  /** Goes up with every batch: what reads it looks for its images again. */
  arrivals = $state(0);

  readonly #fetchImages: (indices: number[]) => Promise<ImageBatch>;
  readonly #images = new Map<number, Uint8Array>();
  readonly #onTheirWay = new Set<number>();
  #queue: number[] = [];
  #batchesOnTheirWay = 0;

  constructor(fetchImages: (indices: number[]) => Promise<ImageBatch>) {
    this.#fetchImages = fetchImages;
  }

  /** The image's pixels `(height, width, channels)`; null while they are not here. */
  pixelsOf(index: number): Uint8Array | null {
    return this.#images.get(index) ?? null;
  }

  /** Sees to it that these images arrive, the most urgent first, before whatever was wanted earlier. */
  want(indices: Iterable<number>): void {
    const wanted = new Set<number>();
    for (const index of indices) {
      if (!this.#images.has(index) && !this.#onTheirWay.has(index)) wanted.add(index);
    }
    if (wanted.size > 0) {
      const earlier = this.#queue.filter((index) => !wanted.has(index));
      this.#queue = [...wanted, ...earlier].slice(0, longestQueue);
    }
    this.#fetchNext();
  }

  #fetchNext(): void {
    while (this.#queue.length > 0 && this.#batchesOnTheirWay < batchesAtOnce) {
      const indices = this.#queue.slice(0, imagesPerBatch);
      this.#queue = this.#queue.slice(imagesPerBatch);
      void this.#fetchBatch(indices);
    }
  }

  async #fetchBatch(indices: number[]): Promise<void> {
    this.#batchesOnTheirWay += 1;
    for (const index of indices) this.#onTheirWay.add(index);
    try {
      this.#keep(indices, await this.#fetchImages(indices));
      this.failure = null;
      this.arrivals += 1;
    } catch (error) {
      this.failure = error;
      this.#queue = [];
    }
    for (const index of indices) this.#onTheirWay.delete(index);
    this.#batchesOnTheirWay -= 1;
    this.#fetchNext();
  }

  #keep(indices: readonly number[], { shape, pixels }: ImageBatch): void {
    const imageBytes = shape.height * shape.width * shape.channels;
    this.shape ??= shape;
    indices.forEach((index, place) => {
      this.#images.set(index, pixels.subarray(place * imageBytes, (place + 1) * imageBytes));
    });
    const limit = Math.max(imagesPerBatch, Math.floor(cacheLimitBytes / imageBytes));
    for (const index of this.#images.keys()) {
      if (this.#images.size <= limit) break;
      this.#images.delete(index);
    }
  }
}
