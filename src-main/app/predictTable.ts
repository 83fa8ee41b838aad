// A table of images without labels, straight from a CSV file, for the command line.
import { basename } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { createPredictor } from '../engine/predictor.ts';
import { readFileChunks } from '../files/fileChunks.ts';
import { readCsvImages } from '../formats/csvImages.ts';
import { calibratedModel } from '../runs/calibratedModel.ts';
import type { Model } from '../runs/modelFile.ts';

/** Built beside the host's program. */
const engineOptions = { threads: 1, workerProgram: new URL('./worker.js', import.meta.url) };

/**
 * The class of each image of the table; a column of labels is ignored. Throws `csv.…` errors, for images of another size
 * too, and `files.…`.
 */
export async function predictTable(model: Model, path: string): Promise<Uint8Array> {
  const { architecture, tensors } = calibratedModel(model);
  const { shape, classCount } = architecture;
  const { pixels, count } = await readCsvImages(readFileChunks(path), basename(path), { shape });
  if (count === 0) throw new WeftError('import.no-images', `"${basename(path)}" holds no images.`);
  const predictor = await createPredictor({ ...engineOptions, architecture, tensors });
  try {
    const all = Uint32Array.from({ length: count }, (_value, index) => index);
    return predictedClasses(predictor.predict(pixels, all), classCount);
  } finally {
    await predictor.close();
  }
}
