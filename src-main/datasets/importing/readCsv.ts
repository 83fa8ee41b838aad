// CSV files as a dataset: a table of images each, with labels or without.
import { gunzip, isGzip } from '../../formats/gunzip.ts';
import { readCsvImages } from '../../formats/csvImages.ts';
import { readFileChunks } from '../../files/fileChunks.ts';
import { printableName, readSourceFile } from './scanFiles.ts';
import { roleOfName } from './splitRole.ts';
import type { FoundParts, ImportedPart, ReadingContext, SourceFile } from './types.ts';

/** The largest packed table that is taken, unpacked. */
const limitBytes = 2 ** 31;
const gzipHeadBytes = 2;

async function* chunksOf(file: SourceFile): AsyncGenerator<Uint8Array> {
  // Also makes sure that it is a regular file still.
  if (isGzip(await readSourceFile(file, gzipHeadBytes))) {
    yield await gunzip(await readSourceFile(file), printableName(file.name), limitBytes);
  } else {
    yield* readFileChunks(file.path);
  }
}

/** Throws the `csv.…` errors of the first file that can't be read, with line and column, and `gzip.…` ones. */
export async function readCsv(
  files: readonly SourceFile[],
  { options: { size, channels }, report }: ReadingContext,
): Promise<FoundParts> {
  const shape = size === null ? undefined : { ...size, channels: channels ?? 1 };
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const parts: ImportedPart[] = [];
  const notes: string[] = [];
  let before = 0;
  for (const file of files) {
    const name = printableName(file.name);
    report({ stage: 'reading', done: before, total, unit: 'bytes' });
    const table = await readCsvImages(chunksOf(file), name, {
      ...(shape === undefined ? {} : { shape }),
      onBytes: (bytes) =>
        report({ stage: 'reading', done: Math.min(before + bytes, total), total, unit: 'bytes' }),
    });
    before += file.sizeBytes;
    if (table.hasHeader) notes.push(`The first line of "${name}" is taken for the names of the columns.`);
    const { pixels, labels } = table;
    parts.push({ name, role: roleOfName(name), shape: table.shape, pixels, labels, classes: null });
  }
  return { kind: 'csv', parts, notes, isFitted: false };
}
