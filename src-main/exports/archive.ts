// Archives of several files, each in a folder of its own so that unpacking one scatters nothing.
import { WeftError } from '../../src-shared/failure.ts';
import { decodeZip, encodeZip } from '../formats/zip.ts';
import type { ArchiveFile } from './exportFormat.ts';

/** The files as one zip archive, below `folder`. Throws `zip.wrong-name`. */
export function packArchive(folder: string, files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  return encodeZip(
    files.map(({ path, bytes }) => ({ name: `${folder}/${path}`, bytes })),
    true,
  );
}

/**
 * The bytes of one file of an archive that `packArchive` made. Throws `export.incomplete` where it is missing, and the
 * errors of `decodeZip`.
 */
export function unpackFile(archive: Uint8Array, path: string, archiveName: string): Uint8Array {
  for (const { name, bytes } of decodeZip(archive, archiveName)) if (name.endsWith(`/${path}`)) return bytes;
  throw new WeftError('export.incomplete', `"${archiveName}" has no "${path}".`);
}
