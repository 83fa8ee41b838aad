// The table of contents of a zip archive (PKWARE APPNOTE 6.3.10, without zip64), read as strictly as an archive from
// anywhere must be. All functions work on pieces of the archive, so that a large one need not be in memory:
//
//   for each entry   local header ("PK\3\4", names repeated), then its packed bytes
//   directory        one record ("PK\1\2") an entry: name, method, checksum, sizes, where its local header lies
//   end record       "PK\5\6": where the directory lies, how many entries; a comment of up to 65,535 bytes follows
import { WeftError } from '../../src-shared/failure.ts';

/** One file of an archive, as the directory describes it. */
export interface ZipEntry {
  /** A relative path with forward slashes and no `..`; ends in a slash for a folder. */
  name: string;
  isDeflated: boolean;
  crc32: number;
  packedBytes: number;
  sizeBytes: number;
  /** Where the local header begins, from the start of the archive. */
  headerOffset: number;
}

/** Where the directory lies in the archive. */
export interface ZipDirectoryPlace {
  offset: number;
  sizeBytes: number;
  entryCount: number;
}

const endRecordBytes = 22;
/** How much of the archive's end `findZipDirectory` must see: the end record and the longest comment. */
export const zipEndBytes = endRecordBytes + 0xffff;
/** The local header up to its name. */
export const zipLocalHeaderBytes = 30;
const directoryRecordBytes = 46;
const zip64Mark = 0xffffffff;
const zip64CountMark = 0xffff;
/** DEFLATE can't pack better than this, so a larger claim is a lie (RFC 1951: 258 bytes in two bits). */
const bestDeflateRatio = 1032;

const signatures = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 };
/** Encrypted, patched, strongly encrypted, or with a masked directory. */
const unreadableFlags = 0x0001 | 0x0020 | 0x0040 | 0x2000;

const remedy = 'The file is damaged or was changed on its way; get a fresh copy.';

