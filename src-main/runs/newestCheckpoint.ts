// Finds the checkpoint that a run goes on from: the newest that is whole.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import { toFileError } from '../files/fileError.ts';
import { decodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { checkpointFile, listCheckpoints } from './runFiles.ts';

export interface FoundCheckpoint {
  checkpoint: Checkpoint;
  /** What is wrong with each newer one, a sentence each. */
  problems: string[];
}

async function readCheckpoint(folder: string, step: number): Promise<Checkpoint> {
  const fileName = checkpointFile(step);
  const path = join(folder, fileName);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
  return decodeCheckpoint(bytes, fileName);
}

/** Throws `run.no-checkpoint` when there is none that is whole, saying what is wrong with those there are. */
export async function findNewestCheckpoint(folder: string): Promise<FoundCheckpoint> {
  const problems: string[] = [];
  for (const step of await listCheckpoints(folder)) {
    try {
      return { checkpoint: await readCheckpoint(folder, step), problems };
    } catch (error) {
      problems.push(toErrorData(error).message);
    }
  }
  throw new WeftError(
    'run.no-checkpoint',
    ['The run has no checkpoint that it could go on from.', ...problems].join(' '),
    'Start a new run of the same recipe.',
  );
}
