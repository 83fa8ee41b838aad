// The images of every dataset as sources for grids: one for each split, so that screens share what was fetched.
import type { Split } from '../../src-shared/schemas/dataset.ts';
import { ImageSource } from '../ui/images/imageSource.svelte.ts';
import { app } from './app.svelte.ts';

const sources = new Map<string, ImageSource>();

/** The images of a split, by their number in it. */
export function imagesOf(datasetId: string, split: Split): ImageSource {
  const key = `${datasetId}/${split}`;
  const known = sources.get(key);
  if (known !== undefined) return known;
  const source = new ImageSource((indices) =>
    app.client.call('dataset.images', { datasetId, split, indices }),
  );
  sources.set(key, source);
  return source;
}

/** Lets go of the images of a set that is gone or has become another. */
export function forgetImages(datasetId: string): void {
  for (const key of sources.keys()) if (key.startsWith(`${datasetId}/`)) sources.delete(key);
}
