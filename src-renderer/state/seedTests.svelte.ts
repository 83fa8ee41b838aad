// Looking at the test set with all runs of a recipe at once: each look is counted with its run, as any other.
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';

class SeedTests {
  /** How many of the runs asked for are done; null while nothing is under way. */
  progress = $state.raw<{ done: number; of: number } | null>(null);
  failure = $state.raw<unknown>(null);
  #cancellation = new AbortController();

  /** Evaluates the runs on the test images of their dataset, one after the other. */
  async lookWithAll(runs: readonly RunSummary[]): Promise<void> {
    if (this.progress !== null) return;
    const { signal } = (this.#cancellation = new AbortController());
    this.failure = null;
    try {
      for (const [done, { id: runId, datasetId }] of runs.entries()) {
        if (signal.aborted) break;
        this.progress = { done, of: runs.length };
        const model = { kind: 'run', runId } as const;
        await app.client.call('model.evaluate', { model, datasetId, split: 'test' });
      }
    } catch (error) {
      this.failure = error;
    } finally {
      this.progress = null;
    }
  }

  /** Looks with no further run; the one under way is counted. */
  cancel(): void {
    this.#cancellation.abort();
  }
}

export const seedTests = new SeedTests();
