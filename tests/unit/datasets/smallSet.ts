// A dataset of a few images, for tests that must not depend on the real ones.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FileRecord, FilesRecord, SetFiles } from '../../../src-main/datasets/catalogue.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../../src-main/formats/idx.ts';

/** The record of a set of which only the hashes of the packed files are known, as `gzipSync` packs them. */
export function knownByPackedFiles({ record, files }: SmallSet): FilesRecord {
  const packedRecord = (file: FileRecord): FileRecord => {
    const { name, packedBytes, sizeBytes } = file;
    const packedSha256 = createHash('sha256')
      .update(gzipSync(files.get(name)!))
      .digest('hex');
    return { name, packedBytes, sizeBytes, sha256: null, packedSha256 };
  };
  const { trainImages, trainLabels, testImages, testLabels } = record.files;
  return {
    ...record,
    files: {
      trainImages: packedRecord(trainImages),
      trainLabels: packedRecord(trainLabels),
      testImages: packedRecord(testImages),
      testLabels: packedRecord(testLabels),
    },
  };
}

export interface SmallSet {
  record: FilesRecord;
  /** Unpacked, by file name. */
  files: Map<string, Uint8Array>;
}

/** 20 training and 10 test images of 2 x 3 pixels in five classes; `shade` makes one set differ from another. */
export function makeSmallSet(id: string, shade: number, mirrors: readonly string[] = []): SmallSet {
  const images = (count: number): Uint8Array =>
    encodeIdxImages({
      count,
      height: 2,
      width: 3,
      pixels: Uint8Array.from({ length: count * 6 }, (_, index) => shade + index),
    });
  const labels = (count: number): Uint8Array =>
    encodeIdxLabels(Uint8Array.from({ length: count }, (_, index) => (index + shade) % 5));
  const files = new Map([
    ['train-images-idx3-ubyte', images(20)],
    ['train-labels-idx1-ubyte', labels(20)],
    ['t10k-images-idx3-ubyte', images(10)],
    ['t10k-labels-idx1-ubyte', labels(10)],
  ]);
  const fileRecord = (name: string): FileRecord => {
    const bytes = files.get(name)!;
    return {
      name,
      packedBytes: gzipSync(bytes).byteLength,
      sizeBytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  };
  const setFiles: SetFiles = {
    trainImages: fileRecord('train-images-idx3-ubyte'),
    trainLabels: fileRecord('train-labels-idx1-ubyte'),
    testImages: fileRecord('t10k-images-idx3-ubyte'),
    testLabels: fileRecord('t10k-labels-idx1-ubyte'),
  };
  const record: FilesRecord = {
    kind: 'files',
    id,
    name: id.toUpperCase(),
    description: '',
    classes: ['a', 'b', 'c', 'd', 'e'],
    shape: { height: 2, width: 3, channels: 1 },
    trainCount: 20,
    testCount: 10,
    licence: '',
    citation: '',
    files: setFiles,
    mirrors,
  };
  return { record, files };
}
