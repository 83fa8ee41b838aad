// NumPy's array file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
//
//   "\x93NUMPY"   magic
//   u8 u8         version: 1.0, 2.0 or 3.0
//   u16 or u32    length of the header in bytes, little-endian; 32 bits from version 2.0 on
//   header        a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, padded with spaces
//   the rest      the values, row-major or, in Fortran order, column-major
//
// Object arrays hold pickles, that is, programs: they are refused, and nothing of them is looked at.
import { WeftError } from '../../src-shared/failure.ts';
import { bytesOf } from '../../src-shared/schemas/bytes.ts';

/** The array types that hold values. */
export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

interface ArrayType {
  /** Kind and size, as in NumPy's type strings. */
  code: string;
  Values: {
    new (length: number): NpyValues;
    new (buffer: ArrayBufferLike, byteOffset: number, length: number): NpyValues;
    readonly BYTES_PER_ELEMENT: number;
    readonly name: string;
  };
}

/** How the values of each type are held. Half floats are held as their bits. */
const arrayTypes = {
  bool: { code: 'b1', Values: Uint8Array },
  int8: { code: 'i1', Values: Int8Array },
  uint8: { code: 'u1', Values: Uint8Array },
  int16: { code: 'i2', Values: Int16Array },
  uint16: { code: 'u2', Values: Uint16Array },
  int32: { code: 'i4', Values: Int32Array },
  uint32: { code: 'u4', Values: Uint32Array },
  int64: { code: 'i8', Values: BigInt64Array },
  uint64: { code: 'u8', Values: BigUint64Array },
  float16: { code: 'f2', Values: Uint16Array },
  float32: { code: 'f4', Values: Float32Array },
  float64: { code: 'f8', Values: Float64Array },
} as const satisfies Record<string, ArrayType>;
export type NpyType = keyof typeof arrayTypes;

/** An array; `data` holds `shape`'s values row-major, as the array type that belongs to `dtype` (float16: the bits). */
export interface NpyArray {
  dtype: NpyType;
  shape: readonly number[];
  data: NpyValues;
}

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const versionBytes = 2;
/** The values begin at a multiple of this, as NumPy writes them. */
const alignmentBytes = 64;
/** Largest header that is read; NumPy's own limit. */
const headerLimitBytes = 10_000;
/** NumPy's limit on dimensions (64 since 2.0). */
const rankLimit = 64;

const typesByCode = new Map(
  (Object.keys(arrayTypes) as NpyType[]).map((dtype) => [arrayTypes[dtype].code as string, dtype]),
);

const remedy = 'Save the array again with numpy.save, as plain numbers.';
const refuse = (what: string, fileName: string, message: string): WeftError =>
  new WeftError(`npy.${what}`, `"${fileName}" is not a readable NumPy array: ${message}.`, remedy);

const countOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
const isWhole = (length: number): boolean => Number.isSafeInteger(length) && length >= 0;

