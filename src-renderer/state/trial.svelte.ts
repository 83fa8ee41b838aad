// What a model says of what is on the drawing pad: the image as the model sees it, its probabilities while the pen moves,
// and, once the pen rests, how far the image can be bent.
import { untrack } from 'svelte';
import { bendImage, noBend, type Bend, type BendName } from '../../src-shared/preprocessing/bend.ts';
import { suitablePreprocessing, type PreprocessingOptions } from '../../src-shared/preprocessing/options.ts';
import { preprocess, type Preprocessed } from '../../src-shared/preprocessing/preprocess.ts';
import type { Raster } from '../../src-shared/preprocessing/raster.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { float32Of } from '../../src-shared/schemas/bytes.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Prediction } from '../../src-shared/schemas/inspection.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { app } from './app.svelte.ts';
import { sweepImages, sweepOf, type BendSweep } from './bendSweep.ts';
import type { PixelView } from './errorList.svelte.ts';
import { evaluation } from './evaluation.svelte.ts';
import type { EvaluationSubject } from './evaluationSubject.ts';
import { findingsOf, type PixelFindings } from './imageInspection.svelte.ts';
import { LatestOnly } from './latestOnly.ts';
import { modelKey } from './modelKey.ts';
import { pad } from './pad.svelte.ts';
import type { Picture } from './sketch.ts';

/** A model that is open: what it takes and what it tells apart. */
export interface OpenModel {
  key: string;
  model: ModelReference;
  /** The dataset that it was trained on. */
  datasetId: string;
  shape: ImageShape;
  classes: readonly string[];
}

/** What the model says of the image that it sees, and of the same image before it was bent. */
export interface Answer {
  probabilities: Float32Array;
  predicted: number;
  unbent: number;
}

interface Question {
  opened: OpenModel;
  /** One image, or two where it is bent: the image as it is comes last. */
  pixels: Uint8Array<ArrayBuffer>;
}

export const bendNames: readonly BendName[] = ['shiftX', 'shiftY', 'rotation', 'scale'];
/** Bending the image through every position is worth it once the pen rests. */
const restMs = 150;

const keyOf = ({ model, weightsVersion }: EvaluationSubject): string =>
  `${modelKey(model)} ${weightsVersion}`;

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

class Trial {
  /** Null until the chosen model has said what it takes. */
  opened = $state.raw<OpenModel | null>(null);
  failure = $state.raw<unknown>(null);
  /** What the person switched; the rest is as it suits the image and the model. */
  #switched = $state.raw<Partial<PreprocessingOptions>>({});
  bend = $state.raw<Bend>(noBend);
  pixelView = $state<PixelView>('image');
  /** The image step by step; null until a model is open. */
  prepared = $state.raw<Preprocessed | null>(null);
  /** What the network sees: the prepared image, bent. */
  seen = $state.raw<Raster | null>(null);
  /** Null while the pad is empty. */
  answer = $state.raw<Answer | null>(null);
  sweeps = $state.raw<Partial<Record<BendName, BendSweep>>>({});
  /** Whether the sweeps are of an image that has changed since. */
  isSweepStale = $state(false);
  findings = $state.raw<PixelFindings | null>(null);

