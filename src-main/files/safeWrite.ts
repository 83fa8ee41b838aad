// Writes files so that a kill, a crash or a full disk leaves either the old file or the new one, never a mixture:
// temporary file beside it, write, check the length, fsync, rename, fsync the folder.
import { randomBytes } from 'node:crypto';
import { open, readdir, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WeftError } from '../../src-shared/failure.ts';
import { systemErrorCode, toFileError } from './fileError.ts';
import { makeFolder } from './makeFolder.ts';
import { isProcessAlive } from './processAlive.ts';

/** What a file can be written from; chunks are written as they come and never held together in memory. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** `.weft-<process id>-<random>.part`: the process id tells a stray file from one that is being written. */
const temporaryName = /^\.weft-(\d+)-[0-9a-f]{16}\.part$/;
/** A process id can be given to another program later; past this age a temporary file is a stray all the same. */
const longestWriteMs = 60 * 60 * 1000;
/** Virus scanners and indexers on Windows hold a new file open for a moment; the rename is tried again after these. */
const renameRetryDelaysMs = [20, 100, 500];

const temporariesInUse = new Set<string>();

/** A new name for a temporary file in the folder; one that is left there is swept. */
export function temporaryPathIn(folder: string): string {
  return join(folder, `.weft-${process.pid}-${randomBytes(8).toString('hex')}.part`);
}

function chunksOf(content: FileContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof content === 'string') return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}

/** Writes the chunk at its place in the file. */
async function writeChunk(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    const { bytesWritten } = await handle.write(
      chunk,
      written,
      chunk.byteLength - written,
      position + written,
    );
    written += bytesWritten;
  }
}

async function writeNewFile(path: string, content: FileContent, target: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    let sizeBytes = 0;
    for await (const chunk of chunksOf(content)) {
      await writeChunk(handle, chunk, sizeBytes);
      sizeBytes += chunk.byteLength;
    }
    await handle.sync();
    const { size } = await handle.stat();
    if (size !== sizeBytes) {
      throw new WeftError(
        'files.incomplete',
        `Could not write "${target}": ${sizeBytes} bytes were written but ${size} arrived on the disk.`,
        'Check the disk. What was there before is unharmed.',
      );
    }
  } finally {
    await handle.close();
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (const delayMs of renameRetryDelaysMs) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isHeldOpen = ['EPERM', 'EACCES', 'EBUSY'].includes(systemErrorCode(error) ?? '');
      if (process.platform !== 'win32' || !isHeldOpen) throw error;
      await delay(delayMs);
    }
  }
  await rename(from, to);
}

/** Makes the rename itself last. Windows and some network disks can't do this for folders; they order it by themselves. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Puts the content at `path`, creating its folder where needed. A link is followed to the file it points at. When it
 * throws, what was at `path` before is still there, whole, and no temporary file is left. An error thrown by the
 * content's own iterator passes through, so content can be verified while it is written.
 * Throws `files.disk-full`, `files.not-allowed`, `files.incomplete` and other `files.…` errors.
 */
export async function writeFileSafely(path: string, content: FileContent): Promise<void> {
  let temporary: string | undefined;
  try {
    makeFolder(dirname(path), path);
    const target = await realpath(path).catch(() => path);
    const folder = dirname(target);
    temporary = temporaryPathIn(folder);
    temporariesInUse.add(temporary);
    await writeNewFile(temporary, content, path);
    await renameOver(temporary, target);
    await syncFolder(folder);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw toFileError(error, path, 'write');
  } finally {
    if (temporary !== undefined) temporariesInUse.delete(temporary);
  }
}

async function isStray(path: string, processId: number): Promise<boolean> {
  if (temporariesInUse.has(path)) return false;
  if (processId === process.pid || !isProcessAlive(processId)) return true;
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs > longestWriteMs;
}

/**
 * Removes the temporary files that a killed process left in the folder (not in its subfolders); those being written
 * now, by whichever process, stay. Returns how many were removed. A folder that isn't there has none.
 */
export async function sweepTemporaries(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const match = temporaryName.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    try {
      if (!(await isStray(path, Number(match[1])))) continue;
      await rm(path, { force: true });
      removed += 1;
    } catch {
      // Another process finished or removed it meanwhile, or it can't be removed: it does no harm where it is.
    }
  }
  return removed;
}
