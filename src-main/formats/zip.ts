// Zip archives in memory: laid out by fflate, packed by Node, read with our own directory reader, because archives
// come from anywhere and each fault must have its own error and a bounded cost.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { WeftError } from '../../src-shared/failure.ts';
import {
  checkZipLayout,
  findZipDirectory,
  isSafeEntryName,
  readZipDirectory,
  refuseZip,
  zipDataOffset,
  zipLocalHeaderBytes,
  type ZipEntry,
} from './zipDirectory.ts';

/** One file of an archive. */
export interface ZipFile {
  name: string;
  bytes: Uint8Array;
}

/** How much more than its own size an archive may unpack to, unless more is allowed. Trained weights hardly pack at all. */
const expansionAllowanceBytes = 32 * 1024 * 1024;

/** How entries may be packed, by the numbers of the format. */
export const zipMethods = { stored: 0, deflated: 8 } as const;

/** By Node's zlib: what fflate deflates as a stream can't be inflated when it is shorter than 96 KiB (version 0.8.3). */
const deflate = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(deflateRawSync(bytes));

/** The time that every entry bears, the format's first: the same content gives the same bytes. */
export const zipEntryTime = new Date(1980, 0, 1);

/**
 * The archive's bytes, its files in the given order, deflated if asked for. Throws `zip.wrong-name` for a name that
 * is used twice or is no plain relative path.
 */
export function encodeZip(files: readonly ZipFile[], isDeflated: boolean): Uint8Array<ArrayBuffer> {
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name) || !isSafeEntryName(name)) {
      throw new WeftError(
        'zip.wrong-name',
        `${JSON.stringify(name)} can't be the name of a file in an archive.`,
        'Names must differ from one another and be relative paths without "..".',
      );
    }
    names.add(name);
  }
  const pieces: Uint8Array[] = [];
  const archive = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  for (const { name, bytes } of files) {
    const entry: ZipInputFile = {
      filename: name,
      mtime: zipEntryTime,
      compression: isDeflated ? zipMethods.deflated : zipMethods.stored,
      size: bytes.byteLength,
      crc: crc32(bytes),
    };
    archive.add(entry);
    entry.ondata?.(null, isDeflated ? deflate(bytes) : new Uint8Array(bytes), true);
  }
  archive.end();
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

function unpack(packed: Uint8Array, entry: ZipEntry, fileName: string): Uint8Array {
  if (!entry.isDeflated) return packed;
  try {
    // One byte more than claimed, so that all comes in one buffer and a stream that goes on is noticed.
    const room = entry.sizeBytes + 1;
    const bytes = inflateRawSync(packed, { chunkSize: Math.max(room, 64), maxOutputLength: room });
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw refuseZip(
        'wrong-size',
        fileName,
        `the entry "${entry.name}" unpacks to more than the ${entry.sizeBytes} bytes it claims`,
      );
    }
    throw refuseZip('corrupt', fileName, `the packed bytes of the entry "${entry.name}" are damaged`);
  }
}

/** Throws `zip.wrong-size` or `zip.wrong-checksum` unless the unpacked bytes are what the directory says. */
function checkContent(bytes: Uint8Array, entry: ZipEntry, fileName: string): void {
  if (bytes.byteLength !== entry.sizeBytes) {
    throw refuseZip(
      'wrong-size',
      fileName,
      `the entry "${entry.name}" unpacks to ${bytes.byteLength} bytes but claims ${entry.sizeBytes}`,
    );
  }
  if (crc32(bytes) !== entry.crc32) {
    throw refuseZip('wrong-checksum', fileName, `the entry "${entry.name}" does not have its checksum`);
  }
}

/**
 * The files of the archive, folders left out, one after the other as they are asked for; stored ones are views of
 * `bytes`. Unpacks at most `allowanceBytes` more than the archive has bytes, 32 MiB where none are given. Throws, beside the errors of `zipDirectory.ts`,
 * `zip.expands-too-much`, `zip.corrupt`, `zip.wrong-size`, `zip.wrong-checksum`.
 */
export function* decodeZip(
  bytes: Uint8Array,
  fileName: string,
  allowanceBytes = expansionAllowanceBytes,
): Generator<ZipFile, void> {
  const { offset, sizeBytes, entryCount } = findZipDirectory(bytes, bytes.byteLength, fileName);
  const entries = readZipDirectory(bytes.subarray(offset, offset + sizeBytes), entryCount, fileName);
  const dataOffsets = entries.map((entry) => {
    const header = bytes.subarray(entry.headerOffset, entry.headerOffset + zipLocalHeaderBytes);
    return zipDataOffset(header, entry, fileName);
  });
  checkZipLayout(entries, dataOffsets, offset, fileName);
  const unpackedBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (unpackedBytes > bytes.byteLength + allowanceBytes) {
    throw refuseZip(
      'expands-too-much',
      fileName,
      `its ${bytes.byteLength} bytes would unpack to ${unpackedBytes}`,
      'If the file is honest, save it without compression.',
    );
  }
  for (const [index, entry] of entries.entries()) {
    const dataOffset = dataOffsets[index]!;
    const content = unpack(bytes.subarray(dataOffset, dataOffset + entry.packedBytes), entry, fileName);
    checkContent(content, entry, fileName);
    if (!entry.name.endsWith('/')) yield { name: entry.name, bytes: content };
  }
}
