// Single images as a model sees them.
import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';
import { imageShapeSchema } from './dataset.ts';

export const inspectionSchema = v.strictObject({
  /** The class predicted, and the one it is compared with: the true class, or the next likely one where that is right. */
  forClass: v.number(),
  againstClass: v.number(),
  /** How far the first leads the second, the difference of their logits. */
  lead: v.number(),
  shape: imageShapeSchema,
  /** Float32 `(height, width, channels)`: how the lead grows with each pixel's brightness, from 0 to 1. */
  gradient: bytesSchema,
  /** Float32 `(height, width)`: how much of the lead is lost when a patch about the pixel is black. */
  occlusion: bytesSchema,
  /** Height and width of that patch in pixels. */
  occlusionPatch: v.number(),
  /** Of every layer but the output's. */
  layers: v.array(
    v.strictObject({
      /** As in the summary of the network: `Dense 128, ReLU`. */
      label: v.string(),
      /** `[units]` or `[height, width, channels]`. */
      shape: v.array(v.number()),
      /** Float32. */
      values: bytesSchema,
    }),
  ),
});
export type Inspection = v.InferOutput<typeof inspectionSchema>;

/** The training images that the last hidden layer finds most similar. */
export const neighboursSchema = v.strictObject({
  /** Uint32: numbers in the train split, the nearest first. */
  indices: bytesSchema,
  /** One byte each. */
  labels: bytesSchema,
  /** Float32: Euclidean, over the outputs of the last hidden layer. */
  distances: bytesSchema,
  /** How many images were compared, in how many numbers each, and how long the comparison took. */
  compared: v.number(),
  features: v.number(),
  searchMs: v.number(),
});
export type NearestImages = v.InferOutput<typeof neighboursSchema>;

/** What a model says of images of a person's own. */
export const predictionSchema = v.strictObject({
  /** Of the images that it takes. */
  shape: imageShapeSchema,
  classes: v.array(v.string()),
  /** Float32 `(images, classes)`. */
  probabilities: bytesSchema,
});
export type Prediction = v.InferOutput<typeof predictionSchema>;
