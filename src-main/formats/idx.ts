// The IDX format of MNIST and its relatives (http://yann.lecun.com/exdb/mnist, "file formats"), all big-endian:
//
//   u16  0
//   u8   type of the values (0x08: unsigned byte)
//   u8   rank: how many dimensions
//   u32  length of each dimension, `rank` times
//   …    the values, row-major
import { WeftError } from '../../src-shared/failure.ts';
import { isGzip } from './gunzip.ts';

/** Images of one file: `pixels` is `(count, height, width, channels)`, a view of the file's bytes. */
export interface IdxImages {
  count: number;
  height: number;
  width: number;
  /** 1 for a file of rank 3. */
  channels: number;
  pixels: Uint8Array;
}

const unsignedByte = 0x08;
const magicBytes = 4;
const lengthFieldBytes = 4;
const greyRank = 3;
const colourRank = 4;
const labelRank = 1;
/** Larger files are not read: their values lie in one array. */
const limitBytes = 2 ** 31;

const remedy = 'Get the file again, and check that it is the one that its name says.';
const refuse = (what: string, fileName: string, message: string, cure = remedy): WeftError =>
  new WeftError(`idx.${what}`, `"${fileName}" ${message}.`, cure);
const hexadecimal = (value: number, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;

const headerBytes = (rank: number): number => magicBytes + rank * lengthFieldBytes;

/** What a file of another rank than expected is, where that is known: images and labels are easily swapped. */
const contentOfRank = (rank: number | undefined): string =>
  rank === labelRank
    ? ': it holds labels, not images'
    : rank === greyRank || rank === colourRank
      ? ': it holds images, not labels'
      : '';

/** The dimensions and the values, once the header and the length of the file agree with `rank`. */
function readValues(
  bytes: Uint8Array,
  fileName: string,
  rank: number,
): { lengths: number[]; values: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < magicBytes) {
    throw refuse(
      'too-short',
      fileName,
      `has ${bytes.byteLength} bytes, fewer than the ${magicBytes} of an IDX magic number`,
    );
  }
  if (isGzip(bytes)) {
    throw new WeftError(
      'idx.packed',
      `"${fileName}" is packed with gzip, perhaps once more than it should be.`,
      'Unpack it once by hand.',
    );
  }
  const expected = hexadecimal((unsignedByte << 8) | rank, 8);
  const found = hexadecimal(view.getUint32(0), 8);
  if (view.getUint16(2) === 0 && bytes[1] === unsignedByte) {
    throw refuse(
      'little-endian',
      fileName,
      `is written back to front: its magic number should be ${expected} but is ${found}, so its numbers are little-endian`,
      'Write its header again with the highest byte of each number first.',
    );
  }
  if (view.getUint16(0) !== 0) {
    throw refuse(
      'wrong-magic',
      fileName,
      `is not an IDX file: its magic number should be ${expected} but is ${found}`,
    );
  }
  if (bytes[2] !== unsignedByte) {
    throw refuse(
      'wrong-type',
      fileName,
      `should hold unsigned bytes (type 0x08) but holds type ${hexadecimal(view.getUint8(2), 2)} (magic number ${found})`,
    );
  }
  if (bytes[3] !== rank) {
    throw refuse(
      'wrong-rank',
      fileName,
      `should have rank ${rank} but has rank ${bytes[3]} (magic number ${found})${contentOfRank(bytes[3])}`,
    );
  }
  if (bytes.byteLength < headerBytes(rank)) {
    throw refuse(
      'too-short',
      fileName,
      `has ${bytes.byteLength} bytes, fewer than the ${headerBytes(rank)} of an IDX header of rank ${rank}`,
    );
  }
  const lengths = Array.from({ length: rank }, (_, index) =>
    view.getUint32(magicBytes + index * lengthFieldBytes),
  );
  // No images are a set of none; images of no size are a fault.
  if (lengths.slice(1).includes(0)) {
    throw refuse('zero-dimension', fileName, `claims images of no size: ${lengths.join(' x ')}`);
  }
  const expectedBytes = headerBytes(rank) + lengths.reduce((size, length) => size * length, 1);
  if (expectedBytes > limitBytes) {
    throw refuse(
      'too-large',
      fileName,
      `claims ${lengths.join(' x ')} values; at most ${limitBytes} bytes are read`,
      'The header may be damaged: get the file again. If it is right, divide the file.',
    );
  }
  if (bytes.byteLength !== expectedBytes) {
    throw refuse(
      'wrong-length',
      fileName,
      `should have ${expectedBytes} bytes for ${lengths.join(' x ')} values but has ${bytes.byteLength}`,
    );
  }
  return { lengths, values: bytes.subarray(headerBytes(rank)) };
}

/**
 * Reads an unpacked file of images, grey (rank 3) or with channels (rank 4); there may be none. Throws `idx.too-short`,
 * `idx.packed`, `idx.little-endian`, `idx.wrong-magic`, `idx.wrong-type`, `idx.wrong-rank`, `idx.zero-dimension`,
 * `idx.too-large`, `idx.wrong-length`.
 */
export function decodeIdxImages(bytes: Uint8Array, fileName: string): IdxImages {
  const rank = bytes[3] === colourRank ? colourRank : greyRank;
  const { lengths, values } = readValues(bytes, fileName, rank);
  const [count = 0, height = 0, width = 0, channels = 1] = lengths;
  return { count, height, width, channels, pixels: values };
}

/**
 * Reads an unpacked file of labels (rank 1), one class index a byte. Throws as `decodeIdxImages` does, and
 * `idx.label-out-of-range` for a label of `classCount` or more.
 */
export function decodeIdxLabels(bytes: Uint8Array, fileName: string, classCount: number): Uint8Array {
  const { values } = readValues(bytes, fileName, labelRank);
  const position = values.findIndex((label) => label >= classCount);
  if (position !== -1) {
    throw refuse(
      'label-out-of-range',
      fileName,
      `should hold labels from 0 to ${classCount - 1} but label ${position} is ${values[position]}`,
    );
  }
  return values;
}

function encode(lengths: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes(lengths.length) + values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (unsignedByte << 8) | lengths.length);
  lengths.forEach((length, index) => view.setUint32(magicBytes + index * lengthFieldBytes, length));
  bytes.set(values, headerBytes(lengths.length));
  return bytes;
}

/** The file of these images: of rank 3 for grey ones, of rank 4 where they have several channels. */
export function encodeIdxImages({
  count,
  height,
  width,
  channels = 1,
  pixels,
}: Omit<IdxImages, 'channels'> & { channels?: number }): Uint8Array<ArrayBuffer> {
  const lengths = channels === 1 ? [count, height, width] : [count, height, width, channels];
  return encode(lengths, pixels);
}

/** The file of these labels. */
export function encodeIdxLabels(labels: Uint8Array): Uint8Array<ArrayBuffer> {
  return encode([labels.length], labels);
}
