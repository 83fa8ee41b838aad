// Images whose label is probably wrong.
import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';
import { splitSchema } from './dataset.ts';

export const labelIssuesSchema = v.strictObject({
  datasetId: v.string(),
  /** Where the images are. */
  imageSplit: splitSchema,
  /** How many images were judged. */
  images: v.number(),
  /** How many of them are labelled wrong, as the confident joint estimates it. */
  estimated: v.number(),
  /** Uint32: their indices in the split, the most suspect first. */
  imageIndices: bytesSchema,
  /** One byte each: the given class, the class that it is taken for, and 1 where that is so confidently. */
  labels: bytesSchema,
  suggested: bytesSchema,
  isConfident: bytesSchema,
  /** Float32: the probability of the given class and of the suggested one. */
  labelProbabilities: bytesSchema,
  suggestedProbabilities: bytesSchema,
});
export type LabelIssueList = v.InferOutput<typeof labelIssuesSchema>;
