// Evaluates models in a training process, so that the core's own process never computes. The process stays for a
// while: the next evaluation finds its dataset loaded.
import * as v from 'valibot';
import { fromErrorData, WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { TrainingChannel } from './channel.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { fromTrainingSchema, type EvaluationOrder, type EvaluationResult } from './messages.ts';

const idleMs = 60_000;

export class Evaluator {
  readonly #spawn: () => TrainingChannel;
  #channel: TrainingChannel | undefined;
  readonly #waiting = new Map<number, Deferred<EvaluationResult>>();
  #nextRequestId = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(spawnTraining: () => TrainingChannel) {
    this.#spawn = spawnTraining;
  }

  /** Throws what prevented it, `evaluation.process-ended` when the process died. */
  evaluate(order: Omit<EvaluationOrder, 'kind' | 'requestId'>): Promise<EvaluationResult> {
    clearTimeout(this.#idleTimer);
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    const waiting = createDeferred<EvaluationResult>();
    this.#waiting.set(requestId, waiting);
    this.#channel ??= this.#start();
    this.#channel.send({ kind: 'evaluate', requestId, ...order });
    return waiting.promise;
  }

  /** Ends the process; what is being evaluated fails. */
  close(): void {
    this.#end('Weft is ending');
  }

  #end(reason: string): void {
    clearTimeout(this.#idleTimer);
    const channel = this.#channel;
    this.#processEnded(reason);
    channel?.kill();
  }

  #start(): TrainingChannel {
    const channel = this.#spawn();
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => {
      if (this.#channel === channel) this.#processEnded(reason);
    });
    return channel;
  }

  #processEnded(reason: string): void {
    this.#channel = undefined;
    const error = new WeftError(
      'evaluation.process-ended',
      `The process that evaluates models ended before it was done (${reason}).`,
      'Try again.',
    );
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(fromTrainingSchema, message);
    if (!parsed.success) {
      this.#end(`its message was wrong, ${describeIssue(parsed.issues)}`);
      return;
    }
    const answer = parsed.output;
    if (answer.kind !== 'evaluated' && answer.kind !== 'refused') return;
    const waiting = this.#waiting.get(answer.requestId);
    this.#waiting.delete(answer.requestId);
    if (answer.kind === 'evaluated') waiting?.resolve(answer.result);
    else waiting?.reject(fromErrorData(answer.error));
    if (this.#waiting.size > 0) return;
    this.#idleTimer = setTimeout(() => this.close(), idleMs);
    this.#idleTimer.unref();
  }
}
