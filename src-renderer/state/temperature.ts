// Giving the model that Evaluate looks at a temperature, and taking it away, with a way back.
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { app } from './app.svelte.ts';
import { attempt, toasts } from './toasts.svelte.ts';

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
