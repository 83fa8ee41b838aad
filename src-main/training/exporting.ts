// Exports a model with everything that the datasets of this computer add: held-out images to compare it on.
import { WeftError } from '../../src-shared/failure.ts';
import type { ExportFormatId } from '../../src-shared/exportFormats.ts';
import type { ExportedModel } from '../../src-shared/schemas/export.ts';
import { datasetRecords } from '../datasets/catalogue.ts';
import { splitCorrected } from '../datasets/correctedDataset.ts';
import type { ValidationSplit } from '../datasets/split.ts';
import type { DatasetStore } from '../datasets/store.ts';
import type { Dataset } from '../datasets/types.ts';
import type { EngineOptions } from '../engine/types.ts';
import { drawCheckImages, type CheckImages } from '../exports/checkImages.ts';
import { exportModel } from '../exports/exportModel.ts';
import type { Model } from '../runs/modelFile.ts';
import { correctionsFor } from './evaluation.ts';

/** More held-out images than this would tell nothing more, and take long with a large network. */
const comparedLimit = 10_000;

export interface ExportChoice {
  format: ExportFormatId;
  withExamples: boolean;
}

/** The very images that the model was trained with; null where they are not on this computer. */
async function findOwnDataset(model: Model, datasets: Pick<DatasetStore, 'load'>): Promise<Dataset | null> {
  try {
    const dataset = await datasets.load(model.dataset.id);
    return dataset.fingerprint === model.dataset.fingerprint ? dataset : null;
  } catch (error) {
    if (error instanceof WeftError && error.code.startsWith('dataset.')) return null;
    throw error;
  }
}

/** Evenly spread, so that sets in the order of their classes are compared in all of them. */
function spread(indices: Uint32Array, limit: number): Uint32Array {
  const stride = Math.ceil(indices.length / limit);
  return indices.filter((_image, place) => place % stride === 0);
}

function heldOutImages(dataset: Dataset, split: ValidationSplit): CheckImages {
  const { pixels, labels } = dataset[split.validationSplit];
  const indices = spread(split.validationIndices, comparedLimit);
  return {
    source: 'validation',
    pixels,
    indices,
    labels: Uint8Array.from(indices, (image) => labels[image]!),
  };
}

/** Where in the web the set's files are. */
function sourcesOf({ id }: Dataset): readonly string[] {
  const record = datasetRecords.find((one) => one.id === id);
  return record?.kind === 'files' ? record.mirrors : [];
}

/** `exportModel` on the images that were held out for the model, or on drawn ones where those are not here. */
export async function exportFromHere(
  model: Model,
  datasets: Pick<DatasetStore, 'load'>,
  choice: ExportChoice,
  options: EngineOptions,
): Promise<ExportedModel> {
  const own = await findOwnDataset(model, datasets);
  if (own === null) {
    const images = drawCheckImages(model.architecture.shape);
    return exportModel({ ...choice, model, data: null, images }, options);
  }
  const { dataset, split } = splitCorrected(own, model.recipe, correctionsFor(model, own));
  const { train, test } = dataset;
  const data = { split, name: dataset.name, sources: sourcesOf(dataset), train, test };
  return exportModel({ ...choice, model, data, images: heldOutImages(dataset, split) }, options);
}
