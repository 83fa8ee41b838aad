// What run.json holds: everything of a run but its epochs and batch points, which history.ndjson grows by.
import * as v from 'valibot';
import { imageShapeSchema } from '../../src-shared/schemas/dataset.ts';
import {
  runSummarySchema,
  type EpochRecord,
  type RunState,
  type RunSummary,
} from '../../src-shared/schemas/run.ts';
import { summarizeEpochs } from './outcome.ts';

export const runRecordSchema = v.strictObject({
  ...v.omit(runSummarySchema, ['outcome', 'canResume', 'resumes']).entries,
  /** None in runs from before they could be resumed. */
  resumes: v.optional(runSummarySchema.entries.resumes, () => []),
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

/** Ended, but not because there was nothing left to train. */
const resumableStates: readonly RunState[] = ['stopped', 'failed', 'interrupted'];

/** The run as pages see it. */
export function toSummary(
  record: RunRecord,
  epochs: readonly EpochRecord[],
  hasCheckpoint: boolean,
): RunSummary {
  const { id, name, datasetId, recipe, state, createdAt, parameters, threads, kernels } = record;
  const { corrections, keptEpoch, test, temperature, failure, resumes, tags, notes } = record;
  return {
    ...{ id, name, datasetId, corrections, recipe, state, createdAt, parameters, threads, kernels },
    ...{ outcome: summarizeEpochs(epochs, keptEpoch), keptEpoch, test, temperature, failure },
    ...{ resumes, tags, notes },
    canResume: hasCheckpoint && resumableStates.includes(state),
  };
}

/** What training finds out when it begins and as it goes. */
export const unknownYet = {
  parameters: 0,
  corrections: null,
  threads: 0,
  kernels: '',
  keptEpoch: null,
  test: null,
  temperature: null,
  failure: null,
  resumes: [],
  tags: [],
  notes: '',
  datasetFingerprint: '',
  batchesPerEpoch: 0,
  validationImages: 0,
  epochsPerPrediction: 1,
};

/** What is known of a run before it begins. */
export type NewRun = Omit<RunRecord, 'id' | 'createdAt' | 'processId' | keyof typeof unknownYet>;
