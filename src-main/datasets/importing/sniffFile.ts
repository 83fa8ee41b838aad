// Tells by its first bytes what a file is, whatever it is called.
import { constants, gunzipSync } from 'node:zlib';
import { isGzip } from '../../formats/gunzip.ts';
import { readSourceFile } from './scanFiles.ts';
import type { SourceFile } from './types.ts';

export type FileKind = 'idx-images' | 'idx-labels' | 'zip' | 'image' | 'text' | 'other';

const sniffedBytes = 4096;
/** First bytes of image files, those too that can't be read: they are then refused by name, each. */
const imageSignatures = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
  [0x49, 0x49, 0x2a, 0],
  [0x4d, 0x4d, 0, 0x2a],
];
const zipSignatures = [
  [0x50, 0x4b, 3, 4],
  [0x50, 0x4b, 5, 6],
];
const unsignedByte = 0x08;

const beginsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

/** As much as can be unpacked of the beginning of a gzip file. */
function unpackBeginning(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * sniffedBytes });
  } catch {
    return new Uint8Array(0);
  }
}

/** Text in whatever encoding: no control characters but those between lines and fields, or a byte order mark. */
function isText(bytes: Uint8Array): boolean {
  if (beginsWith(bytes, [0xff, 0xfe]) || beginsWith(bytes, [0xfe, 0xff])) return true;
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** What begins with these bytes; `name` decides where they say nothing. */
export function identify(beginning: Uint8Array, name: string): FileKind {
  const bytes = isGzip(beginning) ? unpackBeginning(beginning) : beginning;
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === unsignedByte) {
    if (bytes[3] === 1) return 'idx-labels';
    if (bytes[3] === 3 || bytes[3] === 4) return 'idx-images';
  }
  // One that should be an IDX file but isn't: its reader says what is wrong with it.
  if (/idx[1-4]|\.idx\b|ubyte/i.test(name)) return /label|idx1/i.test(name) ? 'idx-labels' : 'idx-images';
  if (zipSignatures.some((signature) => beginsWith(bytes, signature))) return 'zip';
  if (imageSignatures.some((signature) => beginsWith(bytes, signature))) return 'image';
  if (/\.(?:png|jpe?g|gif|webp|bmp|tiff?|heic|svg)$/i.test(name)) return 'image';
  if (/\.npz$/i.test(name)) return 'zip';
  if (bytes.length > 0 && isText(bytes)) return 'text';
  return /\.(?:csv|tsv)$/i.test(name) ? 'text' : 'other';
}

/** Throws `import.file-unreadable`. */
export async function sniffFile(file: SourceFile): Promise<FileKind> {
  return identify(await readSourceFile(file, sniffedBytes), file.name);
}
