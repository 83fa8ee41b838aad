// A file that one process adds to. Every addition goes to its own place in the file, so that one that failed half-way
// can be made again.
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { toFileError } from '../files/fileError.ts';

async function withFile(path: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    await work(handle);
  } catch (error) {
    throw toFileError(error, path, 'write');
  } finally {
    await handle?.close();
  }
}

/** Throws `files.…` errors. */
export function writeAt(path: string, position: number, bytes: Uint8Array): Promise<void> {
  return withFile(path, async (handle) => {
    let written = 0;
    while (written < bytes.byteLength) {
      const { bytesWritten } = await handle.write(
        bytes,
        written,
        bytes.byteLength - written,
        position + written,
      );
      written += bytesWritten;
    }
  });
}

/** Makes what was written last, whatever happens to the machine. Throws `files.…` errors. */
export const syncFile = (path: string): Promise<void> => withFile(path, (handle) => handle.datasync());

/** Cuts the file to its first `lengthBytes`; returns how many are there: fewer where it was shorter. Throws `files.…` errors. */
export async function cutFile(path: string, lengthBytes: number): Promise<number> {
  let kept = 0;
  await withFile(path, async (handle) => {
    const { size } = await handle.stat();
    kept = Math.min(size, lengthBytes);
    if (size > lengthBytes) await handle.truncate(lengthBytes);
  });
  return kept;
}
