// Whether Electron's runtime is on this machine. The `electron` package comes without it and fetches it at the first
// launch; importing the package would start that download, so its folder is only looked at.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const usualNames = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** The path of Electron's executable when the runtime has been fetched, else undefined. */
export function findElectron() {
  const folder = join(import.meta.dirname, '../node_modules/electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const nameFile = join(folder, 'path.txt');
  const isFetched = existsSync(nameFile);
  if (!isFetched && !override) return undefined;
  const name = isFetched
    ? readFileSync(nameFile, 'utf8').trim()
    : (usualNames[process.platform] ?? 'electron');
  const executable = join(override || join(folder, 'dist'), name);
  return existsSync(executable) ? executable : undefined;
}
