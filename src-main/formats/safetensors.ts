// The safetensors format (https://github.com/huggingface/safetensors):
//
//   u64 little-endian   length N of the header in bytes
//   N bytes             header: JSON, {"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {…}}
//   the rest            the tensors' bytes, row-major and little-endian, without gaps; offsets count from here
//
// Every fault has its own error code; a file is either read whole or refused.
import * as v from 'valibot';
import { WeftError } from '../../src-shared/failure.ts';

/** Bytes of one value of each type that the format knows and Weft can hold. */
const valueBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;
export type TensorType = keyof typeof valueBytes;

/** One tensor as the file holds it: `bytes` are its values, row-major, little-endian. */
export interface FileTensor {
  name: string;
  dtype: TensorType;
  shape: readonly number[];
  bytes: Uint8Array;
}

export interface Safetensors {
  /** In the order of their bytes in the file. */
  tensors: FileTensor[];
  metadata: Map<string, string>;
}

/** Largest header that is read. Weft's own take a few kilobytes. */
export const headerLimitBytes = 1024 * 1024;
const lengthBytes = 8;
/** The tensors' bytes begin at a multiple of this, so that readers can map the file into memory. */
const alignmentBytes = 8;
const metadataName = '__metadata__';

const remedy = 'The file is damaged or was not written by a tool that follows the format; get a fresh copy.';
const refuse = (what: string, fileName: string, message: string): WeftError =>
  new WeftError(
    `safetensors.${what}`,
    `"${fileName}" is not a readable safetensors file: ${message}.`,
    remedy,
  );

const isTensorType = (value: string): value is TensorType => Object.hasOwn(valueBytes, value);

function sizeBytesOf(dtype: TensorType, shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, valueBytes[dtype]);
}

/**
 * The file's bytes. Tensors are laid out by the size of their values, largest first, so that each is aligned; among
 * equals the given order stays. Throws `safetensors.wrong-size` when a tensor's bytes don't fit its type and shape,
 * `safetensors.wrong-name` for a name that is used twice or reserved.
 */
export function encodeSafetensors(
  tensors: readonly FileTensor[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort((a, b) => valueBytes[b.dtype] - valueBytes[a.dtype]);
  const entries: [string, unknown][] = [];
  const names = new Set([metadataName]);
  if (metadata.size > 0) entries.push([metadataName, Object.fromEntries(metadata)]);
  let end = 0;
  for (const { name, dtype, shape, bytes } of ordered) {
    if (names.has(name)) {
      throw new WeftError('safetensors.wrong-name', `There can't be another tensor with the name "${name}".`);
    }
    names.add(name);
    if (bytes.byteLength !== sizeBytesOf(dtype, shape)) {
      throw new WeftError(
        'safetensors.wrong-size',
        `Tensor "${name}" of shape [${shape.join(', ')}] takes ${sizeBytesOf(dtype, shape)} bytes as ${dtype}, but ${bytes.byteLength} were given.`,
      );
    }
    const begin = end;
    end += bytes.byteLength;
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const paddedLength = Math.ceil(header.byteLength / alignmentBytes) * alignmentBytes;
  if (paddedLength > headerLimitBytes) {
    throw new WeftError(
      'safetensors.header-too-large',
      `The header would take ${paddedLength} bytes; at most ${headerLimitBytes} are allowed.`,
    );
  }
  const file = new Uint8Array(lengthBytes + paddedLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(paddedLength), true);
  file.fill(0x20, lengthBytes, lengthBytes + paddedLength);
  file.set(header, lengthBytes);
  let offset = lengthBytes + paddedLength;
  for (const { bytes } of ordered) {
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}

const sizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.string(),
  shape: v.array(sizeSchema),
  data_offsets: v.strictTuple([sizeSchema, sizeSchema]),
});

/** The header's JSON and where the tensors' bytes begin. */
function readHeader(bytes: Uint8Array, fileName: string): { header: object; dataStart: number } {
  if (bytes.byteLength < lengthBytes) {
    throw refuse(
      'too-short',
      fileName,
      `it has ${bytes.byteLength} bytes, fewer than the ${lengthBytes} of its first field`,
    );
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (headerLength > BigInt(headerLimitBytes)) {
    throw refuse(
      'header-too-large',
      fileName,
      `its header claims ${headerLength} bytes; at most ${headerLimitBytes} are allowed`,
    );
  }
  const dataStart = lengthBytes + Number(headerLength);
  if (dataStart > bytes.byteLength) {
    throw refuse(
      'header-past-end',
      fileName,
      `its header claims ${headerLength} bytes, but only ${bytes.byteLength - lengthBytes} follow`,
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(lengthBytes, dataStart)),
    );
  } catch {
    throw refuse('header-not-json', fileName, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw refuse('header-not-json', fileName, 'its header is not a JSON object');
  }
  return { header, dataStart };
}

function readMetadata(value: unknown, fileName: string): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('wrong-metadata', fileName, `its ${metadataName} is not a JSON object`);
  }
  return new Map(
    Object.entries(value).map(([key, text]: [string, unknown]): [string, string] => {
      if (typeof text !== 'string')
        throw refuse(
          'wrong-metadata',
          fileName,
          `its ${metadataName} has a value that is not text, "${key}"`,
        );
      return [key, text];
    }),
  );
}

