// Looks at single images with a model: what it says of them, what its layers give, which pixels matter, which training images are alike. The
// model looked at last stays at hand with what it made of the training images, so that the next image takes no time.
import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { WeftError } from '../../src-shared/failure.ts';
import { predictionsPerRequest } from '../../src-shared/contract.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { bytesOf } from '../../src-shared/schemas/bytes.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import type { Inspection, NearestImages, Prediction } from '../../src-shared/schemas/inspection.ts';
import { correctDataset } from '../datasets/correctedDataset.ts';
import type { Dataset } from '../datasets/types.ts';
import { createExplainer, type Explainer } from '../engine/explainer.ts';
import { createPredictor } from '../engine/predictor.ts';
import type { EngineOptions, Predictor } from '../engine/types.ts';
import { toFileError } from '../files/fileError.ts';
import { calibratedModel } from '../runs/calibratedModel.ts';
import type { Model } from '../runs/modelFile.ts';
import { checkFit, correctionsFor, readModelFile } from './evaluation.ts';
import { nearestRows } from './nearestNeighbours.ts';
import { coverPatches, leadOf, patchGridOf, spreadPatches } from './occlusion.ts';

/** What is kept of the training images, at most; of a wider layer it is computed anew for each search, in parts. */
const featuresLimitBytes = 256 * 1024 * 1024;

interface OpenModel {
  /** The file and its time: another one when the weights are others. */
  key: string;
  model: Model;
  predictor: Predictor;
  /** Null until it is needed. */
  explainer: Explainer | null;
  /** Of a dataset's training images; null until they were needed, or where they would be too large. */
  features: { fingerprint: string; part: FeaturePart } | null;
}

/** Float32 `(images, features)` of consecutive training images. */
interface FeaturePart {
  firstImage: number;
  values: Float32Array;
}

/** Images that are in no dataset, for which model's file: `(images, height, width, channels)` in its shape. */
export interface PixelsOrder {
  modelPath: string;
  pixels: Uint8Array;
}

/** Which image, of which model's file. */
export interface ImageOrder {
  modelPath: string;
  dataset: Dataset;
  split: Split;
  index: number;
}

const indicesUpTo = (count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_value, index) => index);

/** Throws `dataset.no-such-image`. */
function imageOf({ dataset, split, index }: ImageOrder): Uint8Array {
  const { pixels, labels } = dataset[split];
  const imageBytes = pixels.length / labels.length;
  if (index < labels.length) return pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
  throw new WeftError(
    'dataset.no-such-image',
    `${dataset.name} has ${labels.length} ${split} images, counted from 0, so there is no image ${index}.`,
  );
}

/** The labels of a split, corrected where the model was trained with corrections of them. */
function labelsFor(model: Model, dataset: Dataset, split: Split): Uint8Array {
  const corrections = split === 'train' ? correctionsFor(model, dataset) : null;
  return corrections === null ? dataset[split].labels : correctDataset(dataset, corrections).train.labels;
}

/** How many images those are. Throws `images.wrong-size`. */
function countImages({ pixels }: PixelsOrder, { name, architecture }: Model, most: number): number {
  const { height, width, channels } = architecture.shape;
  const count = pixels.length / (height * width * channels);
  if (Number.isInteger(count) && count <= most) return count;
  throw new WeftError(
    'images.wrong-size',
    `"${name}" takes images of ${height} x ${width} x ${channels} bytes, at most ${most} at once, but got ${pixels.length} bytes.`,
  );
}

/** The likeliest class but one. */
function runnerUp(probabilities: Float32Array, predicted: number): number {
  const others = Float32Array.from(probabilities, (one, index) => (index === predicted ? -1 : one));
  return predictedClasses(others, others.length)[0]!;
}

/** `label` is its true class; null where there is none. */
function inspectImage(open: OpenModel, image: Uint8Array, label: number | null): Inspection {
  const { model, predictor } = open;
  const { architecture, tensors } = model;
  const { shape } = architecture;
  open.explainer ??= createExplainer(architecture, tensors);
  const probabilities = predictor.predict(image, indicesUpTo(1));
  const forClass = predictedClasses(probabilities, probabilities.length)[0]!;
  const againstClass = label === null || label === forClass ? runnerUp(probabilities, forClass) : label;
  const { gradient, logits, layers } = open.explainer.explain(image, forClass, againstClass);
  const grid = patchGridOf(shape);
  const covered = predictor.predict(coverPatches(image, shape, grid), indicesUpTo(grid.rows * grid.columns));
  const lead = leadOf(probabilities, 0, forClass, againstClass);
  const lost = Float32Array.from(
    { length: grid.rows * grid.columns },
    (_value, patch) => lead - leadOf(covered, patch * probabilities.length, forClass, againstClass),
  );
  return {
    forClass,
    againstClass,
    lead: logits[forClass]! - logits[againstClass]!,
    shape,
    gradient: bytesOf(gradient),
    occlusion: bytesOf(spreadPatches(lost, shape, grid)),
    occlusionPatch: grid.patch,
    layers: layers.map((layer) => ({
      label: layer.label,
      shape: [...layer.shape],
      values: bytesOf(layer.values),
    })),
  };
}

