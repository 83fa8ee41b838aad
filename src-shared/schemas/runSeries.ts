// Several runs that are trained one after the other.
import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

/** How far a series of runs has come. */
export const runSeriesEntries = {
  /** The runs so far, in their order. */
  runIds: v.array(v.string()),
  /** Runs that have ended. */
  done: v.number(),
  state: v.picklist(['running', 'finished', 'cancelled', 'failed']),
  failure: v.nullable(errorDataSchema),
};

export type RunSeriesState = v.InferOutput<v.StrictObjectSchema<typeof runSeriesEntries, undefined>>;