interface Entry {
  name: string;
  dtype: TensorType;
  shape: number[];
  begin: number;
  end: number;
}

function readEntry(name: string, value: unknown, fileName: string): Entry {
  const parsed = v.safeParse(entrySchema, value);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'entry';
    throw refuse('wrong-entry', fileName, `the ${where} of tensor "${name}" is not as the format demands`);
  }
  const { dtype, shape, data_offsets: offsets } = parsed.output;
  if (!isTensorType(dtype)) {
    const known = Object.keys(valueBytes).join(', ');
    throw refuse('wrong-dtype', fileName, `tensor "${name}" has the type "${dtype}"; known are ${known}`);
  }
  const [begin, end] = offsets;
  const expectedBytes = sizeBytesOf(dtype, shape);
  if (end - begin !== expectedBytes) {
    throw refuse(
      'wrong-size',
      fileName,
      `tensor "${name}" of shape [${shape.join(', ')}] takes ${expectedBytes} bytes as ${dtype}, but its offsets ${begin} to ${end} hold ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Offsets must cover the bytes exactly: in order, each beginning where the one before it ends. */
function checkLayout(entries: readonly Entry[], dataBytes: number, fileName: string): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (end > dataBytes) {
      throw refuse(
        'data-past-end',
        fileName,
        `tensor "${name}" ends at byte ${end} of the data, which has ${dataBytes}`,
      );
    }
    if (begin < position) {
      throw refuse(
        'overlap',
        fileName,
        `tensor "${name}" begins at byte ${begin} of the data, inside the one before it`,
      );
    }
    if (begin > position) {
      throw refuse('hole', fileName, `bytes ${position} to ${begin} of the data belong to no tensor`);
    }
    position = end;
  }
  if (position < dataBytes) {
    throw refuse('trailing-bytes', fileName, `${dataBytes - position} bytes follow the last tensor`);
  }
}

/**
 * The tensors of the file, their bytes as views of `bytes`. `fileName` is for the errors, each of which says what was
 * expected and what was found: `safetensors.too-short`, `.header-past-end`, `.header-too-large`, `.header-not-json`,
 * `.wrong-metadata`, `.wrong-entry`, `.wrong-dtype`, `.wrong-size`, `.data-past-end`, `.overlap`, `.hole`,
 * `.trailing-bytes`.
 */
export function decodeSafetensors(bytes: Uint8Array, fileName: string): Safetensors {
  const { header, dataStart } = readHeader(bytes, fileName);
  const data = bytes.subarray(dataStart);
  let metadata = new Map<string, string>();
  const entries: Entry[] = [];
  const named: [string, unknown][] = Object.entries(header);
  for (const [name, value] of named) {
    if (name === metadataName) metadata = readMetadata(value, fileName);
    else entries.push(readEntry(name, value, fileName));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, data.byteLength, fileName);
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    return { name, dtype, shape, bytes: data.subarray(begin, end) };
  });
  return { tensors, metadata };
}
