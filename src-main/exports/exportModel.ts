// Makes an export, reads it back, compares it with the model, and only then gives it away.
import { exportFormats, type ExportFormatId } from '../../src-shared/exportFormats.ts';
import { WeftError } from '../../src-shared/failure.ts';
import type { ExportedModel } from '../../src-shared/schemas/export.ts';
import { createPredictor } from '../engine/predictor.ts';
import type { EngineOptions } from '../engine/types.ts';
import { calibratedModel } from '../runs/calibratedModel.ts';
import { toIdentifier } from '../runs/identifier.ts';
import { compareExport } from './check.ts';
import type { CheckImages } from './checkImages.ts';
import { encodeExamples } from './examples.ts';
import type { ExportSource, Network } from './exportFormat.ts';
import { makers } from './makers.ts';

export interface ExportRequest extends Omit<ExportSource, 'examples'> {
  format: ExportFormatId;
  /** Whether to give images and what the model says of them as well. */
  withExamples: boolean;
  /** What the export and the model are compared on. */
  images: CheckImages;
}

/** The probabilities of the images, `(images, classes)`. */
async function predict(
  { architecture, tensors }: Network,
  { pixels, indices }: CheckImages,
  options: EngineOptions,
): Promise<Float32Array> {
  const predictor = await createPredictor({ ...options, architecture, tensors });
  try {
    return Float32Array.from(predictor.predict(pixels, indices));
  } finally {
    await predictor.close();
  }
}

/**
 * The model in the format asked for, compared with itself. Throws `export.differs` where it says something else once it
 * is read back, `model.not-finite`, and what the format throws for a model that it can't hold.
 */
export async function exportModel(request: ExportRequest, options: EngineOptions): Promise<ExportedModel> {
  const { format, model, data, images, withExamples } = request;
  const baseName = toIdentifier(model.name, 'model');
  const fileName = `${baseName}${exportFormats.find(({ id }) => id === format)?.ending ?? ''}`;
  const calibrated = calibratedModel(model);
  const own = await predict(calibrated, images, options);
  if (!own.every(Number.isFinite)) {
    throw new WeftError(
      'model.not-finite',
      `"${model.name}" gives probabilities that are not numbers: its weights are too large.`,
      'Its training had diverged; train it again with a smaller learning rate.',
    );
  }
  const maker = makers[format];
  const examples = withExamples ? encodeExamples(model.architecture.shape, images, own) : null;
  const kept = maker.keepsTemperature === true ? model : calibrated;
  const bytes = maker.make({ model: kept, data, examples });
  const reloaded = await predict(maker.readBack(bytes, fileName), images, options);
  return {
    fileName,
    bytes,
    check: { covers: maker.covers, ...compareExport(fileName, images, own, reloaded) },
    examples:
      examples === null || maker.holdsExamples === true
        ? null
        : { fileName: `${baseName}-examples.npz`, bytes: examples },
  };
}
