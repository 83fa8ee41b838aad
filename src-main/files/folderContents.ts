import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from './fileError.ts';

export interface FileEntry {
  name: string;
  sizeBytes: number;
}

/** The files right in a folder, by name; those that vanish meanwhile are left out. Throws `files.…` errors. */
export async function listFiles(folder: string): Promise<FileEntry[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw toFileError(error, folder, 'read');
  }
  const entries = await Promise.all(
    names.sort().map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() === true ? { name, sizeBytes: found.size } : undefined;
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}
