// Follows a run to its end, through the same events as a page.
import { fromErrorData, WeftError, type ErrorData } from '../../../src-shared/failure.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import {
  isActiveState,
  type EpochRecord,
  type RunProgress,
  type RunSummary,
} from '../../../src-shared/schemas/run.ts';

export interface RunListener {
  onStart: (run: RunSummary) => void;
  /** Each epoch once, in order. */
  onEpoch: (epoch: EpochRecord, run: RunSummary) => void;
  onProgress: (progress: RunProgress) => void;
  /** What keeps the run from going on, once; null when it goes on again. */
  onTrouble: (trouble: ErrorData | null) => void;
}

/** Asks the history for epochs alone. */
export const noBatches = Number.MAX_SAFE_INTEGER;

/**
 * `begin` starts the run, or goes on with it. Resolves to the run as it ended: finished, or stopped when `interruption` was aborted. Throws what made it fail.
 */
export async function followRun(
  client: Client,
  begin: () => Promise<RunSummary>,
  listener: RunListener,
  interruption: AbortSignal,
): Promise<RunSummary> {
  const run = await begin();
  const runId = run.id;
  listener.onStart(run);
  // A run that is gone on with has some already.
  let reportedEpochs = run.outcome.epochs;
  let troubleCode: string | undefined;
  const catchUp = async (epochs: number): Promise<void> => {
    if (epochs <= reportedEpochs) return;
    const history = await client.call('run.history', {
      runId,
      afterStep: noBatches,
      afterEpoch: reportedEpochs,
    });
    for (const record of history.epochs) {
      if (record.epoch <= reportedEpochs) continue;
      reportedEpochs = record.epoch;
      listener.onEpoch(record, run);
    }
  };
  const ended = await new Promise<RunSummary>((resolve, reject) => {
    const onChange = (changed: RunSummary): void => {
      if (changed.id !== runId) return;
      catchUp(changed.outcome.epochs).then(() => {
        if (!isActiveState(changed.state)) resolve(changed);
      }, reject);
    };
    client.on('run.changed', onChange);
    client.on('run.removed', (removed) => {
      if (removed.runId === runId) reject(new WeftError('run.removed', `The run ${runId} was discarded.`));
    });
    client.on('run.progressed', (progress) => {
      if (progress.runId !== runId) return;
      listener.onProgress(progress);
      if (progress.trouble?.code !== troubleCode) {
        troubleCode = progress.trouble?.code;
        listener.onTrouble(progress.trouble);
      }
      catchUp(progress.epoch - 1).catch(reject);
    });
    const stop = (): void => void client.call('run.stop', { runId }).then(onChange, reject);
    if (interruption.aborted) stop();
    else interruption.addEventListener('abort', stop, { once: true });
    // What happened between the answer to run.start and the subscriptions above.
    client.call('run.list', {}).then((list) => list.forEach(onChange), reject);
  });
  if (ended.failure !== null) throw fromErrorData(ended.failure);
  if (ended.state === 'interrupted')
    throw new WeftError('run.interrupted', `The run ${runId} was interrupted.`);
  return ended;
}
