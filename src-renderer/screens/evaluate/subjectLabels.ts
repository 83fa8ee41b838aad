import { formatWhenBriefly } from '../../format/quantities.ts';
import { datasets } from '../../state/datasets.svelte.ts';
import type { EvaluationSubject } from '../../state/evaluationSubject.ts';

/** Runs of one recipe have one name: the dataset tells them apart, then the seed, and the time where that is the same too. */
export function labelOf(subject: EvaluationSubject, all: readonly EvaluationSubject[]): string {
  const { name, datasetId, model, createdAt, recipe } = subject;
  const alike = all.filter((one) => one !== subject && one.name === name && one.datasetId === datasetId);
  const parts = [name, datasets.nameOf(datasetId)];
  if (alike.some((one) => one.recipe.seed !== recipe.seed)) parts.push(`seed ${recipe.seed}`);
  if (alike.some((one) => one.recipe.seed === recipe.seed))
    parts.push(formatWhenBriefly(createdAt, new Date()));
  if (model.kind === 'model') parts.push('library');
  return parts.join(' · ');
}
