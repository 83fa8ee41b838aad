// Giving the model that Evaluate looks at a temperature, and taking it away, with a way back.
import {
  atTemperature,
  fitTemperature,
  measureCalibration,
  temperatureLimits,
} from '../../src-shared/metrics/calibration.ts';
import { confidences, meanResult } from '../../src-shared/metrics/predictions.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { app } from './app.svelte.ts';
import type { EvaluatedImages } from './evaluatedImages.ts';
import { attempt, toasts } from './toasts.svelte.ts';

/** A temperature that was fitted, and what it would change. */
export interface TemperatureFit {
  temperature: number;
  loss: number;
  calibrationError: number;
}

/** The temperature at which the loss of these images is least, the one that the model has included. */
export function fitTo({
  probabilities,
  labels,
  predicted,
  classes,
  temperature,
}: EvaluatedImages): TemperatureFit {
  const classCount = classes.length;
  const further = fitTemperature(probabilities, labels, classCount);
  const { minimum, maximum } = temperatureLimits;
  const total = Math.min(maximum, Math.max(minimum, further * (temperature ?? 1)));
  const changed = atTemperature(probabilities, classCount, total / (temperature ?? 1));
  const { expectedError } = measureCalibration(
    confidences(changed, classCount),
    (image) => predicted[image] === labels[image],
  );
  return {
    temperature: total,
    loss: meanResult(changed, labels, classCount).loss,
    calibrationError: expectedError,
  };
}

/** Gives the model a temperature, or takes it away, and offers to take that back. */
export function changeTemperature(
  model: ModelReference,
  before: number | null,
  temperature: number | null,
): void {
  attempt(async () => {
    await app.client.call('model.setTemperature', { model, temperature });
    const message =
      temperature === null
        ? 'The temperature was taken away.'
        : `Every prediction of this model is now made at a temperature of ${temperature.toFixed(2)}.`;
    const toastId = toasts.show(message, {
      label: 'Undo',
      run: () => {
        toasts.dismiss(toastId);
        attempt(() => app.client.call('model.setTemperature', { model, temperature: before }));
      },
    });
  });
}
