import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

/** Repetitions that can be asked for at once. */
export const mostRepetitions = 50;

/** One recipe being trained again with other seeds, each a run of its own. */
export const repetitionSchema = v.strictObject({
  /** The run whose recipe is repeated. */
  runId: v.string(),
  seeds: v.array(v.number()),
  /** The runs so far, in the order of the seeds. */
  runIds: v.array(v.string()),
  /** Runs that have ended. */
  done: v.number(),
  state: v.picklist(['running', 'finished', 'cancelled', 'failed']),
  failure: v.nullable(errorDataSchema),
});
export type Repetition = v.InferOutput<typeof repetitionSchema>;
