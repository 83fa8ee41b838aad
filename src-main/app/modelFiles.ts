// Models straight from files, for the command line: it needs no library and can compute in its own process.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { asItIs, suitablePreprocessing } from '../../src-shared/preprocessing/options.ts';
import { preprocess, type PreprocessingStep } from '../../src-shared/preprocessing/preprocess.ts';
import { limitPixels } from '../../src-shared/preprocessing/resize.ts';
import type { ExportedModel } from '../../src-shared/schemas/export.ts';
import { DatasetStore } from '../datasets/store.ts';
import { createPredictor } from '../engine/predictor.ts';
import { toFileError } from '../files/fileError.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { decodeImage } from '../formats/decodeImage.ts';
import { evaluateModel, readModelFile, type EvaluationSplit } from '../training/evaluation.ts';
import { exportFromHere, type ExportChoice } from '../training/exporting.ts';
import type { EvaluationResult } from '../training/messages.ts';
import { calibratedModel } from '../runs/calibratedModel.ts';
import { changeModelFile, type Model } from '../runs/modelFile.ts';

export { isWeftModel, type Model } from '../runs/modelFile.ts';

/** Built beside the host's program. */
const engineOptions = { threads: 1, workerProgram: new URL('./worker.js', import.meta.url) };

/** The model of a safetensors file. Throws `files.…`, `safetensors.…` and `model.…` errors. */
export function readModel(path: string): Promise<Model> {
  return readModelFile(path);
}

/**
 * Writes the temperature into a model's file; null takes it away. What was there stays whole if it fails. Throws
 * `files.…`, `safetensors.…` and `model.…` errors.
 */
export async function setFileTemperature(path: string, temperature: number | null): Promise<void> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toFileError(error, path, 'read');
  });
  await writeFileSafely(path, changeModelFile(bytes, { temperature }, basename(path)));
}

/** The model over a split of a dataset of the data directory. Throws `dataset.unknown`, `dataset.absent`, `model.…`. */
export async function evaluateOnDataset(
  model: Model,
  dataDirectory: string,
  datasetId: string,
  split: EvaluationSplit,
): Promise<EvaluationResult> {
  const dataset = await new DatasetStore({ dataDirectory }).load(datasetId);
  return evaluateModel(model, dataset, split, engineOptions);
}

/** The model in another format, compared on the data directory's images where they are there. Throws as `exportModel`. */
export function exportFile(
  model: Model,
  dataDirectory: string,
  choice: ExportChoice,
): Promise<ExportedModel> {
  return exportFromHere(model, new DatasetStore({ dataDirectory }), choice, engineOptions);
}

/** What a model says of an image of a person's own, and what was done to the image before. */
export interface PredictedImage {
  /** One a class. */
  probabilities: Float32Array;
  steps: readonly PreprocessingStep[];
}

/**
 * Predicts a PNG or JPEG, made like the images of the model's data set, or only fitted to the size that the model takes.
 * `fileName` is for the errors, which are `image.…`.
 */
export async function predictImage(
  model: Model,
  file: Uint8Array,
  fileName: string,
  isOnlyFitted: boolean,
): Promise<PredictedImage> {
  const { architecture, tensors, dataset } = calibratedModel(model);
  const image = limitPixels(decodeImage(file, fileName));
  const options = isOnlyFitted ? asItIs : suitablePreprocessing(dataset.id, image, architecture.shape);
  const prepared = preprocess(image, options, architecture.shape);
  const predictor = await createPredictor({ ...engineOptions, architecture, tensors });
  try {
    const probabilities = Float32Array.from(predictor.predict(prepared.image.pixels, Uint32Array.of(0)));
    return { probabilities, steps: prepared.steps };
  } finally {
    await predictor.close();
  }
}
