// Bytes as text while they come in, whatever program wrote them.
import { WeftError } from '../../src-shared/failure.ts';

/** Larger pieces are decoded in parts of this size, so that their text need not be held as a whole. */
const pieceBytes = 256 * 1024;
/** As many bytes tell the encoding. */
const markBytes = 2;

/** By the byte order mark; without one by the zero that every other byte of UTF-16 digits is. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && first !== 0) return 'utf-16le';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  return 'utf-8';
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.byteLength; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes);
  }
}

/**
 * The text of UTF-8 or UTF-16 bytes, without a byte order mark. Throws `csv.not-text` for bytes that are neither, as those
 * of packed files and spreadsheets.
 */
export async function* decodeText(
  source: AsyncIterable<Uint8Array>,
  fileName: string,
): AsyncGenerator<string, void> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let beginning = new Uint8Array(0);
  const decode = (bytes: Uint8Array, isLast: boolean): string => {
    decoder ??= new TextDecoder(encodingOf(bytes));
    const text = decoder.decode(bytes, { stream: !isLast });
    if (text.includes('\0')) {
      throw new WeftError(
        'csv.not-text',
        `"${fileName}" is not a text file: it holds zero bytes.`,
        'Unpack it if it is an archive; save a spreadsheet as CSV, in UTF-8.',
      );
    }
    return text;
  };
  for await (const chunk of source) {
    let bytes = chunk;
    if (decoder === undefined) {
      beginning = new Uint8Array(Buffer.concat([beginning, chunk]));
      if (beginning.byteLength < markBytes) continue;
      bytes = beginning;
    }
    for (const piece of piecesOf(bytes)) yield decode(piece, false);
  }
  yield decode(decoder === undefined ? beginning : new Uint8Array(0), true);
}
