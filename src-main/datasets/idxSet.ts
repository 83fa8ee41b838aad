// A set as its four IDX files: what they must hold, what they hold, and their fingerprint.
import { webcrypto } from 'node:crypto';
import { WeftError } from '../../src-shared/failure.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import { decodeIdxImages, decodeIdxLabels, encodeIdxImages, encodeIdxLabels } from '../formats/idx.ts';
import type { FileRecord, FilesRecord, SetFiles } from './catalogue.ts';
import type { DatasetContent, DatasetImages } from './types.ts';

/** The unpacked bytes of each file. */
export type SetBytes = Record<keyof SetFiles, Uint8Array>;

/** The order in which files are fetched and hashed: small ones first, so that a wrong set is found out soon. */
export const setParts: readonly (keyof SetFiles)[] = [
  'testLabels',
  'trainLabels',
  'testImages',
  'trainImages',
];

/** SHA-256 in hexadecimal; computed outside the event loop's thread. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** Identifies the contents of a set by the SHA-256 of its four IDX files. */
export async function fingerprintOf(hashOf: (part: keyof SetFiles) => string): Promise<string> {
  return sha256(new TextEncoder().encode(setParts.map((part) => `${part} ${hashOf(part)}\n`).join('')));
}

/** Builds a record with one value for each of the four files. */
export async function forEachPart<T>(
  make: (part: keyof SetFiles) => Promise<T>,
): Promise<Record<keyof SetFiles, T>> {
  const [testLabels, trainLabels, testImages, trainImages] = await Promise.all([
    make('testLabels'),
    make('trainLabels'),
    make('testImages'),
    make('trainImages'),
  ]);
  return { testLabels, trainLabels, testImages, trainImages };
}

/** The fingerprint of a set that lies in no files: of those that it would lie in. */
export async function fingerprintOfContent(content: DatasetContent): Promise<string> {
  const encodeImages = ({ pixels, labels }: DatasetImages): Uint8Array =>
    encodeIdxImages({ count: labels.length, ...content.shape, pixels });
  const encoders: Record<keyof SetFiles, () => Uint8Array> = {
    trainImages: () => encodeImages(content.train),
    trainLabels: () => encodeIdxLabels(content.train.labels),
    testImages: () => encodeImages(content.test),
    testLabels: () => encodeIdxLabels(content.test.labels),
  };
  const hashes = await forEachPart((part) => sha256(encoders[part]()));
  return fingerprintOf((part) => hashes[part]);
}

/** What is needed to read a set's files. */
export interface SetDescription extends Pick<FilesRecord, 'classes' | 'shape' | 'testCount'> {
  files: Readonly<Record<keyof SetFiles, { name: string }>>;
}

/** What a set has of a split that it lacks. */
const noImages: DatasetImages = { pixels: new Uint8Array(0), labels: new Uint8Array(0) };

const describeShape = ({ height, width, channels }: ImageShape): string =>
  `${height} x ${width} pixels${channels === 1 ? '' : ` in ${channels} channels`}`;

function decodeSplit(
  images: Uint8Array,
  labels: Uint8Array,
  record: SetDescription,
  names: { images: string; labels: string },
): DatasetImages {
  const decoded = decodeIdxImages(images, names.images);
  const decodedLabels = decodeIdxLabels(labels, names.labels, record.classes.length);
  const expected = describeShape(record.shape);
  const found = describeShape(decoded);
  if (found !== expected) {
    throw new WeftError(
      'idx.wrong-shape',
      `"${names.images}" should hold images of ${expected} but holds ${found}.`,
    );
  }
  if (decoded.count !== decodedLabels.length) {
    throw new WeftError(
      'idx.wrong-count',
      `"${names.images}" holds ${decoded.count} images but "${names.labels}" holds ${decodedLabels.length} labels.`,
    );
  }
  return { pixels: decoded.pixels, labels: decodedLabels };
}

/** The set in these bytes. Throws `idx.…` errors that name the file. */
export function decodeSet(bytes: SetBytes, record: SetDescription): DatasetContent {
  const { trainImages, trainLabels, testImages, testLabels } = record.files;
  return {
    shape: record.shape,
    train: decodeSplit(bytes.trainImages, bytes.trainLabels, record, {
      images: trainImages.name,
      labels: trainLabels.name,
    }),
    test:
      record.testCount === 0
        ? noImages
        : decodeSplit(bytes.testImages, bytes.testLabels, record, {
            images: testImages.name,
            labels: testLabels.name,
          }),
  };
}

/** The hash that a file is known by: of what is in it or, where no one has published that, of its packed form. */
const publishedHash = (file: FileRecord): string => file.sha256 ?? file.packedSha256;

/** A file that should be one of a set. */
export interface ExpectedFile {
  record: FilesRecord;
  part: keyof SetFiles;
  /** For the errors. */
  path: string;
  /** The sets to recognise the file by. */
  known: readonly FilesRecord[];
}

/** What is wrong with a file of this hash. Says which set's it is, when it is one that Weft knows. */
export function wrongContents(found: string, { record, part, path, known }: ExpectedFile): WeftError {
  const owner = findOwner(found, known);
  return new WeftError(
    'dataset.wrong-contents',
    owner === undefined
      ? `"${path}" is not the file of ${record.name}: its SHA-256 should be ${publishedHash(record.files[part])} but is ${found}.`
      : `"${path}" is a file of ${owner}, not of ${record.name}: the two share file names.`,
    `Put the right file there, or remove it and download ${record.name}.`,
  );
}

/** The set that the file of this hash belongs to; sets share file names. */
function findOwner(hash: string, known: readonly FilesRecord[]): string | undefined {
  return known.find((record) => setParts.some((part) => publishedHash(record.files[part]) === hash))?.name;
}

/**
 * Makes sure that the unpacked bytes are exactly the file of the record: that their SHA-256 is `expected`. Throws the
 * `idx.…` error where the file isn't even well-formed, else `dataset.wrong-contents`. `path` is for the errors, `known`
 * the sets to recognise it by.
 */
export async function verifyFile(
  bytes: Uint8Array,
  part: keyof SetFiles,
  record: FilesRecord,
  path: string,
  known: readonly FilesRecord[],
  expected: string | null = record.files[part].sha256,
): Promise<void> {
  if (expected === null) throw cannotTell(part, record, path);
  const found = await sha256(bytes);
  if (found === expected) return;
  if (findOwner(found, known) === undefined) {
    if (part.endsWith('Images')) decodeIdxImages(bytes, path);
    else decodeIdxLabels(bytes, path, record.classes.length);
  }
  throw wrongContents(found, { part, record, path, known });
}

/** For an unpacked file where only the packed one has a known hash. */
export function cannotTell(part: keyof SetFiles, record: FilesRecord, path: string): WeftError {
  return new WeftError(
    'dataset.unverifiable',
    `Whether "${path}" is a file of ${record.name} can't be told: only the hashes of its packed files are known.`,
    `Put "${record.files[part].name}.gz" there instead, or download ${record.name}.`,
  );
}
