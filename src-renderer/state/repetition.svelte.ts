// The recipe that is being trained again with other seeds.
import type { Client } from '../../src-shared/protocol.ts';
import type { Repetition } from '../../src-shared/schemas/repetition.ts';
import { app } from './app.svelte.ts';
import { attempt } from './toasts.svelte.ts';

class RepetitionState {
  current = $state.raw<Repetition | null>(null);
  #subscribed = false;

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  /** Trains the run's recipe again with the seeds that follow its own. */
  start(runId: string, times: number): void {
    attempt(async () => (this.current = await app.client.call('run.repeat', { runId, times })));
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('repetition.changed', (repetition) => (this.current = repetition));
    }
    attempt(async () => (this.current = await client.call('run.repetition', {})));
  }

  cancel(): void {
    attempt(() => app.client.call('run.cancelRepetition', {}));
  }
}

export const repetition = new RepetitionState();
