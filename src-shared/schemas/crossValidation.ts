import * as v from 'valibot';
import { recipeSchema } from './recipe.ts';
import { runSeriesEntries } from './runSeries.ts';

/** The folds of a cross-validation being trained, each a run of its own; `done` counts those of this time. */
export const crossValidationSchema = v.strictObject({
  datasetId: v.string(),
  /** Of all folds; its validation is that of the first. */
  recipe: recipeSchema,
  folds: v.number(),
  /** The folds that there were no finished runs of when it began, from 1. */
  missing: v.array(v.number()),
  ...runSeriesEntries,
});
export type CrossValidation = v.InferOutput<typeof crossValidationSchema>;