export class ModelInspector {
  readonly #options: EngineOptions;
  #open: OpenModel | null = null;
  /** One order after the other: they share the model that is open. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Throws `dataset.no-such-image`, `model.wrong-shape`, `model.wrong-classes` and those of `decodeModel`. */
  inspect(order: ImageOrder): Promise<Inspection> {
    return this.#inTurn(async () => {
      const image = imageOf(order);
      const open = await this.#openModel(order.modelPath);
      checkFit(open.model, order.dataset);
      return inspectImage(open, image, labelsFor(open.model, order.dataset, order.split)[order.index]!);
    });
  }

  /** The same for one image that is in no dataset. Throws `images.wrong-size` and those of `decodeModel`. */
  inspectPixels(order: PixelsOrder): Promise<Inspection> {
    return this.#inTurn(async () => {
      const open = await this.#openModel(order.modelPath);
      countImages(order, open.model, 1);
      return inspectImage(open, order.pixels, null);
    });
  }

  /** What the model says of images that are in no dataset, none too. Throws as `inspectPixels`. */
  predict(order: PixelsOrder): Promise<Prediction> {
    return this.#inTurn(async () => {
      const { model, predictor } = await this.#openModel(order.modelPath);
      const count = countImages(order, model, predictionsPerRequest);
      const { architecture, classes } = model;
      const probabilities = predictor.predict(order.pixels, indicesUpTo(count));
      return { shape: architecture.shape, classes, probabilities: bytesOf(Float32Array.from(probabilities)) };
    });
  }

  /** The `count` training images nearest to the image, itself left out. Throws what `inspect` throws. */
  findNeighbours(order: ImageOrder, count: number): Promise<NearestImages> {
    return this.#inTurn(async () => {
      const image = imageOf(order);
      const open = await this.#openModel(order.modelPath);
      checkFit(open.model, order.dataset);
      const query = open.predictor.predictHidden(image, indicesUpTo(1));
      let found: { image: number; distance: number }[] = [];
      let searchMs = 0;
      for (const { firstImage, values } of this.#featureParts(open, order.dataset)) {
        const started = performance.now();
        const itself = order.split === 'train' ? order.index - firstImage : null;
        const { rows, distances } = nearestRows(values, query, count, itself);
        const ofPart = Array.from(rows, (row, place) => ({
          image: firstImage + row,
          distance: distances[place]!,
        }));
        found = [...found, ...ofPart]
          .sort((a, b) => a.distance - b.distance || a.image - b.image)
          .slice(0, count);
        searchMs += performance.now() - started;
      }
      const labels = labelsFor(open.model, order.dataset, 'train');
      return {
        indices: bytesOf(Uint32Array.from(found, (one) => one.image)),
        labels: Uint8Array.from(found, (one) => labels[one.image]!),
        distances: bytesOf(Float32Array.from(found, (one) => one.distance)),
        compared: labels.length - (order.split === 'train' ? 1 : 0),
        features: query.length,
        searchMs,
      };
    });
  }

  /** What the last hidden layer makes of the training images: all of them at once where that is not too large. */
  *#featureParts(open: OpenModel, { train, fingerprint }: Dataset): Generator<FeaturePart> {
    if (open.features?.fingerprint === fingerprint) {
      yield open.features.part;
      return;
    }
    const count = train.labels.length;
    const { predictor } = open;
    const bytesOfImage = predictor.features * Float32Array.BYTES_PER_ELEMENT;
    const imagesOfPart = Math.max(1, Math.min(count, Math.floor(featuresLimitBytes / bytesOfImage)));
    for (let firstImage = 0; firstImage < count; firstImage += imagesOfPart) {
      const images = Math.min(imagesOfPart, count - firstImage);
      const indices = Uint32Array.from({ length: images }, (_value, place) => firstImage + place);
      const part = { firstImage, values: predictor.predictHidden(train.pixels, indices) };
      if (images === count) open.features = { fingerprint, part };
      yield part;
    }
  }

  async #openModel(modelPath: string): Promise<OpenModel> {
    const { mtimeMs } = await stat(modelPath).catch((error: unknown) => {
      throw toFileError(error, modelPath, 'read');
    });
    const key = `${modelPath} ${mtimeMs}`;
    if (this.#open?.key !== key) {
      await this.#open?.predictor.close();
      this.#open = null;
      const model = calibratedModel(await readModelFile(modelPath));
      const { architecture, tensors } = model;
      const predictor = await createPredictor({ ...this.#options, architecture, tensors });
      this.#open = { key, model, predictor, explainer: null, features: null };
    }
    return this.#open;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
