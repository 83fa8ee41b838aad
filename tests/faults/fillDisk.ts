import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '../../src-main/files/fileError.ts';

const pageBytes = 4096;
/** A save under way gives back what it had taken once it fails: the disk is filled again after so long. */
const settleMs = 300;

function takeAllSpace(path: string): void {
  const file = openSync(path, 'a');
  const page = new Uint8Array(pageBytes);
  try {
    for (;;) writeSync(file, page);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** Fills the disk that the file is on, for as long as the file is there. */
export async function fillDisk(path: string): Promise<void> {
  takeAllSpace(path);
  await delay(settleMs);
  takeAllSpace(path);
}
