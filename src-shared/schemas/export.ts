import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';

/** How an export that was read back compares with its model. One that differs is not handed over. */
export const exportCheckSchema = v.strictObject({
  /** What was read back: all that decides the predictions, or the weights beside scripts that are not run. */
  covers: v.picklist(['file', 'weights']),
  /** How many images were compared. */
  images: v.number(),
  /** The images held out for validation, or pictures that Weft drew where those are not at hand. */
  source: v.picklist(['validation', 'drawn']),
  /** Between two probabilities of the same class and image. */
  largestDifference: v.number(),
  /** The share of these images that the model and what was read back get right; null for drawn pictures. */
  ownAccuracy: v.nullable(v.number()),
  reloadedAccuracy: v.nullable(v.number()),
});
export type ExportCheck = v.InferOutput<typeof exportCheckSchema>;

const fileSchema = v.strictObject({ fileName: v.string(), bytes: bytesSchema });

/** A model as a file for other tools. */
export const exportedModelSchema = v.strictObject({
  ...fileSchema.entries,
  check: exportCheckSchema,
  /** Images and what the model says of them, as a NumPy archive; null where not asked for, or in an archive already. */
  examples: v.nullable(fileSchema),
});
export type ExportedModel = v.InferOutput<typeof exportedModelSchema>;
