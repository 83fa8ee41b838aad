// Reads files piece by piece, so that large ones need not be in memory.
import { open, type FileHandle } from 'node:fs/promises';
import { toFileError } from './fileError.ts';

const chunkBytes = 256 * 1024;

/** Bytes of an open file from `position` on; fewer than `length` where it ends. */
export async function readPart(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** The bytes of an open file from `position` on, `length` of them or as many as there are. */
export async function* readParts(
  handle: FileHandle,
  position: number,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (let done = 0; done < length;) {
    const chunk = await readPart(handle, position + done, Math.min(chunkBytes, length - done));
    if (chunk.byteLength === 0) return;
    done += chunk.byteLength;
    yield chunk;
  }
}

/** A whole file. Throws `files.…` errors. */
export async function* readFileChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    yield* readParts(handle, 0, Infinity);
  } catch (error) {
    throw toFileError(error, path, 'read');
  } finally {
    await handle?.close();
  }
}
