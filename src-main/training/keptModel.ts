// The model that a run keeps: its weights with everything that is known of them.
import type { EpochRecord } from '../../src-shared/schemas/run.ts';
import type { Dataset } from '../datasets/types.ts';
import type { NamedTensor } from '../engine/types.ts';
import type { Corrections } from '../files/corrections.ts';
import type { Model } from '../runs/modelFile.ts';
import { pixelScale, type ModelResults } from '../runs/modelMetadata.ts';
import type { TrainingOrder } from './messages.ts';

/** The results of an epoch; those of one that was not finished are not known. */
export function resultsOf(epoch: number, record: EpochRecord | undefined): ModelResults {
  return {
    epoch,
    trainLoss: record?.trainLoss ?? null,
    trainAccuracy: record?.trainAccuracy ?? null,
    validationLoss: record?.validationLoss ?? null,
    validationAccuracy: record?.validationAccuracy ?? null,
    test: null,
  };
}

export function modelOf(
  order: TrainingOrder,
  { dataset, corrections }: { dataset: Dataset; corrections: Corrections | null },
  results: ModelResults,
  tensors: NamedTensor[],
  learningRateChanges: NonNullable<Model['learningRateChanges']>,
): Model {
  const { name, createdAt, weftVersion, recipe } = order;
  const { id, fingerprint, shape, classes } = dataset;
  const summary = order.corrections;
  return {
    name,
    createdAt,
    weftVersion,
    architecture: { shape, classCount: classes.length, layers: recipe.layers },
    preprocessing: { scale: pixelScale },
    classes,
    recipe,
    dataset: { id, fingerprint, ...(summary === null ? {} : { corrections: summary }) },
    results,
    ...(corrections === null ? {} : { corrections: corrections.list }),
    ...(learningRateChanges.length === 0 ? {} : { learningRateChanges }),
    tensors,
  };
}
