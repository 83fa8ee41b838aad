// Fetches Electron's runtime. The `electron` package comes without it and would fetch it at the first launch with no
// bound on the wait; here its own installer runs as a child that is watched: as long as bytes arrive it may take its
// time, after some seconds without any it is given up.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findElectron } from './findElectron.mjs';

const electronFolder = join(import.meta.dirname, '../node_modules/electron');
const standstillLimitMs = 15_000;
const lookEveryMs = 500;

/** Bytes of all files below a folder; 0 while there is none. Files may come and go while they are counted. */
function sizeOf(folder) {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true })) {
      bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // The installer has moved or removed it in the meantime.
  }
  return bytes;
}

/** What the installer's stack trace says went wrong, as a phrase. */
function reasonIn(output, exit) {
  const message = /^\w*Error: (.*)$/m.exec(output)?.[1];
  return message === 'fetch failed' ? 'its download server could not be reached' : (message ?? exit);
}

/** The end of the installer: `''` when it has done its work, else why it has not. */
function runInstaller(temporaryFolder, limitMs, onProgress) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(electronFolder, 'install.js')], {
      env: {
        ...process.env,
        TMPDIR: temporaryFolder,
        TEMP: temporaryFolder,
        TMP: temporaryFolder,
        ELECTRON_GET_NO_PROGRESS: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));

    let lastSize = -1;
    let lastChangeAt = performance.now();
    let reason = '';
    const watch = setInterval(
      () => {
        const size = sizeOf(temporaryFolder) + sizeOf(join(electronFolder, 'dist'));
        if (size !== lastSize) {
          lastSize = size;
          lastChangeAt = performance.now();
          onProgress(size);
        } else if (performance.now() - lastChangeAt > limitMs) {
          reason = `nothing arrived for ${Math.round(limitMs / 1000)} seconds`;
          child.kill('SIGKILL');
        }
      },
      Math.min(lookEveryMs, limitMs / 4),
    );
    const endWithThis = () => child.kill('SIGKILL');
    process.once('exit', endWithThis);
    const finish = (why) => {
      clearInterval(watch);
      process.off('exit', endWithThis);
      resolve(why);
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code) =>
      finish(reason || (code === 0 ? '' : reasonIn(output, `exit status ${code}`))),
    );
  });
}

/**
 * Makes sure that Electron's runtime is there. Resolves to `{ executable }`, or to `{ reason }` with a phrase that
 * says why it can't be had. `onProgress` gets the bytes that have arrived.
 */
export async function fetchElectron({ limitMs = standstillLimitMs, onProgress = () => {} } = {}) {
  const present = findElectron();
  if (present !== undefined) return { executable: present };
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'weft-electron-'));
  try {
    const reason = await runInstaller(temporaryFolder, limitMs, onProgress);
    const executable = findElectron();
    if (executable !== undefined) return { executable };
    return { reason: reason || 'its installer left no executable' };
  } finally {
    rmSync(temporaryFolder, { recursive: true, force: true });
  }
}
