// Every message between the core and a training process. Both ends are the same build, but a process is a border:
// what arrives is validated there.
import * as v from 'valibot';
import { exportFormatSchema } from '../../src-shared/exportFormats.ts';
import { errorDataSchema } from '../../src-shared/failure.ts';
import { correctionsSummarySchema } from '../../src-shared/schemas/correction.ts';
import { imageShapeSchema, splitSchema } from '../../src-shared/schemas/dataset.ts';
import { importOptionsSchema, importProgressSchema } from '../../src-shared/schemas/datasetImport.ts';
import { duplicatesSchema } from '../../src-shared/schemas/duplicates.ts';
import { exportedModelSchema } from '../../src-shared/schemas/export.ts';
import { inspectionSchema, neighboursSchema, predictionSchema } from '../../src-shared/schemas/inspection.ts';
import { evaluationSchema } from '../../src-shared/schemas/model.ts';
import { recipeSchema } from '../../src-shared/schemas/recipe.ts';
import { epochRecordSchema, runProgressSchema, testResultSchema } from '../../src-shared/schemas/run.ts';
import { stagedImportSchema } from '../datasets/importing/stagedImport.ts';

const requestId = v.number();

/** Everything that a training process needs to train a run. */
export const trainingOrderSchema = v.strictObject({
  kind: v.literal('train'),
  runId: v.string(),
  /** What the model file says of its origin. */
  name: v.string(),
  createdAt: v.string(),
  weftVersion: v.string(),
  dataDirectory: v.string(),
  datasetId: v.string(),
  recipe: recipeSchema,
  /** What `corrections.json` in the run's folder must be; null for none. */
  corrections: v.nullable(correctionsSummarySchema),
  threads: v.number(),
  paused: v.boolean(),
  /** Everything of the run but run.json is written there. */
  runFolder: v.string(),
  /** Go on from the newest checkpoint in the folder that is whole, instead of from the start. */
  resume: v.nullable(
    v.strictObject({
      /** From there on; null leaves it as it was. */
      learningRate: v.nullable(v.number()),
    }),
  ),
});
export type TrainingOrder = v.InferOutput<typeof trainingOrderSchema>;

/** A model file to run over a split. */
export const evaluationOrderSchema = v.strictObject({
  kind: v.literal('evaluate'),
  requestId,
  modelPath: v.string(),
  dataDirectory: v.string(),
  datasetId: v.string(),
  threads: v.number(),
  split: evaluationSchema.entries.split,
});
export type EvaluationOrder = v.InferOutput<typeof evaluationOrderSchema>;

/** A model file to make an export of. */
export const exportOrderSchema = v.strictObject({
  kind: v.literal('export'),
  requestId,
  modelPath: v.string(),
  /** What the model is called and how it did by now, whatever its file says. */
  name: v.string(),
  test: v.nullable(testResultSchema),
  dataDirectory: v.string(),
  threads: v.number(),
  format: exportFormatSchema,
  withExamples: v.boolean(),
});
export type ExportOrder = v.InferOutput<typeof exportOrderSchema>;

const imageOrder = {
  requestId,
  modelPath: v.string(),
  dataDirectory: v.string(),
  datasetId: v.string(),
  threads: v.number(),
  split: splitSchema,
  index: v.number(),
};

/** An image to look into with a model. */
export const inspectionOrderSchema = v.strictObject({ kind: v.literal('inspect'), ...imageOrder });
export type InspectionOrder = v.InferOutput<typeof inspectionOrderSchema>;

/** An image to find similar training images of. */
export const neighboursOrderSchema = v.strictObject({
  kind: v.literal('findNeighbours'),
  ...imageOrder,
  count: v.number(),
});
export type NeighboursOrder = v.InferOutput<typeof neighboursOrderSchema>;

const pixelsOrder = {
  requestId,
  modelPath: v.string(),
  threads: v.number(),
  pixels: v.instance(Uint8Array),
};

/** An image that is in no dataset, to look into with a model. */
export const pixelsInspectionOrderSchema = v.strictObject({
  kind: v.literal('inspectPixels'),
  ...pixelsOrder,
});
export type PixelsInspectionOrder = v.InferOutput<typeof pixelsInspectionOrderSchema>;

/** Images that are in no dataset, to predict. */
export const predictionOrderSchema = v.strictObject({ kind: v.literal('predict'), ...pixelsOrder });
export type PredictionOrder = v.InferOutput<typeof predictionOrderSchema>;

/** Images of a person's own to read and to stage as a dataset. */
export const importOrderSchema = v.strictObject({
  kind: v.literal('readImport'),
  requestId,
  path: v.string(),
  testPath: v.nullable(v.string()),
  sentAs: v.nullable(v.string()),
  options: importOptionsSchema,
  stagingFolder: v.string(),
});
export type ImportOrder = v.InferOutput<typeof importOrderSchema>;

/** A dataset to find identical and nearly identical images in. */
export const duplicatesOrderSchema = v.strictObject({
  kind: v.literal('findDuplicates'),
  requestId,
  dataDirectory: v.string(),
  datasetId: v.string(),
  /** The least correlation of near duplicates. */
  similarity: v.number(),
});
export type DuplicatesOrder = v.InferOutput<typeof duplicatesOrderSchema>;

