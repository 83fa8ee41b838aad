// Whether Electron's runtime is on this machine. The `electron` package comes without it and fetches it at the first
// launch; importing the package would start that download, so its folder is only looked at.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The path of Electron's executable when the runtime has been fetched, else undefined. */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = join(import.meta.dirname, '../node_modules/electron');
  const nameFile = join(folder, 'path.txt');
  if (!existsSync(nameFile)) return undefined;
  const executable = join(override ?? join(folder, 'dist'), readFileSync(nameFile, 'utf8').trim());
  return existsSync(executable) ? executable : undefined;
}
