// From what a mirror sent to a file of the set: unpacked, hashed and written in one pass, piece by piece.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { readFileChunks, readPart } from '../files/fileChunks.ts';
import { toFileError } from '../files/fileError.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { gunzipChunks, isGzip } from '../formats/gunzip.ts';
import { cannotTell, wrongContents, type ExpectedFile } from './idxSet.ts';

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      return await readPart(handle, 0, 2);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

/** Passes the chunks on and hashes them. */
class HashedChunks {
  readonly #hash = createHash('sha256');
  sizeBytes = 0;

  async *over(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      this.sizeBytes += chunk.byteLength;
      yield chunk;
    }
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Puts the file that `downloaded` holds, packed or not, into the folder of its set and answers its SHA-256, unpacked.
 * Unless it is right in length and hash, nothing appears there: throws `gzip.…`, `dataset.wrong-contents`,
 * `dataset.unverifiable`; and `files.…`.
 */
export async function unpackDownload(
  downloaded: string,
  folder: string,
  expected: ExpectedFile,
): Promise<string> {
  const { part, record, path } = expected;
  const file = record.files[part];
  const isPacked = isGzip(await firstBytes(downloaded));
  if (!isPacked && file.sha256 === null) throw cannotTell(part, record, path);
  const packed = new HashedChunks();
  const unpacked = new HashedChunks();
  let sha256 = '';
  async function* checked(): AsyncGenerator<Uint8Array, void> {
    const chunks = packed.over(readFileChunks(downloaded));
    yield* unpacked.over(isPacked ? gunzipChunks(chunks, path, file.sizeBytes) : chunks);
    sha256 = unpacked.sha256();
    const [found, wanted] =
      file.sha256 === null ? [packed.sha256(), file.packedSha256] : [sha256, file.sha256];
    if (found !== wanted) throw wrongContents(found, expected);
    if (unpacked.sizeBytes !== file.sizeBytes) {
      throw new WeftError(
        'dataset.wrong-length',
        `"${path}" should unpack to ${file.sizeBytes} bytes but unpacks to ${unpacked.sizeBytes}.`,
      );
    }
  }
  await writeFileSafely(join(folder, file.name), checked());
  return sha256;
}
