// What the model sees in the image that Errors shows large: asked for once the person stays at an image, and kept for
// the images looked at last.
import { SvelteMap } from 'svelte/reactivity';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { Inspection } from '../../src-shared/schemas/inspection.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import { app } from './app.svelte.ts';
import { modelKey } from './modelKey.ts';

/** An image, looked at with a model whose weights are of that version. */
export interface InspectedImage {
  model: ModelReference;
  weightsVersion: string;
  datasetId: string;
  split: Split;
  index: number;
}

/** How the pixels bear on the lead of one class over another; arrays are `(height, width)`. */
export interface PixelFindings {
  forClass: number;
  againstClass: number;
  gradient: Float32Array;
  occlusion: Float32Array;
  occlusionPatch: number;
  layers: { label: string; shape: readonly number[]; values: Float32Array }[];
}

export interface SimilarImage {
  index: number;
  label: number;
  distance: number;
}

export interface SimilarImages {
  images: SimilarImage[];
  compared: number;
  features: number;
  searchMs: number;
}

/** What is known of an answer: it is on its way, here, or won't come. */
export type Answer<T> =
  { state: 'loading' } | { state: 'here'; value: T } | { state: 'failed'; error: unknown };

export const similarImagesShown = 10;
const imagesKept = 40;
/** Who goes on faster than this is not looking. */
const pauseMs = 120;

/** Sums the channels of each pixel: a pixel gets brighter in all of them. */
function overChannels(values: Float32Array, channels: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_value, pixel) =>
    values.subarray(pixel * channels, (pixel + 1) * channels).reduce((sum, one) => sum + one, 0),
  );
}

const keyOf = ({ model, weightsVersion, datasetId, split, index }: InspectedImage): string =>
  [modelKey(model), weightsVersion, datasetId, split, index].join(' ');

/** Answers by image; the one asked for last is the one that is waited for. */
class Answers<T> {
  readonly #answers = new SvelteMap<string, Answer<T>>();
  readonly #ask: (image: InspectedImage) => Promise<T>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (image: InspectedImage) => Promise<T>) {
    this.#ask = ask;
  }

  of(image: InspectedImage): Answer<T> {
    return this.#answers.get(keyOf(image)) ?? { state: 'loading' };
  }

  /** Sees to it that the answer comes, once the person stays at the image. Returns what calls it off. */
  want(image: InspectedImage): () => void {
    const key = keyOf(image);
    const known = this.#answers.get(key);
    clearTimeout(this.#timer);
    if (known !== undefined && known.state !== 'failed') return () => undefined;
    this.#timer = setTimeout(() => void this.#fetch(key, image), pauseMs);
    return () => clearTimeout(this.#timer);
  }

  async #fetch(key: string, image: InspectedImage): Promise<void> {
    this.#keep(key, { state: 'loading' });
    try {
      this.#keep(key, { state: 'here', value: await this.#ask(image) });
    } catch (error) {
      this.#keep(key, { state: 'failed', error });
    }
  }

  #keep(key: string, answer: Answer<T>): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= imagesKept) break;
      this.#answers.delete(oldest);
    }
  }
}

/** What the core found, with one number a pixel. */
export function findingsOf(found: Inspection): PixelFindings {
  return {
    forClass: found.forClass,
    againstClass: found.againstClass,
    gradient: overChannels(float32Of(found.gradient), found.shape.channels),
    occlusion: float32Of(found.occlusion),
    occlusionPatch: found.occlusionPatch,
    layers: found.layers.map((layer) => ({ ...layer, values: float32Of(layer.values) })),
  };
}

export const pixelFindings = new Answers<PixelFindings>(async ({ model, datasetId, split, index }) =>
  findingsOf(await app.client.call('model.inspect', { model, datasetId, split, index })),
);

export const similarImages = new Answers<SimilarImages>(async ({ model, datasetId, split, index }) => {
  const order = { model, datasetId, split, index, count: similarImagesShown };
  const found = await app.client.call('model.findNeighbours', order);
  const distances = float32Of(found.distances);
  const images = Array.from(uint32Of(found.indices), (image, place) => ({
    index: image,
    label: found.labels[place] ?? 0,
    distance: distances[place] ?? 0,
  }));
  return { images, compared: found.compared, features: found.features, searchMs: found.searchMs };
});
