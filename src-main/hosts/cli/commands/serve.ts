import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failedStatus, interruptedStatus } from '../exitStatus.ts';
import type { Command } from '../command.ts';

/** The browser host is a program of its own, built beside this one. */
const browserProgram = fileURLToPath(new URL('./browser.js', import.meta.url));
/** On Windows a process group of its own would be a window of its own; Ctrl+C reaches the child by itself there. */
const hasOwnGroup = process.platform !== 'win32';

export const serve: Command = {
  name: 'serve',
  summary: 'serve the app to a browser on this machine, at 127.0.0.1',
  directory: 'changes',
  operands: [],
  options: {
    port: { value: 'N', help: 'the port to listen on; a free one is chosen when it is left out' },
    'read-only': { help: 'only look, without changing anything: another Weft may be using the data' },
    open: { help: 'open the default browser' },
  },
  endsInOrder: true,
  run({ options, dataDirectory, interruption }) {
    const port = options.integer('port', { minimum: 0, maximum: 65_535 });
    const args = [
      '--data-dir',
      dataDirectory,
      ...(port === undefined ? [] : ['--port', String(port)]),
      ...(options.has('read-only') ? ['--read-only'] : []),
      ...(options.has('open') ? ['--open'] : []),
    ];
    return new Promise((resolve, reject) => {
      // In a group of its own, so that Ctrl+C reaches it once: passed on from here.
      const child = spawn(process.execPath, [browserProgram, ...args], {
        stdio: 'inherit',
        detached: hasOwnGroup,
      });
      const endWithParent = (): void => void child.kill('SIGKILL');
      process.once('exit', endWithParent);
      const passOn = (): void => {
        if (hasOwnGroup) child.kill('SIGTERM');
      };
      interruption.addEventListener('abort', passOn, { once: true });
      child.once('error', reject);
      child.once('exit', (code) => {
        process.off('exit', endWithParent);
        resolve(interruption.aborted ? interruptedStatus : (code ?? failedStatus));
      });
    });
  },
};
