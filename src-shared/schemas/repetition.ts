import * as v from 'valibot';
import { runSeriesEntries } from './runSeries.ts';

/** Repetitions that can be asked for at once. */
export const mostRepetitions = 50;

/** One recipe being trained again with other seeds, each a run of its own. */
export const repetitionSchema = v.strictObject({
  /** The run whose recipe is repeated. */
  runId: v.string(),
  seeds: v.array(v.number()),
  ...runSeriesEntries,
});
export type Repetition = v.InferOutput<typeof repetitionSchema>;
