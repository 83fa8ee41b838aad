// Zip archives as streams: packed and unpacked by Node's own zlib in its threads, so that neither a large file nor its
// packing holds anything up or has to be in memory.
import { Readable, pipeline } from 'node:stream';
import { constants, crc32, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { WeftError } from '../../src-shared/failure.ts';
import { zipEntryTime, zipMethods } from '../formats/zip.ts';
import { refuseZip, type ZipEntry } from '../formats/zipDirectory.ts';

/** A file that is packed as it is read. */
export interface StreamedFile {
  name: string;
  isDeflated: boolean;
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What errors of the stream end in; they come out of its iterator as well. */
const ignored = (): void => undefined;

/** Passes chunks on, keeping the checksum and the size of them all. */
async function* measured(
  chunks: StreamedFile['chunks'],
  entry: ZipInputFile,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    entry.crc = crc32(chunk, entry.crc);
    entry.size += chunk.byteLength;
    yield chunk;
  }
}

/** The archive's bytes, file after file as they come. Errors of the files' own chunks pass through. */
export async function* packStream(files: Iterable<StreamedFile>): AsyncGenerator<Uint8Array, void> {
  let ready: Uint8Array[] = [];
  const take = (): Uint8Array[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  const archive = new Zip((error, piece) => {
    if (error !== null) throw error;
    ready.push(piece);
  });
  for (const { name, isDeflated, chunks } of files) {
    const entry: ZipInputFile = {
      filename: name,
      mtime: zipEntryTime,
      compression: isDeflated ? zipMethods.deflated : zipMethods.stored,
      size: 0,
      crc: 0,
    };
    archive.add(entry);
    const source = measured(chunks, entry);
    const packed = isDeflated
      ? pipeline(Readable.from(source, { objectMode: true, highWaterMark: 2 }), createDeflateRaw(), ignored)
      : source;
    for await (const chunk of packed as AsyncIterable<Uint8Array>) {
      entry.ondata?.(null, new Uint8Array(chunk), false);
      yield* take();
    }
    entry.ondata?.(null, new Uint8Array(0), true);
    yield* take();
  }
  archive.end();
  yield* take();
}

async function* inflated(
  packed: AsyncIterable<Uint8Array>,
  entry: ZipEntry,
  fileName: string,
): AsyncGenerator<Uint8Array, void> {
  const inflate = createInflateRaw({ finishFlush: constants.Z_FINISH });
  const source = Readable.from(packed, { objectMode: true, highWaterMark: 2 });
  try {
    yield* pipeline(source, inflate, ignored) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof WeftError) throw error;
    throw refuseZip('corrupt', fileName, `the packed bytes of the entry "${entry.name}" are damaged`);
  }
}

/**
 * The unpacked bytes of an entry, never more than it claims. Throws `zip.corrupt`, `zip.wrong-size` and
 * `zip.wrong-checksum`; the last two may come after all bytes.
 */
export async function* unpackStream(
  packed: AsyncIterable<Uint8Array>,
  entry: ZipEntry,
  fileName: string,
): AsyncGenerator<Uint8Array, void> {
  let checksum = 0;
  let sizeBytes = 0;
  const chunks = entry.isDeflated ? inflated(packed, entry, fileName) : packed;
  for await (const chunk of chunks) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > entry.sizeBytes) break;
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (sizeBytes !== entry.sizeBytes) {
    const found = sizeBytes > entry.sizeBytes ? 'more' : `${sizeBytes} bytes`;
    throw refuseZip(
      'wrong-size',
      fileName,
      `the entry "${entry.name}" unpacks to ${found} but claims ${entry.sizeBytes} bytes`,
    );
  }
  if (checksum !== entry.crc32) {
    throw refuseZip('wrong-checksum', fileName, `the entry "${entry.name}" does not have its checksum`);
  }
}
