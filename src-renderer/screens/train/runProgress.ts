// How far a run is, as the progress line shows it.
import type { RunProgress } from '../../../src-shared/schemas/run.ts';

/** From this time a step on, a person waits for it and wants to see it move. */
const slowStepSeconds = 1;

/** The share of the whole run that is done, from 0 to 1; null while its length is not known. */
export function fractionDone({ step, stepProgress, epochs, batches }: RunProgress): number | null {
  return batches === 0 ? null : Math.min(1, (step + stepProgress) / (epochs * batches));
}

/** The share of the batch under way that is done, from 0 to 1; null where batches come faster than one reads. */
export function fractionOfBatch({ step, stepProgress, secondsElapsed }: RunProgress): number | null {
  const steps = step + stepProgress;
  return stepProgress > 0 && secondsElapsed / steps >= slowStepSeconds ? stepProgress : null;
}
