// How an image of a person's own is made like the images that a network was trained on.
import type { ImageShape } from '../schemas/dataset.ts';

export interface PreprocessingOptions {
  /** Drop the colours though the network takes them; one that takes grey images gets them grey in any case. */
  grey: boolean;
  /** Turn light into dark: `auto` where the image's edge is light, as the data sets' images are light on dark. */
  invert: 'auto' | 'on' | 'off';
  /** Make the ground black and the brightest pixel white. */
  stretch: boolean;
  /** Cut off what is empty around the ink. */
  crop: boolean;
  /** Scale to 20 x 20 in 28 x 28, or as much of another size; else to the whole size. */
  margin: boolean;
  /** Put the ink's centre of mass into the middle; else the middle of the image. */
  centre: boolean;
}

/** What is done to the images of a data set itself, and to others that have the size that the network takes. */
export const asItIs: PreprocessingOptions = {
  grey: false,
  invert: 'off',
  stretch: false,
  crop: false,
  margin: false,
  centre: false,
};

/** As MNIST's digits were made: fitted into 20 x 20, the centre of mass in the middle of 28 x 28 (LeCun et al. 1998). */
const likeDigits: PreprocessingOptions = {
  grey: false,
  invert: 'auto',
  stretch: true,
  crop: true,
  margin: true,
  centre: true,
};

/** As Fashion-MNIST's pictures were: trimmed, then as large as they fit, in the middle (Xiao et al. 2017, section 2). */
const likeClothes: PreprocessingOptions = { ...likeDigits, margin: false, centre: false };

const likeDatasets: ReadonlyMap<string, PreprocessingOptions> = new Map([
  ['mnist', likeDigits],
  ['strokes', likeDigits],
  ['fashion-mnist', likeClothes],
  // Characters cut out of pages by their boxes, each as large as it fits.
  ['kuzushiji-mnist', likeClothes],
]);

const hasSize = (image: { height: number; width: number }, shape: ImageShape): boolean =>
  image.height === shape.height && image.width === shape.width;

/**
 * What suits an image that a network trained on the data set is to see: for the sets that Weft knows, what was done to
 * their own images; images of other sets are only fitted, as nothing is known of them.
 */
export function suitablePreprocessing(
  datasetId: string,
  image: { height: number; width: number },
  shape: ImageShape,
): PreprocessingOptions {
  if (hasSize(image, shape)) return asItIs;
  return likeDatasets.get(datasetId) ?? asItIs;
}

/** Why that suits it, in a sentence. */
export function whySuitable(
  datasetId: string,
  image: { height: number; width: number },
  shape: ImageShape,
): string {
  if (hasSize(image, shape)) return 'It has the size that the network takes, so it is taken as it is.';
  return likeDatasets.has(datasetId)
    ? 'The image is made like those that the model was trained on.'
    : 'How the images that the model was trained on were made is not known, so this one is only fitted.';
}
