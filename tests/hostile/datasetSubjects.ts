// The files that images come in, each of them valid, and read as the import reads them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { readNpz } from '../../src-main/datasets/importing/readNpz.ts';
import { readCsvImages } from '../../src-main/formats/csvImages.ts';
import { decodeImage } from '../../src-main/formats/decodeImage.ts';
import { gunzip } from '../../src-main/formats/gunzip.ts';
import {
  decodeIdxImages,
  decodeIdxLabels,
  encodeIdxImages,
  encodeIdxLabels,
} from '../../src-main/formats/idx.ts';
import { encodeNpz } from '../../src-main/formats/npz.ts';
import type { Subject } from './subjects.ts';

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;
const count = 6;
const side = 8;
const imageBytes = side * side;
const pixels = Uint8Array.from({ length: count * imageBytes }, (_, index) => (index * index) >>> 3);
const labels = Uint8Array.from({ length: count }, (_, index) => index % 3);

const table = [
  ['label', ...Array.from({ length: imageBytes }, (_, index) => `pixel${index}`)].join(','),
  ...Array.from(labels, (label, row) =>
    [label, ...pixels.subarray(row * imageBytes, (row + 1) * imageBytes)].join(','),
  ),
].join('\n');

/** In two pieces, as from a disk. */
async function* inHalves(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const half = bytes.byteLength >> 1;
  for (const piece of [bytes.subarray(0, half), bytes.subarray(half)]) yield await Promise.resolve(piece);
}

const rgba = {
  width: 16,
  height: 16,
  data: Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) | 3),
};
const readImage = (bytes: Uint8Array): unknown => decodeImage(bytes, 'file');
const limitBytes = 1_000_000;

/** Those that are read from the disk lie in `folder` meanwhile. */
export function datasetSubjects(folder: string): Subject[] {
  const images = encodeIdxImages({ count, height: side, width: side, pixels });
  const read = { labels: encodeIdxLabels(labels), path: join(folder, 'images.npz') };
  return [
    {
      name: 'idx images',
      valid: images,
      wrap: asItIs,
      names: ['\0\0\x08\x03'],
      read: (bytes) => decodeIdxImages(bytes, 'file'),
    },
    {
      name: 'idx labels',
      valid: read.labels,
      wrap: asItIs,
      names: ['\0\0\x08\x01'],
      read: (bytes) => decodeIdxLabels(bytes, 'file', 3),
    },
    {
      name: 'gzip',
      valid: gzipSync(images),
      wrap: asItIs,
      names: ['\x1f\x8b'],
      read: (bytes) => gunzip(bytes, 'file', limitBytes),
    },
    {
      name: 'csv',
      valid: new TextEncoder().encode(table),
      wrap: asItIs,
      names: ['label', 'pixel7', '\n', ',', '255'],
      read: (bytes) => readCsvImages(inHalves(bytes), 'file'),
    },
    {
      name: 'png',
      valid: encodePng({ ...rgba, channels: 4, depth: 8 }),
      wrap: asItIs,
      names: ['IHDR', 'IDAT', 'IEND'],
      read: readImage,
    },
    {
      name: 'jpeg',
      valid: encodeJpeg(rgba, 90).data,
      wrap: asItIs,
      names: ['JFIF', '\xff\xc0', '\xff\xda', '\xff\xdb', '\xff\xc4'],
      read: readImage,
    },
    {
      name: 'npz of images',
      valid: encodeNpz(
        [
          { name: 'x_train', dtype: 'uint8', shape: [count, side, side], data: pixels },
          { name: 'y_train', dtype: 'uint8', shape: [count], data: labels },
        ],
        true,
      ),
      wrap: asItIs,
      names: ['x_train', 'y_train'],
      read: async (bytes) => {
        await writeFile(read.path, bytes);
        const file = { name: 'images.npz', path: read.path, sizeBytes: bytes.byteLength };
        const options = { size: null, channels: null, heldOut: 0 };
        return readNpz(file, { options, addProblem: () => undefined, report: () => undefined });
      },
    },
  ];
}
