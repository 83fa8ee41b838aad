// What a run said of its validation images after each epoch, and which of them are worth a look for it.
import { alwaysWrong, newlyWrong } from '../../src-shared/metrics/forgetting.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';

/** Arrays over epochs hold those of `epochs`, one after the other. */
export interface PastPredictions {
  runId: string;
  epochs: readonly number[];
  imageSplit: Split;
  imageIndices: Uint32Array;
  labels: Uint8Array;
  classCount: number;
  /** `(epochs, images, classes)`, 255 for 1. */
  probabilities: Uint8Array;
  /** `(epochs, images)` */
  predicted: Uint8Array;
  /** One an image. */
  forgettings: Uint16Array;
  flips: Uint16Array;
}

/** The epochs to take so that they weigh no more than the limit, evenly, the last one always. */
export function thinEpochs(epochs: readonly number[], bytesOfEpoch: number, limitBytes: number): number[] {
  const most = Math.max(1, Math.floor(limitBytes / Math.max(1, bytesOfEpoch)));
  const every = Math.ceil(epochs.length / most);
  return epochs.filter((_epoch, place) => (epochs.length - 1 - place) % every === 0);
}

/**
 * Copies the epochs that `known` has into the arrays of a newer past of the same images, and says the places of those
 * that are lacking.
 */
export function reuseEpochs(
  { epochs, probabilities, predicted }: Pick<PastPredictions, 'epochs' | 'probabilities' | 'predicted'>,
  known: Pick<PastPredictions, 'epochs' | 'probabilities' | 'predicted'> | null,
  images: number,
  classCount: number,
): number[] {
  const lacking: number[] = [];
  for (const [place, epoch] of epochs.entries()) {
    const from = known?.epochs.indexOf(epoch) ?? -1;
    if (known === null || from < 0) {
      lacking.push(place);
      continue;
    }
    const size = images * classCount;
    probabilities.set(known.probabilities.subarray(from * size, (from + 1) * size), place * size);
    predicted.set(known.predicted.subarray(from * images, (from + 1) * images), place * images);
  }
  return lacking;
}

/** The images of a run's past that are worth a look. */
export type PastSelection = 'any' | 'always-wrong' | 'forgotten' | 'flipped' | 'newly-wrong';

/** An image whose class changed this often has flipped often. */
export const oftenFlips = 3;

/** Positions of the images; `since` is the place of the epoch since which they are newly wrong, `now` that looked at. */
export function selectPast(
  past: PastPredictions,
  selection: Exclude<PastSelection, 'any'>,
  since: number,
  now: number,
): Uint32Array {
  const { predicted, labels, forgettings, flips } = past;
  const positionsWhere = (counts: Uint16Array, least: number): Uint32Array =>
    Uint32Array.from([...counts.keys()].filter((image) => counts[image]! >= least));
  switch (selection) {
    case 'always-wrong':
      return alwaysWrong(predicted, labels);
    case 'forgotten':
      return positionsWhere(forgettings, 1);
    case 'flipped':
      return positionsWhere(flips, oftenFlips);
    case 'newly-wrong':
      return newlyWrong(predicted, labels, since, now);
  }
}
