// An image bent through the whole range of one slider, and what a model says of each position.
import {
  bendImage,
  bendPositions,
  bendRange,
  findBreaks,
  noBend,
  type Bend,
  type BendName,
  type Breaks,
} from '../../src-shared/preprocessing/bend.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import type { Raster } from '../../src-shared/preprocessing/raster.ts';

export interface BendSweep {
  positions: readonly number[];
  /** The probability, at each position, of what the model says of the image as it is. */
  probabilities: Float32Array;
  /** The class that is predicted at each position. */
  answers: Uint8Array;
  /** The answer that may change: that to the image as it is. */
  answer: number;
  breaks: Breaks;
}

/** The image at every position of the slider, the others where they are: `(positions, height, width, channels)`. */
export function sweepImages(
  image: Raster,
  bend: Bend,
  name: BendName,
): { positions: number[]; pixels: Uint8Array<ArrayBuffer> } {
  const positions = bendPositions(bendRange(name, image));
  const pixels = new Uint8Array(positions.length * image.pixels.length);
  positions.forEach((position, place) => {
    pixels.set(bendImage(image, { ...bend, [name]: position }).pixels, place * image.pixels.length);
  });
  return { positions, pixels };
}

/** `predicted` is `(positions, classes)`, `answer` what the model says of the image as it is. */
export function sweepOf(
  name: BendName,
  positions: readonly number[],
  predicted: Float32Array,
  answer: number,
): BendSweep {
  const classCount = predicted.length / positions.length;
  const answers = predictedClasses(predicted, classCount);
  const probabilities = Float32Array.from(
    positions,
    (_position, place) => predicted[place * classCount + answer] ?? 0,
  );
  const breaks = findBreaks(positions, answers, noBend[name], answer);
  return { positions, probabilities, answers, answer, breaks };
}
