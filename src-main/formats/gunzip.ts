// Unpacks gzip (RFC 1952) without holding up the event loop, and never into more memory than was agreed on: the bytes are
// counted here, since a few of them can unpack to a thousand times as many.
import { createGunzip, type Gunzip } from 'node:zlib';
import { WeftError } from '../../src-shared/failure.ts';

/** Room for the output that is set aside at once; larger ones are put together from pieces of this size. */
const pieceLimitBytes = 64 * 1024 * 1024;
const smallestPieceBytes = 64;
/** Header and trailer; the trailer ends in the unpacked size, modulo 2^32. */
const leastBytes = 18;
const sizeFieldBytes = 4;
const streamPieceBytes = 256 * 1024;
const remedy = 'Get the file again.';

const refuse = (what: string, fileName: string, message: string, cause?: unknown): WeftError =>
  new WeftError(`gzip.${what}`, `"${fileName}" ${message}.`, remedy, { cause });

/** Whether the bytes begin as every gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function refuseOther(bytes: Uint8Array, fileName: string): WeftError {
  const beginning = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  return /^<(?:!doctype|html|head|\?xml)/i.test(beginning)
    ? new WeftError(
        'gzip.not-gzip',
        `"${fileName}" is a web page, not a gzip file.`,
        'It may be the sign-in page of a network: get the file again once you are signed in.',
      )
    : refuse('not-gzip', fileName, 'is not a gzip file: it begins with other bytes');
}

const trailing = (fileName: string, cause?: unknown): WeftError =>
  refuse('trailing-bytes', fileName, 'is damaged: other bytes follow its gzip data', cause);
const cut = (fileName: string, cause?: unknown): WeftError =>
  refuse('cut', fileName, 'is cut off: its gzip data ends too early', cause);

const tooLarge = (fileName: string, maximumBytes: number): WeftError =>
  refuse('too-large', fileName, `unpacks to more than the ${maximumBytes} bytes expected of it`);

function explain(error: unknown, fileName: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR') return cut(fileName, error);
  if (error.code !== 'Z_DATA_ERROR') return error;
  // The first header is known to be right.
  return error.message === 'incorrect header check'
    ? trailing(fileName, error)
    : refuse('corrupt', fileName, `is damaged: ${error.message} in its gzip data`, error);
}

/** How many bytes to make room for at once: what the trailer promises, as far as that can be. */
function roomFor(bytes: Uint8Array, maximumBytes: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const promised = view.getUint32(bytes.byteLength - sizeFieldBytes, true);
  // One more, so that all comes in one piece and data that goes on is noticed.
  return Math.max(smallestPieceBytes, Math.min(promised, maximumBytes, pieceLimitBytes - 1) + 1);
}

/**
 * The unpacked bytes, at most `maximumBytes` of them; several members one after the other count as one, as RFC 1952 says.
 * `fileName` is for the errors: `gzip.not-gzip`, `gzip.cut`, `gzip.corrupt`, `gzip.trailing-bytes`, `gzip.too-large`.
 */
export async function gunzip(bytes: Uint8Array, fileName: string, maximumBytes: number): Promise<Uint8Array> {
  if (bytes.byteLength > 1 && !isGzip(bytes)) throw refuseOther(bytes, fileName);
  if (bytes.byteLength < leastBytes) throw cut(fileName);
  const stream = createGunzip({ chunkSize: roomFor(bytes, maximumBytes) });
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  stream.end(bytes);
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      sizeBytes += piece.byteLength;
      if (sizeBytes > maximumBytes) {
        throw tooLarge(fileName, maximumBytes);
      }
      pieces.push(piece);
    }
  } catch (error) {
    throw explain(error, fileName);
  }
  if (stream.bytesWritten < bytes.byteLength) throw trailing(fileName);
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : new Uint8Array(Buffer.concat(pieces));
}

function write(unpacker: Gunzip, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // An unpacker that is destroyed while it unpacks never answers.
    const close = (): void => reject(new Error('The unpacker was closed.'));
    unpacker.once('close', close);
    unpacker.write(chunk, (error) => {
      unpacker.off('close', close);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Writes the chunks into the unpacker as it takes them; an error of theirs becomes one of the unpacker. */
async function feed(unpacker: Gunzip, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) await write(unpacker, chunk);
    unpacker.end();
  } catch (error) {
    unpacker.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * Unpacks piece by piece. `fileName` is for the errors: `gzip.cut`, `gzip.corrupt` and, past `maximumBytes`,
 * `gzip.too-large`. What the chunks' own iterator throws passes through.
 */
export async function* gunzipChunks(
  chunks: AsyncIterable<Uint8Array>,
  fileName: string,
  maximumBytes: number,
): AsyncGenerator<Uint8Array, void> {
  const unpacker = createGunzip({ chunkSize: streamPieceBytes });
  const fed = feed(unpacker, chunks);
  const pieces: AsyncIterable<Uint8Array> = unpacker;
  let unpackedBytes = 0;
  try {
    for await (const piece of pieces) {
      unpackedBytes += piece.byteLength;
      if (unpackedBytes > maximumBytes) throw tooLarge(fileName, maximumBytes);
      yield piece;
    }
  } catch (error) {
    throw explain(error, fileName);
  } finally {
    unpacker.destroy();
    await fed;
  }
}
