// Reads images to import in a process of their own, which is killed when the person cancels.
import * as v from 'valibot';
import { fromErrorData, WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { StagedImport } from '../datasets/importing/stagedImport.ts';
import type { UnnamedProgress } from '../datasets/importing/progressReporter.ts';
import type { TrainingChannel } from './channel.ts';
import { fromTrainingSchema, type ImportOrder } from './messages.ts';

const requestId = 1;

/**
 * Answers when everything is read and staged. The process ends with it. Throws what `readImport` does, the signal's
 * reason when it is aborted, and `import.process-ended` when the process died.
 */
export function readInProcess(
  spawnTraining: () => TrainingChannel,
  order: Omit<ImportOrder, 'kind' | 'requestId'>,
  signal: AbortSignal,
  onProgress: (progress: UnnamedProgress) => void,
): Promise<StagedImport> {
  const channel = spawnTraining();
  return new Promise<StagedImport>((resolve, reject) => {
    const end = (reason: string): void =>
      reject(
        new WeftError(
          'import.process-ended',
          `The process that reads the images ended before it was done (${reason}).`,
          'Try again with fewer or smaller images.',
        ),
      );
    const cancel = (): void => {
      channel.kill();
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    channel.onExit(end);
    channel.onMessage((message) => {
      if (signal.aborted) return;
      const parsed = v.safeParse(fromTrainingSchema, message);
      if (!parsed.success) {
        end(`its message was wrong, ${describeIssue(parsed.issues)}`);
        return;
      }
      const answer = parsed.output;
      if (answer.kind === 'importProgressed') onProgress(answer.progress);
      else if (answer.kind === 'importRead') resolve(answer.result);
      else if (answer.kind === 'refused') reject(fromErrorData(answer.error));
    });
    channel.send({ kind: 'readImport', requestId, ...order });
  }).finally(() => channel.kill());
}
