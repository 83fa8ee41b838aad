// An order to a training process of its own, which ends with it and is killed when the person cancels.
import * as v from 'valibot';
import { fromErrorData } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { TrainingChannel } from './channel.ts';
import { fromTrainingSchema, type FromTraining, type ToTraining } from './messages.ts';

export interface SingleOrder<Result> {
  order: ToTraining;
  /** Kills the process; the answer is then the signal's reason. */
  signal: AbortSignal;
  /** Called with every message; returns what answers the order, once it is there. */
  take: (message: FromTraining) => { result: Result } | undefined;
  /** What is thrown when the process ended before it was done. */
  ended: (reason: string) => Error;
}

/** Throws what the process refused the order with, the signal's reason, and what `ended` makes. */
export function carryOut<Result>(
  spawnTraining: () => TrainingChannel,
  { order, signal, take, ended }: SingleOrder<Result>,
): Promise<Result> {
  const channel = spawnTraining();
  return new Promise<Result>((resolve, reject) => {
    const cancel = (): void => {
      channel.kill();
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    channel.onExit((reason) => reject(ended(reason)));
    channel.onMessage((message) => {
      if (signal.aborted) return;
      const parsed = v.safeParse(fromTrainingSchema, message);
      if (!parsed.success) {
        reject(ended(`its message was wrong, ${describeIssue(parsed.issues)}`));
        return;
      }
      if (parsed.output.kind === 'refused') {
        reject(fromErrorData(parsed.output.error));
        return;
      }
      const answer = take(parsed.output);
      if (answer !== undefined) resolve(answer.result);
    });
    channel.send(order);
  }).finally(() => channel.kill());
}
