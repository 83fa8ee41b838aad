// The corrections that a run was trained with: a copy in its folder, so that it stays exact whatever becomes of those beside
// the dataset.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorrectionsSummary } from '../../src-shared/schemas/correction.ts';
import { toFileError } from '../files/fileError.ts';
import { checkCorrections, decodeCorrections, type Corrections } from '../files/corrections.ts';
import { runFiles } from './runFiles.ts';

/**
 * Those in the run's folder, which must be what its record says; null where it says none. Throws `corrections.damaged`,
 * `corrections.unknown-version`, `corrections.other` and `files.…` errors.
 */
export async function readRunCorrections(
  folder: string,
  expected: CorrectionsSummary | null,
): Promise<Corrections | null> {
  if (expected === null) return null;
  const path = join(folder, runFiles.corrections);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toFileError(error, path, 'read');
  });
  const corrections = decodeCorrections(bytes, runFiles.corrections);
  checkCorrections(corrections, expected, runFiles.corrections);
  return corrections;
}
