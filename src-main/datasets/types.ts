// What a dataset is once it is in memory.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';

/** `pixels` is `(images, height, width, channels)` bytes, 0 black to 255 white; `labels` one class index an image. */
export interface DatasetImages {
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** The images of both splits. */
export interface DatasetContent {
  shape: ImageShape;
  train: DatasetImages;
  test: DatasetImages;
  /** Pixels of images that nobody has labelled, as in `DatasetImages`; left out where there are none. */
  unlabelled?: Uint8Array;
}

export interface Dataset extends DatasetContent {
  id: string;
  name: string;
  classes: string[];
  /** SHA-256 over the contents, in hexadecimal: the same images in the same order give the same fingerprint. */
  fingerprint: string;
}
