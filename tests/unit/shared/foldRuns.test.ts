import { describe, expect, it } from 'vitest';
import { defaultFoldRecipe, findFoldRuns, listFoldRuns, withFold } from '../../../src-shared/foldRuns.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import type { RunSummary } from '../../../src-shared/schemas/run.ts';

const folds = 3;
const wanted = { datasetId: 'strokes', recipe: defaultFoldRecipe, folds };

function run(id: string, recipe: Recipe, changes: Partial<RunSummary> = {}): RunSummary {
  const usual = { id, datasetId: 'strokes', state: 'finished', canResume: false, corrections: null };
  return { ...usual, recipe, ...changes } as RunSummary;
}
const ofFold = (id: string, fold: number, changes?: Partial<RunSummary>): RunSummary =>
  run(id, withFold(defaultFoldRecipe, folds, fold), changes);

describe('the runs of a cross-validation', () => {
  it('are those of the set whose recipes differ in the fold, and in nothing else but the name', () => {
    const renamed = { ...withFold(defaultFoldRecipe, folds, 2), name: 'Another name' };
    const runs = [
      ofFold('first', 1),
      run('renamed', renamed),
      ofFold('other set', 3, { datasetId: 'mnist' }),
      run('other seed', { ...withFold(defaultFoldRecipe, folds, 3), seed: 9 }),
      run('other folds', withFold(defaultFoldRecipe, 4, 3)),
      run('not a fold', defaultFoldRecipe),
      ofFold('corrected', 3, { corrections: { fingerprint: 'a'.repeat(64), relabelled: 1, excluded: 0 } }),
    ];
    const found = findFoldRuns(runs, wanted);
    expect(found.runs.map((one) => one?.id)).toEqual(['first', 'renamed', undefined]);
    expect(found.missing).toEqual([3]);
  });

  it('are the newest finished ones, else one to go on with, which is missing still', () => {
    const runs = [
      ofFold('stopped later', 1, { state: 'stopped', canResume: true }),
      ofFold('finished', 1),
      ofFold('finished before', 1),
      ofFold('stopped', 2, { state: 'stopped', canResume: true }),
      ofFold('failed', 3, { state: 'failed' }),
    ];
    const found = findFoldRuns(runs, wanted);
    expect(found.runs.map((one) => one?.id)).toEqual(['finished', 'stopped', undefined]);
    expect(found.missing).toEqual([2, 3]);
  });

  it('are listed by cross-validation, the newest first', () => {
    const other = { ...defaultFoldRecipe, seed: 2 };
    const runs = [
      run('newer', withFold(other, 2, 1)),
      ofFold('older', 1),
      ofFold('oldest', 2),
      run('plain', defaultFoldRecipe),
    ];
    const listed = listFoldRuns(runs, 'strokes');
    expect(listed.map(({ folds: count, missing }) => [count, missing])).toEqual([
      [2, [2]],
      [3, [3]],
    ]);
    expect(listFoldRuns(runs, 'mnist')).toEqual([]);
  });
});
