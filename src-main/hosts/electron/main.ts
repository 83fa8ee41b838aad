// The desktop app's entry, run by Electron: one instance a data directory.
import { app, dialog } from 'electron';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toErrorData } from '../../../src-shared/failure.ts';
import { defaultDataDirectory } from '../../files/dataDirectory.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { openDesktopApp, type DesktopApp } from './desktopApp.ts';
import { registerScheme } from './ownPage.ts';
import { restrictNavigation } from './restrictions.ts';

const builtFile = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const files = {
  pagesFolder: builtFile('../renderer'),
  preload: builtFile('../preload/preload.cjs'),
  trainingProgram: builtFile('./training.js'),
};
/** Quitting waits for the run under way to be kept, but not for ever. */
const closeLimitMs = 10_000;

function fail(error: unknown): void {
  const { message, remedy } = toErrorData(error);
  const text = remedy === undefined ? message : `${message} ${remedy}`;
  console.error(text);
  dialog.showErrorBox('Weft could not start', text);
  app.exit(1);
}

/** Waits for the core to close before the app ends. */
function closeBeforeQuit(desktop: DesktopApp): void {
  app.once('will-quit', (event) => {
    event.preventDefault();
    setTimeout(() => app.exit(1), closeLimitMs);
    desktop.core.close().then(
      () => app.exit(0),
      () => app.exit(1),
    );
  });
}

function start(dataDirectory: string, isReadOnly: boolean): void {
  // It would take back the --no-sandbox that a start as root needs.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerScheme();
  restrictNavigation();
  let desktop: DesktopApp | undefined;
  app.on('second-instance', () => desktop?.showWindow());
  app.on('activate', () => desktop?.showWindow());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  // Awaiting readiness at the top level of a module would keep Electron from ever becoming ready.
  app
    .whenReady()
    .then(() => openDesktopApp(dataDirectory, isReadOnly, files))
    .then((opened) => {
      if (opened === undefined) {
        app.quit();
        return;
      }
      desktop = opened;
      closeBeforeQuit(opened);
    })
    .catch(fail);
}

/** Throws a `files.…` error when the data directory can't be used. */
function begin(): void {
  // Not strict: Chromium's own switches stand among the arguments.
  const { values } = parseArgs({
    args: process.argv.slice(1),
    strict: false,
    options: { 'data-dir': { type: 'string' }, 'read-only': { type: 'boolean' } },
  });
  const chosen = values['data-dir'];
  const dataDirectory =
    typeof chosen === 'string' && chosen !== '' ? resolve(chosen) : defaultDataDirectory();
  // Chromium's profile, and with it the lock of the single instance, belongs to the data directory.
  const profileFolder = join(dataDirectory, 'desktop');
  makeFolder(profileFolder);
  app.setPath('userData', profileFolder);
  if (app.requestSingleInstanceLock()) start(dataDirectory, values['read-only'] === true);
  else app.quit();
}

try {
  begin();
} catch (error) {
  fail(error);
}
