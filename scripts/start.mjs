// `npm start`: sets up what is missing and opens Weft, on the desktop where that is possible, else in the browser.
// `npm start -- --desktop` or `-- --browser` force one; other arguments (--data-dir, --port) are passed on.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fetchElectron } from './electronRuntime.mjs';
import { findElectron } from './findElectron.mjs';
import { prepare } from './prepare.mjs';

const root = join(import.meta.dirname, '..');
const isLinux = process.platform === 'linux';
const hasDisplay = !isLinux || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const isRoot = process.getuid?.() === 0;
/** A desktop app that fails this soon never opened: no library, no server behind the display, no sandbox. */
const openingMs = 5000;

let isInterrupted = false;

/** Runs a program to its end, in the foreground: signals are passed on. Resolves to an exit status. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    const passOn = (signal) => {
      isInterrupted = true;
      child.kill(signal);
    };
    process.on('SIGINT', passOn);
    process.on('SIGTERM', passOn);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', passOn);
      process.off('SIGTERM', passOn);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

async function getElectron() {
  if (findElectron() !== undefined) return fetchElectron();
  console.error('Fetching the runtime of Electron (about 120 MB, only once) …');
  let shownBytes = 0;
  return fetchElectron({
    onProgress(bytes) {
      if (bytes < shownBytes + 10e6) return;
      shownBytes = bytes;
      console.error(`  ${Math.round(bytes / 1e6)} MB`);
    },
  });
}

/** Runs the desktop app. Resolves to its exit status, or to the reason why there can be none. */
async function openDesktop(args) {
  if (!hasDisplay) return { reason: 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  const electron = await getElectron();
  if (electron.executable === undefined) {
    return { reason: `The runtime of Electron could not be fetched (${electron.reason})` };
  }
  // Chromium's sandbox refuses to work for root.
  const needsNoSandbox = isLinux && isRoot;
  if (needsNoSandbox) console.error("Weft runs as root, so Electron runs without Chromium's sandbox.");
  const startedAt = performance.now();
  try {
    const status = await run(electron.executable, [
      ...(needsNoSandbox ? ['--no-sandbox'] : []),
      root,
      ...args,
    ]);
    const hasOpened = status === 0 || isInterrupted || performance.now() - startedAt > openingMs;
    if (hasOpened) return { status };
    return { reason: `Electron could not be started (exit status ${status})` };
  } catch (error) {
    return { reason: `Electron could not be started (${error.message})` };
  }
}

function openBrowser(args) {
  const program = join(root, 'out/main/browser.js');
  return run(process.execPath, [program, ...(hasDisplay ? ['--open'] : []), ...args]);
}

async function start() {
  const given = process.argv.slice(2);
  const wantsDesktop = given.includes('--desktop');
  const wantsBrowser = given.includes('--browser');
  const args = given.filter((arg) => arg !== '--desktop' && arg !== '--browser');
  if (wantsDesktop && wantsBrowser) {
    console.error('Weft opens on the desktop or in the browser, not both: give --desktop or --browser.');
    return 2;
  }
  await prepare({ build: true });
  if (wantsBrowser) return openBrowser(args);
  const { status, reason } = await openDesktop(args);
  if (status !== undefined) return status;
  if (wantsDesktop) {
    console.error(`${reason}, so the desktop app can't be opened.`);
    return 1;
  }
  console.error(`${reason}, so Weft opens in the browser.`);
  return openBrowser(args);
}

start().then(
  (status) => (process.exitCode = status),
  (error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
