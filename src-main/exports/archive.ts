// Archives of several files: zip, each in a folder of its own so that unpacking one scatters nothing.
import { unzipSync, zipSync } from 'fflate';
import { WeftError } from '../../src-shared/failure.ts';
import type { ArchiveFile } from './exportFormat.ts';

/** The earliest time that zip can tell: the same files give the same bytes whenever they are packed. */
const packedAt = new Date(1980, 0, 1);

/** The files as one zip archive, below `folder`. */
export function packArchive(folder: string, files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files.map(({ path, bytes }) => [`${folder}/${path}`, bytes])), {
    mtime: packedAt,
  });
}

/** The bytes of one file of an archive that `packArchive` made. Throws `export.incomplete` where it is missing. */
export function unpackFile(archive: Uint8Array, path: string, archiveName: string): Uint8Array {
  const found = Object.values(unzipSync(archive, { filter: ({ name }) => name.endsWith(`/${path}`) }));
  if (found[0] !== undefined) return found[0];
  throw new WeftError('export.incomplete', `"${archiveName}" has no "${path}".`);
}
