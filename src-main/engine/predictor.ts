import { operationsPerImage } from './architecture.ts';
import { ImagePrediction, type PredictedNumbers } from './inference.ts';
import { rowsOfPass } from './microBatch.ts';
import { writeTensors } from './tensors.ts';
import { Engine } from './threads/engine.ts';
import { chooseThreadCount } from './threads/threadCount.ts';
import type { Predictor, PredictorOptions } from './types.ts';

/** Enough for full speed, little enough to stay in the processor's cache. */
const rowsWanted = 256;
/** Starting a thread takes as long as predicting some ten thousand images of a small network: only wide ones gain. */
const shareOfWork = 0.02;

/**
 * A trained network, ready to run over images. Throws `recipe.invalid`, `model.missing-tensor` and
 * `model.shape-mismatch`.
 */
export async function createPredictor(options: PredictorOptions): Promise<Predictor> {
  const { architecture, tensors } = options;
  const rows = rowsOfPass(architecture, rowsWanted);
  const threads = chooseThreadCount(options.threads, operationsPerImage(architecture) * rows * shareOfWork);
  const engine = await Engine.start(
    { architecture, rows, training: null, precision: 'float32' },
    threads,
    options.workerProgram,
  );
  try {
    writeTensors(engine.plan.parameters, tensors);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const predict = (pixels: Uint8Array, indices: Uint32Array, kept: PredictedNumbers): Float32Array => {
    const prediction = new ImagePrediction(engine, pixels, indices, kept);
    prediction.continue(Infinity);
    return prediction.numbers;
  };
  return {
    features: engine.plan.hidden.columns,
    predict: (pixels, indices) => predict(pixels, indices, 'probabilities'),
    predictHidden: (pixels, indices) => predict(pixels, indices, 'hidden'),
    close: () => engine.close(),
  };
}
