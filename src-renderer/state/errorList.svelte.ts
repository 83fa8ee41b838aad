// The images that Errors lists: which of an evaluation, in what order, and where the person is among them. Kept while
// other screens are visited.
import {
  keepWithin,
  orderImages,
  selectImages,
  type ImageFilter,
  type ValueRange,
} from '../../src-shared/metrics/imageSelection.ts';
import { evaluation } from './evaluation.svelte.ts';
import type { EvaluatedImages } from './evaluatedImages.ts';
import { selection } from './selection.svelte.ts';
import { selectPast, type PastSelection } from './pastPredictions.ts';

export type ImageMeasure = 'confidence' | 'loss' | 'margin' | 'forgettings' | 'index';

export interface ImageOrder {
  measure: ImageMeasure;
  direction: 'ascending' | 'descending';
}

const measureOf: Readonly<Record<ImageMeasure, (images: EvaluatedImages) => ArrayLike<number>>> = {
  confidence: (images) => images.confidences,
  loss: (images) => images.losses,
  margin: (images) => images.margins,
  forgettings: (images) => evaluation.past?.forgettings ?? images.imageIndices,
  index: (images) => images.imageIndices,
};

/** Whether the filter asks for the right answers of one class: a cell of the matrix's diagonal. */
const isDiagonal = (filter: ImageFilter): boolean =>
  filter.trueClass !== null && filter.trueClass === filter.predictedClass;

/** What lies over the image that is shown large. */
export type PixelView = 'image' | 'gradient' | 'occlusion';

/** Positions in an evaluation's arrays, and why they were chosen: `fixed by cnn`. */
export interface ComparedImages {
  images: EvaluatedImages;
  positions: Uint32Array;
  label: string;
}

/** A place in a list of images. */
interface ListPlace {
  list: Uint32Array;
  position: number;
  /** The image there, by its position in the evaluation's arrays. */
  image: number;
  /** What the list is of. */
  choice: string;
}

const anyConfidence: ValueRange = { minimum: 0, maximum: 1 };

class ErrorList {
  onlyWrong = $state(true);
  /** Only images whose predicted class has a probability in this range. */
  confidence = $state.raw<ValueRange>(anyConfidence);
  /** Only images whose loss is at least this. */
  leastLoss = $state(0);
  /** What the network was surest of and yet got wrong comes first. */
  order = $state.raw<ImageOrder>({ measure: 'confidence', direction: 'descending' });
  /** Whether the active image is shown large. */
  isOpen = $state(false);
  pixelView = $state<PixelView>('image');
  /** Which parts of the inspector are unfolded. */
  showsSimilar = $state(false);
  showsLayers = $state(false);
  /** Whether the filters that are needed less often are unfolded. */
  showsFilters = $state(false);
  /** Where the person is, in which list, and what was chosen to be listed. */
  #place = $state.raw<ListPlace | null>(null);

  /** Only images that the run's past singles out, and since which of its epochs, by their place. */
  past = $state<PastSelection>('any');
  since = $state(0);

  /** Only the images that a comparison with another model singled out; of no use with other images. */
  compared = $state.raw<ComparedImages | null>(null);

