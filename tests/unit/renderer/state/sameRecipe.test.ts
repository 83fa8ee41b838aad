import { describe, expect, it } from 'vitest';
import { runsOfSameRecipe } from '../../../../src-renderer/state/sameRecipe.ts';
import { defaultPreset } from '../../../../src-shared/presets.ts';
import type { RunSummary } from '../../../../src-shared/schemas/run.ts';

const { recipe } = defaultPreset;
const runOf = (id: string, seed: number, changes: Partial<RunSummary> = {}): RunSummary =>
  ({
    id,
    datasetId: 'strokes',
    state: 'finished',
    createdAt: '2026-01-01T00:00:00.000Z',
    recipe: { ...recipe, name: id, seed },
    ...changes,
  }) as RunSummary;

describe('runsOfSameRecipe', () => {
  it('finds the finished runs of a recipe, whatever seed and name, the newest of each seed', () => {
    const own = runOf('own', 3);
    const all = [
      own,
      runOf('other seed', 1),
      runOf('older', 2),
      runOf('newer', 2, { createdAt: '2026-02-01T00:00:00.000Z' }),
      runOf('stopped', 4, { state: 'stopped' }),
      runOf('elsewhere', 5, { datasetId: 'mnist' }),
      runOf('corrected', 7, { corrections: { fingerprint: 'a'.repeat(64), relabelled: 1, excluded: 0 } }),
      runOf('another', 6, { recipe: { ...recipe, seed: 6, epochs: recipe.epochs + 1 } }),
    ];
    expect(runsOfSameRecipe(own, all).map(({ id }) => id)).toEqual(['other seed', 'newer', 'own']);
  });
});
