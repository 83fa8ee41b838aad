// What can be evaluated: the runs that have weights and the models of the library, seen as one kind of thing.
import type { WeftError } from '../../src-shared/failure.ts';
import { findMisfit } from '../../src-shared/modelFit.ts';
import type { DatasetSummary, ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Evaluation, ModelReference, ModelSummary } from '../../src-shared/schemas/model.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';

export type EvaluationSplit = Evaluation['split'];

export interface EvaluationSubject {
  model: ModelReference;
  name: string;
  /** ISO 8601. */
  createdAt: string;
  recipe: Recipe;
  /** The dataset that it was trained on. */
  datasetId: string;
  /** Null where the dataset is not known here. */
  shape: ImageShape | null;
  classes: readonly string[] | null;
  /** Changes when the model's predictions do: with the weights of a run under way, with a temperature. */
  weightsVersion: string;
  /** Looks at the test set so far. */
  testLooks: number;
}

export function subjectOfRun(run: RunSummary, dataset: DatasetSummary | null): EvaluationSubject {
  return {
    model: { kind: 'run', runId: run.id },
    name: run.name,
    createdAt: run.createdAt,
    recipe: run.recipe,
    datasetId: run.datasetId,
    shape: dataset?.shape ?? null,
    classes: dataset?.classes ?? null,
    weightsVersion: `epoch ${run.keptEpoch ?? 0}, temperature ${run.temperature ?? 1}`,
    testLooks: run.test?.looks ?? 0,
  };
}

export function subjectOfModel(model: ModelSummary): EvaluationSubject {
  return {
    model: { kind: 'model', modelId: model.id },
    name: model.name,
    createdAt: model.createdAt,
    recipe: model.recipe,
    datasetId: model.datasetId,
    shape: model.shape,
    classes: model.classes,
    weightsVersion: `temperature ${model.temperature ?? 1}`,
    testLooks: model.test?.looks ?? 0,
  };
}

/** Why the model can't be run over the dataset, in the core's words; null where it can, or where the core has to find out. */
export function misfitOf(
  { name, shape, classes }: EvaluationSubject,
  dataset: DatasetSummary,
): WeftError | null {
  return shape === null || classes === null ? null : findMisfit({ name, shape, classes }, dataset);
}

/** Whether the model takes the dataset's images and has an output for each of its classes, and no others. */
export function fits(subject: EvaluationSubject, dataset: DatasetSummary): boolean {
  return subject.shape !== null && misfitOf(subject, dataset) === null;
}

/** Whether its validation images are the test set, so that no estimate of this model is an honest one. */
export function isValidatedOnTest(subject: EvaluationSubject): boolean {
  return subject.recipe.validation.type === 'test';
}

/**
 * The splits that there are for the model on a dataset: validation images were held out of its own training set only,
 * and a set that was imported may have no test images with labels.
 */
export function splitsOf(
  subject: EvaluationSubject,
  { id, testCount }: Pick<DatasetSummary, 'id' | 'testCount'>,
): readonly EvaluationSplit[] {
  const hasValidation = subject.datasetId === id && !isValidatedOnTest(subject);
  return [
    ...(hasValidation ? (['validation'] as const) : []),
    ...(testCount > 0 ? (['test'] as const) : []),
    'train',
  ];
}
