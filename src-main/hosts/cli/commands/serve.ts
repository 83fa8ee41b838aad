import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failedStatus, interruptedStatus } from '../exitStatus.ts';
import type { Command } from '../command.ts';

/** The browser host is a program of its own, built beside this one. */
const browserProgram = fileURLToPath(new URL('./browser.js', import.meta.url));

export const serve: Command = {
  name: 'serve',
  summary: 'serve the app to a browser on this machine, at 127.0.0.1',
  operands: [],
  options: {
    port: { value: 'N', help: 'the port to listen on; a free one is chosen when it is left out' },
    open: { help: 'open the default browser' },
  },
  endsInOrder: true,
  run({ options, dataDirectory, interruption }) {
    const port = options.integer('port', { minimum: 0, maximum: 65_535 });
    const args = [
      '--data-dir',
      dataDirectory,
      ...(port === undefined ? [] : ['--port', String(port)]),
      ...(options.has('open') ? ['--open'] : []),
    ];
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [browserProgram, ...args], { stdio: 'inherit' });
      interruption.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
      child.once('error', reject);
      child.once('exit', (code) => {
        resolve(interruption.aborted ? interruptedStatus : (code ?? failedStatus));
      });
    });
  },
};
