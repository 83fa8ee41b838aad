// Starts a run and follows it to its end, through the same events as a page.
import { fromErrorData, WeftError } from '../../../src-shared/failure.ts';
import type { CommandInput } from '../../../src-shared/contract.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { EpochRecord, RunProgress, RunState, RunSummary } from '../../../src-shared/schemas/run.ts';

export interface RunListener {
  onStart: (run: RunSummary) => void;
  /** Each epoch once, in order. */
  onEpoch: (epoch: EpochRecord, run: RunSummary) => void;
  onProgress: (progress: RunProgress) => void;
}

const endStates: readonly RunState[] = ['finished', 'stopped', 'failed', 'interrupted'];
/** Asks the history for epochs alone. */
const noBatches = Number.MAX_SAFE_INTEGER;

/**
 * Resolves to the run as it ended: finished, or stopped when `interruption` was aborted. Throws what made it fail.
 */
export async function followRun(
  client: Client,
  input: CommandInput<'run.start'>,
  listener: RunListener,
  interruption: AbortSignal,
): Promise<RunSummary> {
  const run = await client.call('run.start', input);
  const runId = run.id;
  listener.onStart(run);
  let reportedEpochs = 0;
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
        if (endStates.includes(changed.state)) resolve(changed);
      }, reject);
    };
    client.on('run.changed', onChange);
    client.on('run.removed', (removed) => {
      if (removed.runId === runId) reject(new WeftError('run.removed', `The run ${runId} was discarded.`));
    });
    client.on('run.progressed', (progress) => {
      if (progress.runId !== runId) return;
      listener.onProgress(progress);
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