/** The file of an array, version 1.0, little-endian, row-major. Throws `npy.wrong-size`, `npy.wrong-data`. */
export function encodeNpy({ dtype, shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  const { code, Values }: ArrayType = arrayTypes[dtype];
  if (!(data instanceof Values)) {
    throw new WeftError('npy.wrong-data', `Values of the type ${dtype} are held in a ${Values.name}.`);
  }
  if (!shape.every(isWhole) || shape.length > rankLimit || data.length !== countOf(shape)) {
    throw new WeftError(
      'npy.wrong-size',
      `An array of shape [${shape.join(', ')}] can't be made of ${data.length} values.`,
    );
  }
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const lengths = shape.length === 1 ? `${shape[0]!},` : shape.join(', ');
  const literal = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const prefixBytes = magic.byteLength + versionBytes + 2;
  const dataStart = Math.ceil((prefixBytes + literal.length + 1) / alignmentBytes) * alignmentBytes;
  const file = new Uint8Array(dataStart + data.byteLength);
  file.set(magic);
  file[magic.byteLength] = 1;
  new DataView(file.buffer).setUint16(prefixBytes - 2, dataStart - prefixBytes, true);
  file.set(new TextEncoder().encode(`${literal.padEnd(dataStart - prefixBytes - 1)}\n`), prefixBytes);
  file.set(bytesOf(data), dataStart);
  return file;
}

interface Header {
  descr: string;
  isFortranOrder: boolean;
  shape: number[];
}

/** The digits of each length of `(2, 3)`, `(2,)` or `()`; undefined for anything else. */
function readTuple(text: string): string[] | undefined {
  if (!text.startsWith('(') || !text.endsWith(')')) return undefined;
  const parts = text.slice(1, -1).split(',');
  const lengths = parts.map((part) => part.trim());
  if (lengths.at(-1) === '') lengths.pop();
  return lengths.every((length) => /^\d+$/.test(length)) ? lengths : undefined;
}

/** Reads the literal. Only what NumPy writes for plain arrays is understood, so no Python is interpreted. */
function readLiteral(text: string, fileName: string): Header {
  const fields = new Map<string, string>();
  const literal = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (literal === undefined) throw refuse('wrong-header', fileName, 'its header is not a Python dictionary');
  const field = /\s*(['"])(\w+)\1\s*:\s*((['"])[^'"]*\4|\w+|\([^()]*\)|\[.*\])\s*(?:,\s*|$)/sy;
  while (field.lastIndex < literal.length) {
    const match = field.exec(literal);
    if (match === null || fields.has(match[2]!)) {
      throw refuse('wrong-header', fileName, 'its header is not as the format demands');
    }
    fields.set(match[2]!, match[3]!);
  }
  const descr = fields.get('descr');
  const order = fields.get('fortran_order');
  const lengths = readTuple(fields.get('shape') ?? '');
  if (fields.size !== 3 || descr === undefined || (order !== 'True' && order !== 'False') || !lengths) {
    throw refuse('wrong-header', fileName, "its header must have just 'descr', 'fortran_order' and 'shape'");
  }
  const shape = lengths.map(Number);
  if (shape.length > rankLimit || !shape.every(isWhole)) {
    throw refuse('wrong-shape', fileName, 'its shape is larger than any array');
  }
  return { descr, isFortranOrder: order === 'True', shape };
}

function readType(descr: string, fileName: string): { dtype: NpyType; isBigEndian: boolean } {
  const [, order, code = ''] = /^(['"])?([<>|])(\w+)\1$/.exec(descr)?.slice(1) ?? [];
  const dtype = typesByCode.get(code);
  if (dtype === undefined) {
    const isObject = /O/.test(descr);
    throw refuse(
      isObject ? 'object-array' : 'wrong-dtype',
      fileName,
      isObject
        ? 'it holds Python objects, which are programs and are never loaded'
        : `it has the type ${descr}; known are ${Object.keys(arrayTypes).join(', ')}`,
    );
  }
  return { dtype, isBigEndian: order === '>' };
}

function readHeader(bytes: Uint8Array, fileName: string): { header: Header; dataStart: number } {
  const start = magic.byteLength + versionBytes;
  if (!magic.every((value, index) => bytes[index] === value)) {
    throw refuse('wrong-magic', fileName, 'it does not begin as NumPy files do');
  }
  const major = bytes[magic.byteLength];
  if (major === undefined || major < 1 || major > 3) {
    throw refuse('wrong-version', fileName, `its version is ${major ?? 'missing'}; known are 1, 2 and 3`);
  }
  const lengthBytes = major === 1 ? 2 : 4;
  if (bytes.byteLength < start + lengthBytes) throw refuse('too-short', fileName, 'it ends in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = lengthBytes === 2 ? view.getUint16(start, true) : view.getUint32(start, true);
  if (headerLength > headerLimitBytes) {
    throw refuse('header-too-large', fileName, `its header claims ${headerLength} bytes`);
  }
  const dataStart = start + lengthBytes + headerLength;
  if (dataStart > bytes.byteLength) throw refuse('too-short', fileName, 'it ends in its header');
  const text = new TextDecoder().decode(bytes.subarray(start + lengthBytes, dataStart));
  return { header: readLiteral(text, fileName), dataStart };
}

/** Turns the bytes of each value round, in place. */
function swapByteOrder(bytes: Uint8Array, valueBytes: number): void {
  for (let start = 0; start < bytes.byteLength; start += valueBytes) {
    bytes.subarray(start, start + valueBytes).reverse();
  }
}

/** Column-major values of `shape` as row-major ones. */
function toRowMajor<A extends NpyValues>(source: A, target: A, shape: readonly number[]): void {
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < source.length; to += 1) {
    target[to] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      position[axis]! += 1;
      from += strides[axis]!;
      if (position[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
}

/**
 * The array of the file, in row-major order and this machine's byte order; where both are so in the file, and aligned,
 * its data is a view of `bytes`. `fileName` is for the errors: `npy.wrong-magic`, `.wrong-version`, `.too-short`,
 * `.header-too-large`, `.wrong-header`, `.wrong-dtype`, `.object-array`, `.wrong-shape`, `.wrong-size`.
 */
export function decodeNpy(bytes: Uint8Array, fileName: string): NpyArray {
  const { header, dataStart } = readHeader(bytes, fileName);
  const { shape, isFortranOrder } = header;
  const { dtype, isBigEndian } = readType(header.descr, fileName);
  const { Values }: ArrayType = arrayTypes[dtype];
  const valueBytes = Values.BYTES_PER_ELEMENT;
  const content = bytes.subarray(dataStart);
  const expectedBytes = countOf(shape) * valueBytes;
  if (content.byteLength !== expectedBytes) {
    throw refuse(
      'wrong-size',
      fileName,
      `its shape [${shape.join(', ')}] takes ${expectedBytes} bytes as ${dtype}, but ${content.byteLength} follow`,
    );
  }
  const mustCopy = (isBigEndian && valueBytes > 1) || content.byteOffset % valueBytes !== 0;
  // Not `slice`, which copies nothing of a Buffer.
  const ordered = mustCopy ? new Uint8Array(content) : content;
  if (isBigEndian && valueBytes > 1) swapByteOrder(ordered, valueBytes);
  const data = new Values(ordered.buffer, ordered.byteOffset, ordered.byteLength / valueBytes);
  if (!isFortranOrder || shape.length < 2) return { dtype, shape, data };
  const rowMajor = new Values(data.length);
  toRowMajor<NpyValues>(data, rowMajor, shape);
  return { dtype, shape, data: rowMajor };
}
