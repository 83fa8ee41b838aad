// A training channel without a process: everything of the training process but its own memory and its end.
import type { TrainingChannel } from '../src-main/training/channel.ts';
import { serveTraining } from '../src-main/training/trainingServer.ts';

/** Not started by tests: these networks are small enough for one thread. */
const workerProgram = new URL('file:///unused/worker.js');

export interface InProcessTraining extends TrainingChannel {
  /** As if the process had died. */
  die: (reason: string) => void;
}

/** Messages are cloned and arrive later, as they do between processes. */
export function trainInProcess(): InProcessTraining {
  const toChild: ((message: unknown) => void)[] = [];
  const toParent: ((message: unknown) => void)[] = [];
  const exits: ((reason: string) => void)[] = [];
  let isGone = false;
  const carry = (listeners: readonly ((message: unknown) => void)[], message: unknown): void => {
    const copy: unknown = structuredClone(message);
    setImmediate(() => {
      if (!isGone) for (const listener of listeners) listener(copy);
    });
  };
  const die = (reason: string): void => {
    if (isGone) return;
    // A process that is gone computes no more; this job has to be told.
    for (const listener of toChild) listener({ kind: 'stop', requestId: 0 });
    isGone = true;
    setImmediate(() => exits.forEach((listener) => listener(reason)));
  };
  serveTraining(
    {
      send: (message) => carry(toParent, message),
      onMessage: (listener) => void toChild.push(listener),
    },
    workerProgram,
  );
  return {
    send: (message) => carry(toChild, message),
    onMessage: (listener) => void toParent.push(listener),
    onExit: (listener) => void exits.push(listener),
    kill: () => die('signal SIGKILL'),
    die,
  };
}
