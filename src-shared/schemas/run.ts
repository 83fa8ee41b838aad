import * as v from 'valibot';
import { annotationEntries } from './annotation.ts';
import { bytesSchema } from './bytes.ts';
import { correctionsSummarySchema } from './correction.ts';
import { splitSchema } from './dataset.ts';
import { errorDataSchema } from '../failure.ts';
import { recipeSchema } from './recipe.ts';

export const runStateSchema = v.picklist([
  'preparing',
  'running',
  'paused',
  'finished',
  /** Ended by the person, the weights kept. */
  'stopped',
  'failed',
  /** Weft ended while it was running. */
  'interrupted',
]);
export type RunState = v.InferOutput<typeof runStateSchema>;

/** Whether a run in this state is under way, paused included. */
export function isActiveState(state: RunState): boolean {
  return state === 'preparing' || state === 'running' || state === 'paused';
}

export const epochRecordSchema = v.strictObject({
  /** Counted from 1. */
  epoch: v.number(),
  /** Mean over the epoch's batches, as they were trained on. */
  trainLoss: v.number(),
  trainAccuracy: v.number(),
  validationLoss: v.number(),
  validationAccuracy: v.number(),
  /** Of the epoch's last step. */
  learningRate: v.number(),
  seconds: v.number(),
  imagesPerSecond: v.number(),
});
export type EpochRecord = v.InferOutput<typeof epochRecordSchema>;

/** What the epochs of a run came to, for lists of many runs: `run.history` has the epochs themselves. */
export const runOutcomeSchema = v.strictObject({
  /** Epochs done. */
  epochs: v.number(),
  /** That they took together. */
  seconds: v.number(),
  last: v.nullable(epochRecordSchema),
  /** The one with the highest validation accuracy, the earliest of equals. */
  best: v.nullable(epochRecordSchema),
  /** The one whose weights are kept; null also where it was stopped before its end. */
  kept: v.nullable(epochRecordSchema),
  /** Validation accuracy by epoch; of very many epochs an even choice, the first and the last among them. */
  validationCurve: v.array(v.number()),
});
export type RunOutcome = v.InferOutput<typeof runOutcomeSchema>;

export const testResultSchema = v.strictObject({
  loss: v.number(),
  accuracy: v.number(),
  /** How often the test set was looked at with this model. */
  looks: v.number(),
});
export type TestResult = v.InferOutput<typeof testResultSchema>;

export const resumeSchema = v.strictObject({
  /** ISO 8601. */
  at: v.string(),
  /** Steps and whole epochs done by then, and batches of the epoch under way. */
  step: v.number(),
  epoch: v.number(),
  batch: v.number(),
  /** What was not as it should be, a sentence each: a damaged checkpoint that was passed over, for example. */
  notices: v.array(v.string()),
});
export type Resume = v.InferOutput<typeof resumeSchema>;

export const runSummarySchema = v.strictObject({
  id: v.string(),
  name: v.string(),
  datasetId: v.string(),
  /** Those of the dataset that it was trained with; null for none. */
  corrections: v.optional(v.nullable(correctionsSummarySchema), null),
  recipe: recipeSchema,
  state: runStateSchema,
  /** ISO 8601. */
  createdAt: v.string(),
  parameters: v.number(),
  threads: v.number(),
  /** The arithmetic it ran on: `reference`, `wasm-simd` … */
  kernels: v.string(),
  outcome: runOutcomeSchema,
  /**
   * The epoch (from 1) whose weights are kept: the best by validation with early stopping, else the last, which may have
   * been stopped before its end. 0 when it was stopped before its first step; null while no weights are kept.
   */
  keptEpoch: v.nullable(v.number()),
  test: v.nullable(testResultSchema),
  /** Of the weights that are kept: what their logits are divided by; null where none was fitted. */
  temperature: v.optional(v.nullable(v.number()), null),
  failure: v.nullable(errorDataSchema),
  /** Whether `run.resume` can go on with it though it has ended: it has a checkpoint and epochs left. */
  canResume: v.boolean(),
  /** When and from where it was gone on with. */
  resumes: v.array(resumeSchema),
  ...annotationEntries,
});
export type RunSummary = v.InferOutput<typeof runSummarySchema>;

/** What a run said of its validation images after the epochs asked for. */
export const runPredictionsSchema = v.strictObject({
  /** Every epoch that there is something of, from 1. */
  epochs: v.array(v.number()),
  /** Where the images are: their split and, Uint32, their indices in it. */
  imageSplit: splitSchema,
  imageIndices: bytesSchema,
  /** One byte an image. */
  labels: bytesSchema,
  classCount: v.number(),
  /** `(epochs asked for, images, classes)`, 255 for 1. */
  probabilities: bytesSchema,
});
export type RunPredictions = v.InferOutput<typeof runPredictionsSchema>;

export const runProgressSchema = v.strictObject({
  runId: v.string(),
  state: runStateSchema,
  /** The epoch and batch under way, counted from 1; batch 0 before the first one of an epoch. */
  epoch: v.number(),
  epochs: v.number(),
  batch: v.number(),
  batches: v.number(),
  /** Steps done since the start of the run. */
  step: v.number(),
  /** The share of the step under way that is done, from 0 to 1: what moves while a huge batch is trained on. */
  stepProgress: v.number(),
  imagesPerSecond: v.number(),
  secondsElapsed: v.number(),
  secondsLeft: v.nullable(v.number()),
  learningRate: v.number(),
  /** What keeps the run from going on at present: a full disk, a process that does not answer. */
  trouble: v.nullable(errorDataSchema),
});
export type RunProgress = v.InferOutput<typeof runProgressSchema>;

/** What a page asks for to catch up: everything after the steps and epochs that it has. */
export const runHistorySchema = v.strictObject({
  /** Uint32: the step (from 1) of each batch point; thinned in a run read back from disk. */
  batchSteps: bytesSchema,
  /** Float32, beside `batchSteps`. */
  batchLosses: bytesSchema,
  batchAccuracies: bytesSchema,
  epochs: v.array(epochRecordSchema),
  /** Steps in one epoch: puts epochs and batches on one axis. */
  batchesPerEpoch: v.number(),
  /** Where the person changed the learning rate by hand. */
  learningRateChanges: v.array(v.strictObject({ step: v.number(), learningRate: v.number() })),
});
export type RunHistory = v.InferOutput<typeof runHistorySchema>;
