// What run.json holds: everything of a run but its epochs and batch points, which history.ndjson grows by.
import * as v from 'valibot';
import { imageShapeSchema } from '../../src-shared/schemas/dataset.ts';
import { summarizeEpochs } from './outcome.ts';
import { runSummarySchema, type EpochRecord, type RunSummary } from '../../src-shared/schemas/run.ts';

export const runRecordSchema = v.strictObject({
  ...v.omit(runSummarySchema, ['outcome']).entries,
  /** The Weft and the process that trained it. */
  weftVersion: v.string(),
  processId: v.number(),
  classes: v.array(v.string()),
  shape: imageShapeSchema,
  /** Of the dataset's images: the same set in the same order. */
  datasetFingerprint: v.string(),
  batchesPerEpoch: v.number(),
  /** predictions.bin holds `(epochs logged, validationImages, classes)` bytes, one a probability, 255 for 1. */
  validationImages: v.number(),
  /** Every how many epochs the predictions are logged: 1, or more where the file would grow too large. */
  epochsPerPrediction: v.number(),
});
export type RunRecord = v.InferOutput<typeof runRecordSchema>;

/** The run as pages see it. */
export function toSummary(record: RunRecord, epochs: readonly EpochRecord[]): RunSummary {
  const { id, name, datasetId, recipe, state, createdAt, parameters, threads, kernels } = record;
  const { keptEpoch, test, temperature, failure, tags, notes } = record;
  return {
    ...{ id, name, datasetId, recipe, state, createdAt, parameters, threads, kernels },
    ...{ outcome: summarizeEpochs(epochs, keptEpoch), keptEpoch, test, temperature, failure, tags, notes },
  };
}