/** The error of one fault of an archive, `zip.<what>`. */
export function refuseZip(what: string, fileName: string, message: string, cure = remedy): WeftError {
  return new WeftError(`zip.${what}`, `"${fileName}" is not a readable zip archive: ${message}.`, cure);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Finds the directory. `tail` is the end of the archive, all of it or at least `zipEndBytes`; `archiveBytes` its whole
 * size. Throws `zip.not-zip`, `zip.zip64`, `zip.wrong-directory`.
 */
export function findZipDirectory(
  tail: Uint8Array,
  archiveBytes: number,
  fileName: string,
): ZipDirectoryPlace {
  const view = viewOf(tail);
  const first = Math.max(0, tail.byteLength - zipEndBytes);
  for (let at = tail.byteLength - endRecordBytes; at >= first; at -= 1) {
    if (view.getUint32(at, true) !== signatures.end) continue;
    const commentBytes = view.getUint16(at + 20, true);
    if (at + endRecordBytes + commentBytes !== tail.byteLength) continue;
    const entryCount = view.getUint16(at + 10, true);
    const sizeBytes = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (entryCount === zip64CountMark || sizeBytes === zip64Mark || offset === zip64Mark) {
      throw refuseZip('zip64', fileName, 'it uses zip64, which only archives above 4 GiB need', '');
    }
    const isOneDisk =
      view.getUint16(at + 4, true) === 0 &&
      view.getUint16(at + 6, true) === 0 &&
      view.getUint16(at + 8, true) === entryCount;
    const endOffset = archiveBytes - tail.byteLength + at;
    if (!isOneDisk || offset + sizeBytes !== endOffset || entryCount * directoryRecordBytes > sizeBytes) {
      throw refuseZip('wrong-directory', fileName, 'its directory is not where its end record says');
    }
    return { offset, sizeBytes, entryCount };
  }
  throw refuseZip('not-zip', fileName, 'its directory is missing, so it is another kind of file or cut off');
}

/** Whether a name stays inside a folder that an archive is unpacked into, on every system. */
export function isSafeEntryName(name: string): boolean {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  const parts = path.split('/');
  return (
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !name.includes('\\') &&
    !/^[a-z]:\//i.test(name) &&
    !/\p{Cc}/u.test(name)
  );
}

function checkEntry(entry: ZipEntry, flags: number, method: number, fileName: string): void {
  const { name, packedBytes, sizeBytes, isDeflated } = entry;
  if (!isSafeEntryName(name)) {
    throw refuseZip('wrong-name', fileName, `the entry ${JSON.stringify(name)} has no plain relative name`);
  }
  if ((flags & unreadableFlags) !== 0) {
    throw refuseZip('encrypted', fileName, `the entry "${name}" is encrypted`, 'Save it without a password.');
  }
  if (method !== 0 && method !== 8) {
    throw refuseZip(
      'wrong-method',
      fileName,
      `the entry "${name}" is packed with method ${method}; only "stored" (0) and "deflated" (8) are read`,
    );
  }
  if (packedBytes === zip64Mark || sizeBytes === zip64Mark || entry.headerOffset === zip64Mark) {
    throw refuseZip(
      'zip64',
      fileName,
      `the entry "${name}" uses zip64, which only files above 4 GiB need`,
      '',
    );
  }
  const isPossible = isDeflated ? sizeBytes <= packedBytes * bestDeflateRatio : sizeBytes === packedBytes;
  if (!isPossible) {
    throw refuseZip(
      'wrong-size',
      fileName,
      `the entry "${name}" claims ${sizeBytes} bytes, which ${packedBytes} packed bytes can't hold`,
    );
  }
}

/**
 * The entries, in the directory's order. Throws `zip.wrong-directory`, `.wrong-name`, `.duplicate-name`, `.encrypted`,
 * `.wrong-method`, `.wrong-size`, `.zip64`.
 */
export function readZipDirectory(directory: Uint8Array, entryCount: number, fileName: string): ZipEntry[] {
  const broken = (): WeftError => refuseZip('wrong-directory', fileName, 'its directory is damaged');
  const view = viewOf(directory);
  const decoder = new TextDecoder();
  const names = new Set<string>();
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < entryCount; index += 1) {
    if (at + directoryRecordBytes > directory.byteLength) throw broken();
    if (view.getUint32(at, true) !== signatures.directory || view.getUint16(at + 34, true) !== 0)
      throw broken();
    const nameStart = at + directoryRecordBytes;
    const nameEnd = nameStart + view.getUint16(at + 28, true);
    const recordEnd = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (recordEnd > directory.byteLength) throw broken();
    const method = view.getUint16(at + 10, true);
    const entry: ZipEntry = {
      name: decoder.decode(directory.subarray(nameStart, nameEnd)),
      isDeflated: method !== 0,
      crc32: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    checkEntry(entry, view.getUint16(at + 8, true), method, fileName);
    if (names.has(entry.name)) {
      throw refuseZip('duplicate-name', fileName, `it has two entries with the name "${entry.name}"`);
    }
    names.add(entry.name);
    entries.push(entry);
    at = recordEnd;
  }
  if (at !== directory.byteLength) throw broken();
  return entries;
}

/**
 * Where the entry's packed bytes begin, from the start of the archive. `header` is the local header's first
 * `zipLocalHeaderBytes`; what else it says is the directory's to say. Throws `zip.wrong-header`.
 */
export function zipDataOffset(header: Uint8Array, entry: ZipEntry, fileName: string): number {
  const view = viewOf(header);
  if (header.byteLength < zipLocalHeaderBytes || view.getUint32(0, true) !== signatures.local) {
    throw refuseZip('wrong-header', fileName, `the entry "${entry.name}" is not where the directory says`);
  }
  return entry.headerOffset + zipLocalHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

/**
 * Checks that no byte belongs to two entries, as in archives that unpack to far more than their size. `dataOffsets`
 * are of `entries`, one each; `directoryOffset` is where the last one must end. Throws `zip.overlap`.
 */
export function checkZipLayout(
  entries: readonly ZipEntry[],
  dataOffsets: readonly number[],
  directoryOffset: number,
  fileName: string,
): void {
  const spans = entries
    .map((entry, index) => ({ entry, end: dataOffsets[index]! + entry.packedBytes }))
    .sort((a, b) => a.entry.headerOffset - b.entry.headerOffset);
  spans.forEach(({ entry, end }, index) => {
    const limit = spans[index + 1]?.entry.headerOffset ?? directoryOffset;
    if (end > limit) {
      throw refuseZip('overlap', fileName, `the entry "${entry.name}" reaches into what follows it`);
    }
  });
}
