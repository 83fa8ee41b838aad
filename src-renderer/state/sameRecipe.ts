import type { RunSummary } from '../../src-shared/schemas/run.ts';

type Trained = Pick<RunSummary, 'recipe' | 'datasetId' | 'corrections'>;

/** What decides a run but its seed: the recipe, the images and their corrections; names decide nothing. */
const essenceOf = ({ recipe, datasetId, corrections }: Trained): string =>
  JSON.stringify([{ ...recipe, seed: 0, name: '' }, datasetId, corrections?.fingerprint ?? null]);

/**
 * The finished runs of the same recipe on the same dataset with the same corrections, whatever their seeds; one for each
 * seed, the newest.
 */
export function runsOfSameRecipe(one: Trained, all: readonly RunSummary[]): RunSummary[] {
  const essence = essenceOf(one);
  const bySeed = new Map<number, RunSummary>();
  for (const run of all) {
    if (run.state !== 'finished' || essenceOf(run) !== essence) continue;
    const known = bySeed.get(run.recipe.seed);
    if (known === undefined || known.createdAt < run.createdAt) bySeed.set(run.recipe.seed, run);
  }
  return [...bySeed.values()].sort((a, b) => a.recipe.seed - b.recipe.seed);
}
