import * as v from 'valibot';
import { modelReferenceSchema } from './model.ts';
import { recipeSchema } from './recipe.ts';

/** A file that a model or a run came from or went to. Where it lies the page is not told by any browser: the entry is found again. */
export const recentFileSchema = v.strictObject({
  fileName: v.string(),
  how: v.picklist(['opened', 'saved']),
  /** ISO 8601. */
  at: v.string(),
  model: modelReferenceSchema,
});
export type RecentFile = v.InferOutput<typeof recentFileSchema>;

/** What Weft remembers of a person's choices; never anything that can't be lost. */
export const settingsSchema = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark']),
  datasetId: v.string(),
  /** The form as it was left; null starts with the default preset. */
  recipe: v.nullable(recipeSchema),
  /** Worker threads for training; 0 lets Weft choose. */
  threads: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  /** The latest first. */
  recentFiles: v.array(recentFileSchema),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  datasetId: 'strokes',
  recipe: null,
  threads: 0,
  recentFiles: [],
};
