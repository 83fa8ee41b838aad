import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from './fileError.ts';

/**
 * Bytes that may still be written on the disk of the folder, which need not be there yet; undefined where the system
 * doesn't tell.
 */
export async function freeBytesOn(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const isMissing = systemErrorCode(error) === 'ENOENT' && dirname(folder) !== folder;
    return isMissing ? freeBytesOn(dirname(folder)) : undefined;
  }
}
