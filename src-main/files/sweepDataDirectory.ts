// What a Weft that was killed may have left anywhere in a data directory.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetsFolder, modelsFolder, ownersFolder, runsFolder, settingsFolder } from './dataDirectory.ts';
import { sweepTemporaries } from './safeWrite.ts';

/** How the library of the settings names its temporary files: `settings.json.tmp-` with a time and a random number. */
const settingsTemporary = /^[a-z]+\.json\.tmp-[0-9a-f]{16}$/;

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function sweepSettings(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const strays = names.filter((name) => settingsTemporary.test(name));
  for (const name of strays) await rm(join(folder, name), { force: true }).catch(() => undefined);
  return strays.length;
}

/**
 * Removes the temporary files that were left wherever Weft writes: settings, datasets, runs, models. To be called by
 * the owner of the data directory when it starts. Returns how many there were.
 */
export async function sweepDataDirectory(dataDirectory: string): Promise<number> {
  const folders = [
    settingsFolder(dataDirectory),
    ownersFolder(dataDirectory),
    modelsFolder(dataDirectory),
    datasetsFolder(dataDirectory),
    ...(await foldersIn(datasetsFolder(dataDirectory))),
    ...(await foldersIn(runsFolder(dataDirectory))),
  ];
  let removed = await sweepSettings(settingsFolder(dataDirectory));
  for (const folder of folders) removed += await sweepTemporaries(folder);
  return removed;
}
