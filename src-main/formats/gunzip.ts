// Unpacks gzip without holding up the event loop, and never into more memory than was agreed on.
import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import { WeftError } from '../../src-shared/failure.ts';

const unpack = promisify(gunzipWithCallback);

/** Room for the output that is set aside at once; larger ones are put together from pieces of this size. */
const pieceLimitBytes = 64 * 1024 * 1024;
const smallestPieceBytes = 64;
const remedy = 'Get the file again.';

/** Whether the bytes begin as every gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function explain(error: unknown, fileName: string, maximumBytes: number): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return new WeftError('gzip.cut', `"${fileName}" is cut off: its gzip data ends too early.`, remedy, {
        cause: error,
      });
    case 'Z_DATA_ERROR':
      return new WeftError(
        'gzip.corrupt',
        `"${fileName}" is damaged: ${error.message} in its gzip data.`,
        remedy,
        {
          cause: error,
        },
      );
    case 'ERR_BUFFER_TOO_LARGE':
      return new WeftError(
        'gzip.too-large',
        `"${fileName}" unpacks to more than the ${maximumBytes} bytes expected of it.`,
        remedy,
        { cause: error },
      );
    default:
      return error;
  }
}

/**
 * The unpacked bytes, at most `maximumBytes` of them. `fileName` is for the errors: `gzip.not-gzip`, `gzip.cut`,
 * `gzip.corrupt`, `gzip.too-large`.
 */
export async function gunzip(bytes: Uint8Array, fileName: string, maximumBytes: number): Promise<Uint8Array> {
  if (bytes.byteLength > 1 && !isGzip(bytes)) {
    throw new WeftError(
      'gzip.not-gzip',
      `"${fileName}" is not a gzip file: it begins with other bytes.`,
      remedy,
    );
  }
  const chunkSize = Math.max(smallestPieceBytes, Math.min(maximumBytes, pieceLimitBytes));
  try {
    return await unpack(bytes, { chunkSize, maxOutputLength: Math.max(maximumBytes, 1) });
  } catch (error) {
    throw explain(error, fileName, maximumBytes);
  }
}
