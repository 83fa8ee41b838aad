// The runs of a cross-validation, found among all runs: those of one dataset whose recipes differ in the fold alone. So
// nothing but the runs' own records is needed to go on with one, after a restart too.
import { defaultPreset, presets } from './presets.ts';
import type { Recipe, Validation } from './schemas/recipe.ts';
import type { RunSummary } from './schemas/run.ts';

type Fold = Extract<Validation, { type: 'fold' }>;

/** What is trained on each fold where nobody chooses: a quick recipe, good enough to find nine in ten of exchanged labels. */
export const defaultFoldRecipe: Recipe = {
  ...(presets.find(({ id }) => id === 'dense-128-64') ?? defaultPreset).recipe,
  epochs: 6,
};
export const defaultFolds = 5;

/** The folds of a recipe on a dataset. */
export interface FoldRuns {
  datasetId: string;
  /** Its validation is the first fold. */
  recipe: Recipe;
  folds: number;
  /** By fold: the newest finished run, or the newest one that can be gone on with; null where there is neither. */
  runs: readonly (RunSummary | null)[];
  /** The folds without a finished run, from 1. */
  missing: readonly number[];
}

/** The recipe with that fold held out. */
export function withFold(recipe: Recipe, folds: number, fold: number): Recipe {
  return { ...recipe, validation: { type: 'fold', folds, fold } };
}

/** Null for a run with corrections too: its labels are not those that are to be judged. */
const foldOf = ({ recipe: { validation }, corrections }: RunSummary): Fold | null =>
  validation.type === 'fold' && corrections === null ? validation : null;

/** The same for runs of one cross-validation. What a recipe is called changes nothing. */
function keyOf({ datasetId, recipe }: Pick<RunSummary, 'datasetId' | 'recipe'>, folds: number): string {
  const entries = Object.entries({ ...withFold(recipe, folds, 1), name: '' });
  return JSON.stringify([datasetId, entries.sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** What became of the folds of `recipe` on a dataset. `runs` are all there are, the newest first. */
export function findFoldRuns(
  runs: readonly RunSummary[],
  { datasetId, recipe, folds }: Pick<FoldRuns, 'datasetId' | 'recipe' | 'folds'>,
): FoldRuns {
  const key = keyOf({ datasetId, recipe }, folds);
  const own = runs.filter((run) => foldOf(run)?.folds === folds && keyOf(run, folds) === key);
  const found = Array.from({ length: folds }, (_value, place) => {
    const ofFold = own.filter((run) => foldOf(run)?.fold === place + 1);
    return ofFold.find(({ state }) => state === 'finished') ?? ofFold.find((run) => run.canResume) ?? null;
  });
  const missing = found.flatMap((run, place) => (run?.state === 'finished' ? [] : [place + 1]));
  return { datasetId, recipe: withFold(recipe, folds, 1), folds, runs: found, missing };
}

/** Every cross-validation of a dataset that there is a run of, the newest first. `runs` are all there are, the newest first. */
export function listFoldRuns(runs: readonly RunSummary[], datasetId: string): FoldRuns[] {
  const found = new Map<string, FoldRuns>();
  for (const run of runs) {
    const fold = foldOf(run);
    if (fold === null || run.datasetId !== datasetId) continue;
    const key = keyOf(run, fold.folds);
    if (found.has(key)) continue;
    const { recipe } = run;
    found.set(key, findFoldRuns(runs, { datasetId, recipe, folds: fold.folds }));
  }
  return [...found.values()];
}
