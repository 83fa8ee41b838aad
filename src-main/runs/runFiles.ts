// What lies in a run's folder. ARCHITECTURE.md says what is in each file.
import { readdir } from 'node:fs/promises';
import { systemErrorCode, toFileError } from '../files/fileError.ts';

export const runFiles = {
  record: 'run.json',
  history: 'history.ndjson',
  predictions: 'predictions.bin',
  model: 'model.safetensors',
  /** Of a run that was trained with corrections of its dataset. */
  corrections: 'corrections.json',
} as const;

const checkpointPattern = /^checkpoint-(0|[1-9]\d{0,14})\.safetensors$/;

/** The checkpoint after so many steps. */
export const checkpointFile = (step: number): string => `checkpoint-${step}.safetensors`;

/** After how many steps a checkpoint of that name was written; undefined for any other file. */
export function stepOfCheckpoint(fileName: string): number | undefined {
  const match = checkpointPattern.exec(fileName);
  return match === null ? undefined : Number(match[1]);
}

/** The steps of all checkpoints in a run's folder, the newest first. Throws `files.…` errors. */
export async function listCheckpoints(folder: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw toFileError(error, folder, 'read');
  }
  return names
    .map(stepOfCheckpoint)
    .filter((step) => step !== undefined)
    .sort((a, b) => b - a);
}