/** What the person does to the run under way. Each is answered with its `requestId` once it has taken effect. */
export const controlSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('pause'), requestId }),
  v.strictObject({ kind: v.literal('resume'), requestId }),
  v.strictObject({ kind: v.literal('step'), requestId }),
  v.strictObject({ kind: v.literal('stop'), requestId }),
  v.strictObject({ kind: v.literal('changeLearningRate'), requestId, learningRate: v.number() }),
]);
export type Control = v.InferOutput<typeof controlSchema>;
/** What the person does, before it is numbered. */
export type ControlWithoutId = Control extends infer C
  ? C extends Control
    ? Omit<C, 'requestId'>
    : never
  : never;

export const toTrainingSchema = v.variant('kind', [
  trainingOrderSchema,
  evaluationOrderSchema,
  inspectionOrderSchema,
  neighboursOrderSchema,
  pixelsInspectionOrderSchema,
  predictionOrderSchema,
  exportOrderSchema,
  importOrderSchema,
  duplicatesOrderSchema,
  ...controlSchema.options,
]);
export type ToTraining = v.InferOutput<typeof toTrainingSchema>;

/** What a model says of each image of a split. */
export const evaluationResultSchema = v.strictObject({
  classes: v.array(v.string()),
  imageSplit: splitSchema,
  imageIndices: v.instance(Uint32Array),
  /** One byte an image. */
  labels: v.instance(Uint8Array),
  /** Those that the labels are corrected by; absent where they are the dataset's own. */
  corrections: v.exactOptional(correctionsSummarySchema),
  /** `(images, classes)` */
  probabilities: v.instance(Float32Array),
  /** Mean categorical cross-entropy. */
  loss: v.number(),
  accuracy: v.number(),
  /** The one that the model has; the probabilities were made with it. */
  temperature: v.nullable(v.number()),
});
export type EvaluationResult = v.InferOutput<typeof evaluationResultSchema>;

export const fromTrainingSchema = v.variant('kind', [
  /** The data is loaded and the network planned: training begins. */
  v.strictObject({
    kind: v.literal('began'),
    facts: v.strictObject({
      parameters: v.number(),
      kernels: v.string(),
      threads: v.number(),
      classes: v.array(v.string()),
      shape: imageShapeSchema,
      datasetFingerprint: v.string(),
      batchesPerEpoch: v.number(),
      validationImages: v.number(),
      epochsPerPrediction: v.number(),
    }),
    /** Where a run went on from; null for a new one. */
    resumed: v.nullable(
      v.strictObject({
        step: v.number(),
        epoch: v.number(),
        batch: v.number(),
        /** What is not as it should be, a sentence each. */
        notices: v.array(v.string()),
        /** How much of history.ndjson is of the time before. */
        historyBytes: v.number(),
      }),
    ),
  }),
  /** Where the run is, with the steps done since the last of these. */
  v.strictObject({
    kind: v.literal('progressed'),
    progress: runProgressSchema,
    steps: v.instance(Uint32Array),
    losses: v.instance(Float32Array),
    accuracies: v.instance(Float32Array),
  }),
  v.strictObject({ kind: v.literal('epochEnded'), record: epochRecordSchema }),
  v.strictObject({ kind: v.literal('learningRateChanged'), step: v.number(), learningRate: v.number() }),
  /** There is a checkpoint of this step on the disk. */
  v.strictObject({ kind: v.literal('checkpointed'), step: v.number() }),
  /** The model file holds the weights of this epoch. */
  v.strictObject({ kind: v.literal('kept'), epoch: v.number() }),
  /** The run is over and everything of it is on the disk. */
  v.strictObject({ kind: v.literal('ended'), state: v.picklist(['finished', 'stopped']) }),
  v.strictObject({ kind: v.literal('failed'), error: errorDataSchema }),
  /** Said every second, whatever else there is to say. */
  v.strictObject({ kind: v.literal('alive') }),
  v.strictObject({ kind: v.literal('answered'), requestId }),
  v.strictObject({ kind: v.literal('evaluated'), requestId, result: evaluationResultSchema }),
  v.strictObject({ kind: v.literal('inspected'), requestId, result: inspectionSchema }),
  v.strictObject({ kind: v.literal('neighboursFound'), requestId, result: neighboursSchema }),
  v.strictObject({ kind: v.literal('predicted'), requestId, result: predictionSchema }),
  v.strictObject({ kind: v.literal('exported'), requestId, result: exportedModelSchema }),
  v.strictObject({
    kind: v.literal('importProgressed'),
    requestId,
    progress: v.omit(importProgressSchema, ['importId']),
  }),
  v.strictObject({ kind: v.literal('importRead'), requestId, result: stagedImportSchema }),
  /** The share of the comparisons that is done, from 0 to 1. */
  v.strictObject({ kind: v.literal('duplicatesProgressed'), requestId, share: v.number() }),
  v.strictObject({ kind: v.literal('duplicatesFound'), requestId, result: duplicatesSchema }),
  v.strictObject({ kind: v.literal('refused'), requestId, error: errorDataSchema }),
]);
export type FromTraining = v.InferOutput<typeof fromTrainingSchema>;
