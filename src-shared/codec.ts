// Messages as bytes, for transports that carry no structured clones (the browser host's WebSocket).
//
//   u32 little-endian   length of the JSON in bytes
//   JSON                the message; each Uint8Array stands as {"$bytes": [offset, length]} into the attachments
//   attachments         the arrays' bytes, one after the other
import { WeftError } from './failure.ts';

const headerBytes = 4;

function isAttachment(value: unknown): value is { $bytes: [number, number] } {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return false;
  const place = value.$bytes;
  return (
    Array.isArray(place) &&
    place.length === 2 &&
    place.every((part) => Number.isSafeInteger(part) && part >= 0)
  );
}

export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const attachments: Uint8Array[] = [];
  let attachedBytes = 0;
  const json = JSON.stringify(message, function (this: Record<string, unknown>, key, prepared: unknown) {
    // Taken from its holder: a Buffer prepares itself as an array of numbers.
    const value = this[key];
    if (!(value instanceof Uint8Array)) return prepared;
    const place = { $bytes: [attachedBytes, value.byteLength] };
    attachments.push(value);
    attachedBytes += value.byteLength;
    return place;
  });
  const head = new TextEncoder().encode(json);
  const bytes = new Uint8Array(headerBytes + head.byteLength + attachedBytes);
  new DataView(bytes.buffer).setUint32(0, head.byteLength, true);
  bytes.set(head, headerBytes);
  let offset = headerBytes + head.byteLength;
  for (const attachment of attachments) {
    bytes.set(attachment, offset);
    offset += attachment.byteLength;
  }
  return bytes;
}

/** The message again; its arrays are views of `bytes`. Throws `codec.malformed`. */
export function decodeMessage(bytes: Uint8Array): unknown {
  const malformed = (): WeftError =>
    new WeftError('codec.malformed', 'A message arrived that cannot be read.');
  if (bytes.byteLength < headerBytes) throw malformed();
  const headLength = new DataView(bytes.buffer, bytes.byteOffset, headerBytes).getUint32(0, true);
  const attached = bytes.subarray(headerBytes + headLength);
  if (headerBytes + headLength > bytes.byteLength) throw malformed();
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(headerBytes, headerBytes + headLength),
    );
    return JSON.parse(json, (_key, value: unknown) => {
      if (!isAttachment(value)) return value;
      const [offset, length] = value.$bytes;
      if (offset + length > attached.byteLength) throw malformed();
      return attached.subarray(offset, offset + length);
    });
  } catch (error) {
    throw error instanceof WeftError ? error : malformed();
  }
}
