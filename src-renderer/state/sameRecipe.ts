import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';

/** What decides a run but its seed; names decide nothing. */
const essenceOf = (recipe: Recipe): string => JSON.stringify({ ...recipe, seed: 0, name: '' });

/** The finished runs of the same recipe on the same dataset, whatever their seeds; one for each seed, the newest. */
export function runsOfSameRecipe(
  { recipe, datasetId }: Pick<RunSummary, 'recipe' | 'datasetId'>,
  all: readonly RunSummary[],
): RunSummary[] {
  const essence = essenceOf(recipe);
  const bySeed = new Map<number, RunSummary>();
  for (const run of all) {
    if (run.state !== 'finished' || run.datasetId !== datasetId || essenceOf(run.recipe) !== essence)
      continue;
    const known = bySeed.get(run.recipe.seed);
    if (known === undefined || known.createdAt < run.createdAt) bySeed.set(run.recipe.seed, run);
  }
  return [...bySeed.values()].sort((a, b) => a.recipe.seed - b.recipe.seed);
}
