// Runs a trained model over a split of a dataset.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { meanResult } from '../../src-shared/metrics/predictions.ts';
import { findMisfit } from '../../src-shared/modelFit.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import type { Evaluation } from '../../src-shared/schemas/model.ts';
import { correctDataset, splitCorrected } from '../datasets/correctedDataset.ts';
import type { Dataset, DatasetImages } from '../datasets/types.ts';
import { createPredictor } from '../engine/predictor.ts';
import type { EngineOptions } from '../engine/types.ts';
import { toFileError } from '../files/fileError.ts';
import { summarizeCorrections, type Corrections } from '../files/corrections.ts';
import { calibratedModel } from '../runs/calibratedModel.ts';
import { decodeModel, type Model } from '../runs/modelFile.ts';
import { correctionsOf } from '../runs/modelMetadata.ts';
import type { EvaluationResult } from './messages.ts';

/** The parts of a dataset that a model can be run over. */
export type EvaluationSplit = Evaluation['split'];

const all = (count: number): Uint32Array<ArrayBuffer> =>
  Uint32Array.from({ length: count }, (_, index) => index);

/** Throws `model.wrong-shape` and `model.wrong-classes` when the model can't take the dataset's images. */
export function checkFit(model: Model, dataset: Dataset): void {
  const { name, classes, architecture } = model;
  const misfit = findMisfit({ name, shape: architecture.shape, classes }, dataset);
  if (misfit !== null) throw misfit;
}

/** Without labels there is nothing to compare a model's answers with. */
function noLabelledImages({ name, unlabelled }: Dataset, split: Split): WeftError {
  return unlabelled === undefined
    ? new WeftError(
        'evaluation.no-images',
        `${name} has no ${split} images.`,
        'Evaluate on the validation images, or import the set again with a part held out.',
      )
    : new WeftError(
        'evaluation.no-labels',
        `${name} has no labelled ${split} images: those without labels can be predicted, but not evaluated.`,
        'Evaluate on the validation images, or save the predictions of the unlabelled ones.',
      );
}

/** Whether the model was trained on these very images. */
const isOwn = (model: Model, dataset: Dataset): boolean => model.dataset.fingerprint === dataset.fingerprint;

/** Which corrections the labels of the model's own set have, as it is looked at; those of any other set have none. */
export function correctionsFor(model: Model, dataset: Dataset): Corrections | null {
  return isOwn(model, dataset) ? correctionsOf(model) : null;
}

/** Images of a split with their labels, corrected where the model was trained with corrections of them. */
interface FoundImages {
  imageSplit: Split;
  imageIndices: Uint32Array<ArrayBuffer>;
  images: DatasetImages;
}

/** Where the images of the split are. Throws `model.other-dataset` when the validation part can't be told. */
function findImages(model: Model, dataset: Dataset, split: EvaluationSplit): FoundImages {
  if (split !== 'validation' && dataset[split].labels.length === 0) throw noLabelledImages(dataset, split);
  const corrections = correctionsFor(model, dataset);
  if (split === 'test') {
    return { imageSplit: split, imageIndices: all(dataset.test.labels.length), images: dataset.test };
  }
  if (split === 'train') {
    const { train, isExcluded } = correctDataset(dataset, corrections);
    const imageIndices = all(train.labels.length).filter((image) => isExcluded[image] === 0);
    return { imageSplit: split, imageIndices, images: train };
  }
  if (!isOwn(model, dataset)) {
    throw new WeftError(
      'model.other-dataset',
      `"${model.name}" was not trained on these images of ${dataset.name}, so none of them were held out for it.`,
      'Evaluate it on the test images, or on the dataset it was trained on.',
    );
  }
  const found = splitCorrected(dataset, model.recipe, corrections);
  const { validationSplit, validationIndices } = found.split;
  return {
    imageSplit: validationSplit,
    imageIndices: validationIndices.slice(),
    images: found.dataset[validationSplit],
  };
}

/** What the model says of every image of the split, with its mean loss and accuracy. */
export async function evaluateModel(
  model: Model,
  dataset: Dataset,
  split: EvaluationSplit,
  options: EngineOptions,
): Promise<EvaluationResult> {
  checkFit(model, dataset);
  const { imageSplit, imageIndices, images } = findImages(model, dataset, split);
  const corrections = imageSplit === 'train' ? correctionsFor(model, dataset) : null;
  const summary = corrections === null ? null : summarizeCorrections(corrections);
  const { architecture, tensors } = calibratedModel(model);
  const predictor = await createPredictor({ ...options, architecture, tensors });
  try {
    const { classCount } = architecture;
    const labels = Uint8Array.from(imageIndices, (image) => images.labels[image]!);
    const probabilities = predictor.predict(images.pixels, imageIndices);
    if (!probabilities.every(Number.isFinite)) {
      throw new WeftError(
        'model.not-finite',
        `"${model.name}" gives probabilities for ${dataset.name} that are not numbers: its weights are too large.`,
        'Its training had diverged; train it again with a smaller learning rate.',
      );
    }
    return {
      classes: dataset.classes,
      imageSplit,
      imageIndices,
      labels,
      ...(summary === null ? {} : { corrections: summary }),
      probabilities: Float32Array.from(probabilities),
      ...meanResult(probabilities, labels, classCount),
      temperature: model.temperature ?? null,
    };
  } finally {
    await predictor.close();
  }
}

/** The model of a file. Throws `files.…` errors and those of `decodeModel`. */
export async function readModelFile(path: string): Promise<Model> {
  try {
    return decodeModel(await readFile(path), basename(path));
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

/** `evaluateModel` for the model of a file. */
export async function evaluateModelFile(
  path: string,
  dataset: Dataset,
  split: EvaluationSplit,
  options: EngineOptions,
): Promise<EvaluationResult> {
  return evaluateModel(await readModelFile(path), dataset, split, options);
}
