// Makes folders. Node's own recursive mkdir never returns where the system says of a new folder that it isn't there, as
// in /proc: it goes on making the folder above, which is there already.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { systemErrorCode, toFileError } from './fileError.ts';

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function make(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' && !isFolder(dirname(path))) {
      make(dirname(path));
      make(path);
      return;
    }
    if (isFolder(path)) return;
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    throw new WeftError(
      'files.no-folders',
      `Could not create "${path}": no folders can be made in "${dirname(path)}".`,
      'Choose another place.',
      { cause: error },
    );
  }
}

/**
 * Makes the folder, and those above it that are missing; one that is there already is left as it is. Errors name
 * `wanted`, the file that the folder is made for. Throws `files.no-folders` where the system takes none, and other
 * `files.…` errors.
 */
export function makeFolder(path: string, wanted: string = path): void {
  try {
    make(path);
  } catch (error) {
    throw toFileError(error, wanted, 'write');
  }
}
