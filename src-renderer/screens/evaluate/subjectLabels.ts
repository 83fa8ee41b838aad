import { formatWhen } from '../../format/quantities.ts';
import { datasets } from '../../state/datasets.svelte.ts';
import type { EvaluationSubject } from '../../state/evaluationSubject.ts';

/** Runs of one recipe have one name: the dataset and, where that is the same too, the time tell them apart. */
export function labelOf(subject: EvaluationSubject, all: readonly EvaluationSubject[]): string {
  const { name, datasetId, model, createdAt } = subject;
  const isAlone = !all.some((one) => one !== subject && one.name === name && one.datasetId === datasetId);
  const parts = [name, datasets.nameOf(datasetId)];
  if (!isAlone) parts.push(formatWhen(createdAt));
  if (model.kind === 'model') parts.push('library');
  return parts.join(' · ');
}
