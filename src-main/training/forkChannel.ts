// A training process as a plain Node child: what every host without Electron uses.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TrainingChannel } from './channel.ts';

/** Starts the built training program. The child ends when this process does, however that ends. */
export function forkTraining(program: URL | string): TrainingChannel {
  const child = fork(program instanceof URL ? fileURLToPath(program) : program, [], {
    serialization: 'advanced',
    // The parent's own flags (a debugger, a loader) are not the child's.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);

  let endedBecause: string | undefined;
  const exitListeners: ((reason: string) => void)[] = [];
  const end = (reason: string): void => {
    if (endedBecause !== undefined) return;
    endedBecause = reason;
    process.off('exit', killWithParent);
    for (const listener of exitListeners) listener(reason);
  };
  child.on('exit', (code, signal) => end(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`));
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message);
  });

  return {
    send(message) {
      // A child that is going away takes no messages; its exit is reported by itself.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      if (endedBecause === undefined) exitListeners.push(listener);
      else listener(endedBecause);
    },
    kill: killWithParent,
  };
}
