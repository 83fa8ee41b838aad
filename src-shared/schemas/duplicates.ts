// Images that are in a dataset more than once.
import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';

/** How similar two images must be to be listed as near duplicates: Pearson's correlation of their pixels. */
export const similarityLimits = { minimum: 0.9, maximum: 1 } as const;
export const defaultSimilarity = 0.99;

export const duplicatePairsSchema = v.strictObject({
  /** Uint32: the earlier image of each pair, in the train split; identical ones first, then the most similar. */
  first: bytesSchema,
  /** Uint32: the other image. */
  second: bytesSchema,
  /** Float32: Pearson's correlation of the pixels. */
  similarities: bytesSchema,
  /**
   * How many pairs, from the first, are identical: one for each image that an earlier one is equal to, with the first of
   * its equals.
   */
  identical: v.number(),
});
export type DuplicatePairs = v.InferOutput<typeof duplicatePairsSchema>;

export const duplicatesSchema = v.strictObject({
  datasetId: v.string(),
  /** At least so similar; more where there would be too many pairs. */
  similarity: v.number(),
  trainImages: v.number(),
  testImages: v.number(),
  /** Both in the train split. */
  withinTrain: duplicatePairsSchema,
  /** The first in the train split, the second in the test split. */
  acrossSplits: duplicatePairsSchema,
  seconds: v.number(),
});
export type Duplicates = v.InferOutput<typeof duplicatesSchema>;

export const duplicateSearchSchema = v.strictObject({
  datasetId: v.string(),
  /** The share of the search that is done; null when it is over. */
  share: v.nullable(v.number()),
  secondsLeft: v.nullable(v.number()),
});
export type DuplicateSearch = v.InferOutput<typeof duplicateSearchSchema>;
