import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { makeFolder } from '../files/makeFolder.ts';

/**
 * Makes a run's folder in the folder of all runs and returns its name: the one that is wanted, or the first that is free of
 * `base-1`, `base-2` … Throws `run.exists` and `files.…` errors.
 */
export async function reserveFolder(folder: string, base: string, wanted?: string): Promise<string> {
  try {
    makeFolder(folder);
    for (let number = 1; ; number += 1) {
      const id = wanted ?? `${base}-${number}`;
      try {
        await mkdir(join(folder, id));
        return id;
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
        if (wanted === undefined) continue;
        throw new WeftError('run.exists', `There is a run "${wanted}" already.`, 'Choose another name.');
      }
    }
  } catch (error) {
    throw toFileError(error, folder, 'write');
  }
}
