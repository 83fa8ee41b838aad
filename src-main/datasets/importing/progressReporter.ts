// Turns steps into progress with a rate, at most ten times a second.
import type { ImportProgress } from '../../../src-shared/schemas/datasetImport.ts';
import type { ImportStep } from './types.ts';

const intervalMs = 100;

/** What progress says beside whose it is. */
export type UnnamedProgress = Omit<ImportProgress, 'importId'>;

/** Calls `send` for the first step of each stage, and else when the last time is a while ago. */
export function createProgressReporter(
  send: (progress: UnnamedProgress) => void,
  now: () => number = () => performance.now(),
): (step: ImportStep) => void {
  let stage: ImportStep['stage'] | undefined;
  let stageBegan = 0;
  let sentAt = -Infinity;
  return (step) => {
    const at = now();
    if (step.stage !== stage) {
      stage = step.stage;
      stageBegan = at;
    } else if (at - sentAt < intervalMs) return;
    sentAt = at;
    const elapsed = (at - stageBegan) / 1000;
    const perSecond = elapsed > 0 ? step.done / elapsed : 0;
    const secondsLeft =
      step.total === null || perSecond === 0 ? null : Math.max(0, step.total - step.done) / perSecond;
    send({ ...step, perSecond, secondsLeft });
  };
}
