// Files for the tests of parsers that read them in pieces.

/** The bytes in pieces of that size. */
export async function* inPieces(
  bytes: Uint8Array,
  pieceBytes = bytes.byteLength,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += pieceBytes) {
    yield await Promise.resolve(bytes.subarray(start, start + pieceBytes));
  }
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** UTF-16 with or without its byte order mark. */
export function utf16(text: string, isBigEndian: boolean, hasMark: boolean): Uint8Array {
  const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}
