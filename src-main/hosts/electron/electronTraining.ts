// A training process as an Electron utility process: it ends with the app, however that ends.
import { utilityProcess } from 'electron';
import type { TrainingChannel } from '../../training/channel.ts';

/** Starts the built training program, given by its path. */
export function startTraining(program: string): TrainingChannel {
  const child = utilityProcess.fork(program, [], { serviceName: 'Weft training', stdio: 'inherit' });
  let exitCode: number | undefined;
  child.once('exit', (code) => (exitCode = code));
  return {
    send(message) {
      // A child that is gone takes no messages; its exit is reported by itself.
      if (exitCode === undefined) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      if (exitCode === undefined) child.once('exit', (code) => listener(`exit code ${code}`));
      else listener(`exit code ${exitCode}`);
    },
    kill: () => void child.kill(),
  };
}
