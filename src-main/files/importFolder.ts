// Folders in which something that is brought from outside is put together and checked before it appears among the rest.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from './fileError.ts';
import { isProcessAlive } from './processAlive.ts';

/** `.import-<process id>-<random>`: no run and no dataset has a name like that. */
const importFolderName = /^\.import-(\d+)-[0-9a-f]{16}$/;

/** A new folder for one import inside `parent`, on the disk where its result is to be. Throws `files.…` errors. */
export async function makeImportFolder(parent: string): Promise<string> {
  const folder = join(parent, `.import-${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(folder);
  } catch (error) {
    throw toFileError(error, folder, 'write');
  }
  return folder;
}

/** Removes what a Weft that was killed left of its imports in `parent`. */
export async function sweepImportFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const processId = Number(importFolderName.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(processId) || (processId !== process.pid && isProcessAlive(processId))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
