import type { Predictor, PredictorOptions } from './types.ts';

/** A trained network, ready to run over images. Throws `model.shape-mismatch`. */
export async function createPredictor(options: PredictorOptions): Promise<Predictor> {
  throw new Error(`not there yet: ${options.tensors.length}`);
}
