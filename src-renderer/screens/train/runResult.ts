// What became of a run, in a few words.
import type { RunSummary } from '../../../src-shared/schemas/run.ts';
import { describeArithmetic } from '../../format/arithmetic.ts';
import { formatDuration, formatPercent } from '../../format/quantities.ts';

const endings: Record<RunSummary['state'], string> = {
  preparing: 'Preparing',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

export interface RunFact {
  label: string;
  value: string;
}

/** `Finished after 10 epochs` */
export function describeEnding(run: RunSummary): string {
  const count = run.outcome.epochs;
  const epochs = count === 0 ? 'in the first epoch' : `after ${count} ${count === 1 ? 'epoch' : 'epochs'}`;
  return `${endings[run.state]} ${epochs}`;
}

/** Whether going on with the run as it was would only lead to the same end. */
export const hasDiverged = (run: RunSummary): boolean => run.failure?.code === 'training.diverged';

/** What Resume does for a run that has ended. */
export function describeResuming(run: RunSummary): string {
  return hasDiverged(run)
    ? 'Goes back to the last good checkpoint and waits there: change the learning rate, then go on'
    : 'Goes on from the last checkpoint, as if it had never ended';
}

/** The numbers of a run that has ended: what it reached, when it was best, which weights are kept, how long it took. */
export function listRunFacts(run: RunSummary): RunFact[] {
  const facts: RunFact[] = [];
  const { last, best, seconds } = run.outcome;
  // Stopped within an epoch: no validation has seen the weights that were kept.
  const isKeptEarly = run.keptEpoch !== null && run.keptEpoch > (last?.epoch ?? 0);
  if (last !== null && best !== null) {
    facts.push({
      label: 'Validation accuracy',
      value: `${formatPercent(last.validationAccuracy, 2)}${isKeptEarly ? ` in epoch ${last.epoch}` : ''}`,
    });
    facts.push({
      label: 'Best',
      value: `${formatPercent(best.validationAccuracy, 2)} in epoch ${best.epoch}`,
    });
  }
  if (run.keptEpoch !== null) {
    facts.push({
      label: 'Weights kept',
      value: `of epoch ${run.keptEpoch}${isKeptEarly ? ', unfinished' : ''}`,
    });
  }
  if (seconds > 0) facts.push({ label: 'Time', value: formatDuration(seconds) });
  if (run.kernels !== '') {
    facts.push({ label: 'Arithmetic', value: describeArithmetic(run.kernels, run.threads) });
  }
  return facts;
}