  /** The place of the epoch that `since` means: always before the one that is looked at. */
  readonly sinceBefore: number = $derived(Math.max(0, Math.min(this.since, this.#now - 1)));

  /** The place of the epoch that is looked at; the last one for the kept weights. */
  get #now(): number {
    return evaluation.pastPlace ?? (evaluation.past?.epochs.length ?? 1) - 1;
  }

  /** Positions of those images; null lets every image through. */
  readonly chosenByPast: ReadonlySet<number> | null = $derived.by(() => {
    const { past } = evaluation;
    if (past === null || this.past === 'any') return null;
    return new Set(selectPast(past, this.past, this.sinceBefore, this.#now));
  });

  readonly filter: ImageFilter = $derived.by(() => {
    const { trueClass, predictedClass } = selection;
    const filter = { trueClass, predictedClass, onlyWrong: this.onlyWrong };
    return isDiagonal(filter) ? { ...filter, onlyWrong: false } : filter;
  });

  /** Positions in the evaluation's arrays. */
  readonly positions: Uint32Array = $derived.by(() => {
    const { images } = evaluation;
    if (images === null) return new Uint32Array();
    const ofClasses = selectImages(images.labels, images.predicted, this.filter);
    const sure = keepWithin(ofClasses, images.confidences, this.confidence);
    const costly = keepWithin(sure, images.losses, { minimum: this.leastLoss, maximum: Infinity });
    const chosen = this.chosenByPast;
    const ofPast = chosen === null ? costly : costly.filter((position) => chosen.has(position));
    const compared = this.compared?.images === images ? new Set(this.compared.positions) : null;
    const selected = compared === null ? ofPast : ofPast.filter((position) => compared.has(position));
    return orderImages(selected, measureOf[this.order.measure](images), this.order.direction);
  });

  /** The same images by their numbers in the dataset's split. */
  readonly indices: Uint32Array = $derived(
    this.positions.map((position) => evaluation.images?.imageIndices[position] ?? 0),
  );

  /** How many of the filters that can be folded away narrow the list. */
  readonly foldedFilters: number = $derived(
    [
      this.confidence.minimum > 0 || this.confidence.maximum < 1,
      this.leastLoss > 0,
      this.chosenByPast !== null,
    ].filter(Boolean).length,
  );

  readonly isNarrowed: boolean = $derived(
    selection.trueClass !== null ||
      selection.predictedClass !== null ||
      this.foldedFilters > 0 ||
      this.compared !== null,
  );

  /** What was chosen to be listed, whichever epoch is looked at. */
  readonly #choice: string = $derived(
    JSON.stringify([
      evaluation.key,
      this.filter,
      this.confidence,
      this.leastLoss,
      this.past,
      this.since,
      this.order,
      this.compared?.label,
    ]),
  );

  /** Lets every class, confidence and loss through. */
  clearFilters(): void {
    selection.trueClass = null;
    selection.predictedClass = null;
    this.confidence = anyConfidence;
    this.leastLoss = 0;
    this.past = 'any';
    this.compared = null;
  }

  /** Shows the images that a comparison singled out. */
  showCompared(compared: ComparedImages): void {
    this.clearFilters();
    this.compared = compared;
    this.onlyWrong = false;
    selection.showErrors(null, null);
  }

  /** Shows the images that the run forgot, right or wrong by now, the most often forgotten first. */
  showForgotten(): void {
    this.clearFilters();
    this.past = 'forgotten';
    this.onlyWrong = false;
    this.order = { measure: 'forgettings', direction: 'descending' };
    selection.showErrors(null, null);
  }

  /**
   * The place in the list of the image where the person is. Another choice of images begins at its first one; the same
   * choice after another epoch stays at the image, where that is still listed.
   */
  get active(): number {
    const place = this.#place;
    if (place === null) return 0;
    if (sameImages(place.list, this.positions)) return place.position;
    return place.choice === this.#choice ? Math.max(0, this.positions.indexOf(place.image)) : 0;
  }

  set active(position: number) {
    const last = Math.max(0, this.positions.length - 1);
    const within = Math.min(last, Math.max(0, position));
    const image = this.positions[within] ?? 0;
    this.#place = { list: this.positions, position: within, image, choice: this.#choice };
  }

  /**
   * The image that is shown large, by its position in the evaluation's arrays: also where the list after another epoch
   * has it no more. Null where none is.
   */
  get shown(): number | null {
    const place = this.#place;
    if (!this.isOpen) return null;
    const isAway = place !== null && place.choice === this.#choice && !this.positions.includes(place.image);
    return isAway ? place.image : (this.positions[this.active] ?? null);
  }
}

function sameImages(one: Uint32Array, other: Uint32Array): boolean {
  return one === other || (one.length === other.length && one.every((image, at) => image === other[at]));
}

export const errorList = new ErrorList();
