import type { RunSummary } from '../../src-shared/schemas/run.ts';

/** `“Name” was interrupted in epoch 4 of 10.` */
export function describeInterruption(run: Pick<RunSummary, 'name' | 'outcome' | 'recipe'>): string {
  const { epochs } = run.recipe;
  return `“${run.name}” was interrupted in epoch ${Math.min(run.outcome.epochs + 1, epochs)} of ${epochs}.`;
}
