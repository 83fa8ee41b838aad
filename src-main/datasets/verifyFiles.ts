import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetCheck, ListedFile } from '../../src-shared/schemas/dataset.ts';
import { readFileChunks } from '../files/fileChunks.ts';

type FileState = DatasetCheck['files'][number]['state'];

/** Reads the files of a set, piece by piece, and compares their sizes and hashes with what they should be. */
export async function verifyFiles(
  folder: string,
  files: readonly ListedFile[],
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<DatasetCheck['files']> {
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  let doneBytes = 0;
  const check = async (file: ListedFile): Promise<FileState> => {
    const path = join(folder, file.name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return 'missing';
    if (found.size !== file.sizeBytes) return 'damaged';
    const hash = createHash('sha256');
    for await (const chunk of readFileChunks(path)) {
      hash.update(chunk);
      onProgress((doneBytes += chunk.byteLength), totalBytes);
    }
    return hash.digest('hex') === file.sha256 ? 'whole' : 'damaged';
  };
  const checked: DatasetCheck['files'] = [];
  // One after the other: a disk reads one file fastest.
  for (const file of files) checked.push({ name: file.name, state: await check(file) });
  return checked;
}
