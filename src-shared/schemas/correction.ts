// Corrections: what a person says of single training images of a dataset, which itself never changes.
import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

/** Corrections in one message, and in one file: more than any training set has images. */
export const correctionLimit = 1_000_000;

/** The image's number in the training set. */
const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A class index; labels are bytes. */
const label = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

const relabelledSchema = v.strictObject({ index, label });
const excludedSchema = v.strictObject({ index, excluded: v.literal(true) });
const withdrawnSchema = v.strictObject({ index, withdrawn: v.literal(true) });

/** One training image has another label than its dataset says, or is not used at all. */
export const correctionSchema = v.union([relabelledSchema, excludedSchema]);
export type Correction = v.InferOutput<typeof correctionSchema>;

/** A correction to make, or the image's correction to withdraw: it is then again as its dataset has it. */
export const correctionChangeSchema = v.union([relabelledSchema, excludedSchema, withdrawnSchema]);
export type CorrectionChange = v.InferOutput<typeof correctionChangeSchema>;

export const correctionListSchema = v.pipe(v.array(correctionSchema), v.maxLength(correctionLimit));

/** Which corrections a run was trained with, in short. */
export const correctionsSummarySchema = v.strictObject({
  /** SHA-256 over the dataset's fingerprint and the corrections: the same corrections of the same images. */
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Training images that have another label. */
  relabelled: v.number(),
  /** Training images that are left out. */
  excluded: v.number(),
});
export type CorrectionsSummary = v.InferOutput<typeof correctionsSummarySchema>;

/** The corrections of a dataset that are in force. */
export const datasetCorrectionsSchema = v.strictObject({
  datasetId: v.string(),
  /** By image number, one an image. */
  list: correctionListSchema,
  /** Null where there are none. */
  summary: v.nullable(correctionsSummarySchema),
  /** Why earlier corrections of the set are not in force, where they could not be used. */
  problem: v.nullable(errorDataSchema),
});
export type DatasetCorrections = v.InferOutput<typeof datasetCorrectionsSchema>;
