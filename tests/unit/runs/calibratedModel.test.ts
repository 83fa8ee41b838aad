import { describe, expect, it } from 'vitest';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import { calibratedModel } from '../../../src-main/runs/calibratedModel.ts';
import type { Model } from '../../../src-main/runs/modelFile.ts';
import { atTemperature } from '../../../src-shared/metrics/calibration.ts';
import { exampleModel } from './exampleModel.ts';

/** Probabilities of small logits, rounded as float32. */
const tolerance = 1e-6;

async function predict({ architecture, tensors }: Model): Promise<Float32Array> {
  const workerProgram = new URL('file:///unused/worker.js');
  const predictor = await createPredictor({ architecture, tensors, threads: 1, workerProgram });
  const pixels = Uint8Array.from({ length: 20 * 12 }, (_, place) => (place * 37) % 256);
  const probabilities = predictor.predict(
    pixels,
    Uint32Array.from({ length: 20 }, (_, image) => image),
  );
  await predictor.close();
  return Float32Array.from(probabilities);
}

describe('a model with a temperature', () => {
  it('predicts the softmax of its logits divided by the temperature', async () => {
    const model = exampleModel();
    const expected = atTemperature(await predict(model), model.classes.length, 2.5);
    const calibrated = await predict(calibratedModel({ ...model, temperature: 2.5 }));
    expect(calibrated.every((one, index) => Math.abs(one - expected[index]!) < tolerance)).toBe(true);
  });

  it('leaves every other layer and a model without one as they are', () => {
    const model = exampleModel();
    expect(calibratedModel(model)).toEqual(model);
    const calibrated = calibratedModel({ ...model, temperature: 2 });
    expect(calibrated.temperature).toBeUndefined();
    expect(calibrated.tensors.slice(0, 2)).toEqual(model.tensors.slice(0, 2));
    expect(calibrated.tensors[2]!.data).toEqual(model.tensors[2]!.data.map((one) => one / 2));
  });
});