  readonly suitable: PreprocessingOptions | null = $derived(
    this.opened === null
      ? null
      : suitablePreprocessing(this.opened.datasetId, pad.picture.raster, this.opened.shape),
  );
  readonly options: PreprocessingOptions | null = $derived(
    this.suitable === null ? null : { ...this.suitable, ...this.#switched },
  );
  readonly isBent: boolean = $derived(bendNames.some((name) => this.bend[name] !== noBend[name]));
  readonly isSwitched: boolean = $derived(Object.keys(this.#switched).length > 0);

  #attempts = $state(0);
  #openingKey: string | null = null;
  #frame = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #lastSuitable: PreprocessingOptions | null = null;
  #lastPicture: Picture | null = null;
  /** Goes up with everything that makes answers under way useless. */
  #generation = 0;

  readonly #live = new LatestOnly<Question, Prediction>({
    ask: ({ opened, pixels }) => app.client.call('model.predict', { model: opened.model, pixels }),
    onAnswer: (prediction, { opened }) => this.#answered(prediction, opened),
    onFailure: (error) => this.#failed(error),
  });

  constructor() {
    // What failed because the connection was lost may succeed now.
    app.onConnected(() => this.retry());
  }

  switchStep(change: Partial<PreprocessingOptions>): void {
    this.#switched = { ...this.#switched, ...change };
  }

  /** Back to what suits the image and the model. */
  resetSteps(): void {
    this.#switched = {};
  }

  setBend(name: BendName, value: number): void {
    this.bend = { ...this.bend, [name]: value };
  }

  resetBend(): void {
    this.bend = noBend;
  }

  /** Asks again after a failure. */
  retry(): void {
    this.failure = null;
    this.#openingKey = null;
    this.#attempts += 1;
  }

  /** Opens the model that is chosen, and again when its weights are others. For an effect of the screen. */
  followModel(): void {
    void this.#attempts;
    const { subject } = evaluation;
    untrack(() => {
      if (subject !== null && keyOf(subject) !== this.#openingKey) void this.#open(subject);
    });
  }

  /** Looks at the pad again when something has changed, once a frame. For an effect of the screen. */
  followPad(): void {
    void [pad.revision, pad.isEmpty, this.opened, this.options, this.bend, this.pixelView];
    untrack(() => {
      if (this.#frame !== 0) return;
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#look();
      });
    });
  }

  async #open(subject: EvaluationSubject): Promise<void> {
    const key = keyOf(subject);
    const { model, datasetId } = subject;
    this.#openingKey = key;
    try {
      const { shape, classes } = await app.client.call('model.predict', { model, pixels: new Uint8Array() });
      if (key !== this.#openingKey) return;
      this.opened = { key, model, datasetId, shape, classes };
      this.failure = null;
      pad.suit(shape);
    } catch (error) {
      if (key === this.#openingKey) this.#failed(error);
    }
  }

  #look(): void {
    this.#startAnew();
    const { opened, options } = this;
    if (opened === null || options === null) return;
    this.#generation += 1;
    clearTimeout(this.#restTimer);
    // The pad's own pixels change in place.
    const raster = { ...pad.raster, pixels: pad.raster.pixels.slice() };
    const prepared = preprocess(raster, options, opened.shape);
    const seen = bendImage(prepared.image, this.bend);
    this.prepared = prepared;
    this.seen = seen;
    this.findings = null;
    if (pad.isEmpty) {
      this.#live.clear();
      this.answer = null;
      this.sweeps = {};
      return;
    }
    const isBent = seen !== prepared.image;
    const pixels = isBent ? joined(seen.pixels, prepared.image.pixels) : joined(seen.pixels);
    this.#live.ask({ opened, pixels });
    this.isSweepStale = true;
    const generation = this.#generation;
    this.#restTimer = setTimeout(() => void this.#lookClosely(opened, prepared.image, generation), restMs);
  }

  /** Another picture is not bent, and what was switched for a picture of another kind is of no use for it. */
  #startAnew(): void {
    if (this.suitable !== this.#lastSuitable) this.resetSteps();
    if (pad.picture !== this.#lastPicture) this.resetBend();
    this.#lastSuitable = this.suitable;
    this.#lastPicture = pad.picture;
  }

  #answered(prediction: Prediction, opened: OpenModel): void {
    if (pad.isEmpty || opened !== this.opened) return;
    const probabilities = float32Of(prediction.probabilities);
    const predicted = predictedClasses(probabilities, opened.classes.length);
    this.answer = {
      probabilities: probabilities.subarray(0, opened.classes.length),
      predicted: predicted[0] ?? 0,
      unbent: predicted.at(-1) ?? 0,
    };
    this.failure = null;
  }

  #failed(error: unknown): void {
    this.failure = error;
    this.answer = null;
  }

  /** What takes longer than a frame, until something changes. */
  async #lookClosely(opened: OpenModel, image: Raster, generation: number): Promise<void> {
    const { model } = opened;
    const { bend } = this;
    const isCurrent = (): boolean => generation === this.#generation;
    try {
      if (this.pixelView !== 'image' && this.seen !== null) {
        const pixels = joined(this.seen.pixels);
        const found = await app.client.call('model.inspectPixels', { model, pixels });
        if (!isCurrent()) return;
        this.findings = findingsOf(found);
      }
      const sweeps: Partial<Record<BendName, BendSweep>> = {};
      for (const name of bendNames) {
        const { positions, pixels } = sweepImages(image, bend, name);
        const prediction = await app.client.call('model.predict', {
          model,
          pixels: joined(image.pixels, pixels),
        });
        if (!isCurrent()) return;
        const probabilities = float32Of(prediction.probabilities);
        const { length } = opened.classes;
        const answer = predictedClasses(probabilities.subarray(0, length), length)[0] ?? 0;
        sweeps[name] = sweepOf(name, positions, probabilities.subarray(length), answer);
      }
      this.sweeps = sweeps;
      this.isSweepStale = false;
    } catch (error) {
      if (isCurrent()) this.#failed(error);
    }
  }
}

export const trial = new Trial();
