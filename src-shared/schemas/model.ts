import * as v from 'valibot';
import { temperatureLimits } from '../metrics/calibration.ts';
import { annotationEntries } from './annotation.ts';
import { bytesSchema } from './bytes.ts';
import { correctionsSummarySchema } from './correction.ts';
import { imageShapeSchema, splitSchema } from './dataset.ts';
import { networkSummarySchema } from './network.ts';
import { recipeSchema } from './recipe.ts';
import { testResultSchema } from './run.ts';

/** A model to work with: the weights a run kept, or a model of the library. */
export const modelReferenceSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('run'), runId: v.string() }),
  v.strictObject({ kind: v.literal('model'), modelId: v.string() }),
]);
export type ModelReference = v.InferOutput<typeof modelReferenceSchema>;

/** What a model's logits are divided by before its softmax; above 1 makes it less sure. */
export const temperatureSchema = v.pipe(
  v.number(),
  v.minValue(temperatureLimits.minimum),
  v.maxValue(temperatureLimits.maximum),
);

export const modelSummarySchema = v.strictObject({
  id: v.string(),
  name: v.string(),
  createdAt: v.string(),
  classes: v.array(v.string()),
  shape: imageShapeSchema,
  /** The recipe it was trained with, and on which set. */
  recipe: recipeSchema,
  datasetId: v.string(),
  network: networkSummarySchema,
  /** Of these weights, when they were trained. */
  validationAccuracy: v.nullable(v.number()),
  test: v.nullable(testResultSchema),
  sizeBytes: v.number(),
  /** Null where it has none. */
  temperature: v.nullable(temperatureSchema),
  ...annotationEntries,
});
export type ModelSummary = v.InferOutput<typeof modelSummarySchema>;

/** Every image of a split with what the model says of it. */
export const evaluationSchema = v.strictObject({
  model: modelReferenceSchema,
  datasetId: v.string(),
  /** What was asked for; `validation` is the run's own held-out part. */
  split: v.picklist(['validation', 'test', 'train']),
  classes: v.array(v.string()),
  /** Where the images are: their split and, Uint32, their indices in it. */
  imageSplit: splitSchema,
  imageIndices: bytesSchema,
  /** One byte an image. */
  labels: bytesSchema,
  /**
   * The corrections that these labels have and that left images out: those which the model was trained with. Absent where the
   * labels are the dataset's own, as those of test images always are.
   */
  corrections: v.exactOptional(correctionsSummarySchema),
  /** Float32 `(images, classes)`. */
  probabilities: bytesSchema,
  /** Mean categorical cross-entropy. */
  loss: v.number(),
  accuracy: v.number(),
  /** The temperature that the model has and that these probabilities were made with. */
  temperature: v.nullable(temperatureSchema),
  /**
   * How often test images were looked at with this model, this time included: those of its own dataset are counted and
   * kept; those of another count as one look each time. 0 for other images.
   */
  testLooks: v.number(),
});
export type Evaluation = v.InferOutput<typeof evaluationSchema>;
