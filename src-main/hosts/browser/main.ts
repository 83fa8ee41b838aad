// The browser host's entry, `node out/main/browser.js [--port N] [--data-dir DIR] [--read-only] [--open]`: the same app
// as in the desktop window, served to a browser on this machine.
import { fileURLToPath } from 'node:url';
import { toErrorData } from '../../../src-shared/failure.ts';
import { createApp } from '../../app/app.ts';
import { openSettingsStore } from '../../app/settingsStore.ts';
import { version } from '../../app/version.ts';
import { forkTraining } from '../../training/forkChannel.ts';
import { openDefaultBrowser } from './defaultBrowser.ts';
import { readOptions } from './options.ts';
import { openBrowserServer } from './server.ts';

const pagesFolder = fileURLToPath(new URL('../renderer', import.meta.url));
/** The training program, built beside this one. */
const trainingProgram = new URL('./training.js', import.meta.url);
/** Closing waits for the run under way to be kept, but not for ever. */
const closeLimitMs = 10_000;
/** Ctrl+C can reach this process twice, from the terminal and from the script that started it. */
const sameSignalMs = 500;

const exitStatus = { done: 0, failed: 1, wrongUsage: 2, interrupted: 130 } as const;

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const server = await openBrowserServer(options.port, pagesFolder);
  const app = await createApp({
    host: 'browser',
    version,
    dataDirectory: options.dataDirectory,
    isReadOnly: options.readOnly,
    address: server.origin,
    openSettings: openSettingsStore,
    spawnTraining: () => forkTraining(trainingProgram),
  });
  server.serve(app);

  let closingSince: number | undefined;
  const close = (): void => {
    if (closingSince !== undefined) {
      if (performance.now() - closingSince > sameSignalMs) process.exit(exitStatus.interrupted);
      return;
    }
    closingSince = performance.now();
    setTimeout(() => process.exit(exitStatus.failed), closeLimitMs).unref();
    Promise.all([server.close(), app.close()]).then(
      () => process.exit(exitStatus.done),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);

  for (const { message, remedy } of app.notices)
    console.error(remedy === undefined ? message : `${message} ${remedy}`);
  process.stdout.write(`Weft is at ${server.address}\n`);
  if (options.open) openDefaultBrowser(server.address);
}

function fail(error: unknown): never {
  const { code, message, remedy } = toErrorData(error);
  console.error(remedy === undefined ? message : `${message} ${remedy}`);
  process.exit(code === 'browser.wrong-usage' ? exitStatus.wrongUsage : exitStatus.failed);
}

start().catch(fail);
