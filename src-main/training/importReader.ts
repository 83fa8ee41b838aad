// Reads images to import in a process of their own, which is killed when the person cancels.
import { WeftError } from '../../src-shared/failure.ts';
import type { UnnamedProgress } from '../datasets/importing/progressReporter.ts';
import type { StagedImport } from '../datasets/importing/stagedImport.ts';
import type { TrainingChannel } from './channel.ts';
import type { ImportOrder } from './messages.ts';
import { carryOut } from './singleOrder.ts';

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
  return carryOut(spawnTraining, {
    order: { kind: 'readImport', requestId: 1, ...order },
    signal,
    take: (message) => {
      if (message.kind === 'importProgressed') onProgress(message.progress);
      return message.kind === 'importRead' ? { result: message.result } : undefined;
    },
    ended: (reason) =>
      new WeftError(
        'import.process-ended',
        `The process that reads the images ended before it was done (${reason}).`,
        'Try again with fewer or smaller images.',
      ),
  });
}
