import * as v from 'valibot';
import { recipeSchema } from './recipe.ts';

/** What Weft remembers of a person's choices; never anything that can't be lost. */
export const settingsSchema = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark']),
  datasetId: v.string(),
  /** The form as it was left; null starts with the default preset. */
  recipe: v.nullable(recipeSchema),
  /** Worker threads for training; 0 lets Weft choose. */
  threads: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const defaultSettings: Settings = { theme: 'system', datasetId: 'strokes', recipe: null, threads: 0 };
