// predictions.bin: what the network said of every validation image after each epoch, one byte a probability, and which
// images they are. Looking back at a run needs no computing again.
//
//   8 bytes              "WEFTPRED"
//   u32                  version, 1 (all numbers little-endian)
//   u32 images, u32 classes, u32 epochsPerPrediction
//   u32                  the split that the images are of: 0 train, 1 test
//   images x u32         their indices in it
//   images bytes         their labels
//   then, for every epoch logged, one after the other:
//   u32                  the epoch, from 1
//   images x classes     probabilities, row-major, 255 for 1; a class that rounds to the same as the likeliest one and
//                        stands before it has one less, so that the predicted classes are those of the network
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { WeftError } from '../../src-shared/failure.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import { bytesOf, uint32Of } from '../../src-shared/schemas/bytes.ts';
import { toFileError } from '../files/fileError.ts';

const magic = 'WEFTPRED';
const version = 1;
const fixedBytes = 28;
const epochBytes = 4;
const splits: readonly Split[] = ['train', 'test'];
/** A run whose log would grow past this writes only every n-th epoch. */
const limitBytes = 512 * 1024 * 1024;
/** Probabilities are bytes: this one is 1. */
export const certainty = 255;

/** Every how many epochs a run logs its predictions. */
export function epochsPerPrediction(epochs: number, validationImages: number, classCount: number): number {
  return Math.max(1, Math.ceil((epochs * validationImages * classCount) / limitBytes));
}

/** The images that a log is about. */
export interface PredictionLogHead {
  imageSplit: Split;
  /** Of each image, in its split. */
  imageIndices: Uint32Array;
  /** One byte an image. */
  labels: Uint8Array;
  classCount: number;
  epochsPerPrediction: number;
}

/** The bytes that a log begins with. */
export function encodePredictionHead(head: PredictionLogHead): Uint8Array<ArrayBuffer> {
  const { imageSplit, imageIndices, labels, classCount } = head;
  const bytes = new Uint8Array(fixedBytes + imageIndices.byteLength + labels.length);
  bytes.set(new TextEncoder().encode(magic));
  const numbers = [version, labels.length, classCount, head.epochsPerPrediction, splits.indexOf(imageSplit)];
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => view.setUint32(magic.length + 4 * index, number, true));
  bytes.set(bytesOf(Uint32Array.from(imageIndices)), fixedBytes);
  bytes.set(labels, fixedBytes + imageIndices.byteLength);
  return bytes;
}

/** The bytes of an epoch of the log; `probabilities (images, classes)` as the network gives them. */
export function encodePredictions(
  epoch: number,
  probabilities: Float32Array,
  classCount: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(epochBytes + probabilities.length);
  new DataView(bytes.buffer).setUint32(0, epoch, true);
  for (let index = 0; index < probabilities.length; index += 1) {
    bytes[epochBytes + index] = Math.round(probabilities[index]! * certainty);
  }
  predictedClasses(probabilities, classCount).forEach((likeliest, image) => {
    const row = bytes.subarray(epochBytes + image * classCount, epochBytes + (image + 1) * classCount);
    for (let one = 0; one < likeliest; one += 1) if (row[one] === row[likeliest]) row[one]! -= 1;
  });
  return bytes;
}

/** How much of a log of `sizeBytes` is whole: its head and whole epochs, or nothing. */
export function predictionBytesOf(sizeBytes: number, validationImages: number, classCount: number): number {
  const headBytes = fixedBytes + 5 * validationImages;
  const blockBytes = epochBytes + validationImages * classCount;
  if (sizeBytes < headBytes) return 0;
  return headBytes + Math.floor((sizeBytes - headBytes) / blockBytes) * blockBytes;
}

const refuse = (path: string, because: string): WeftError =>
  new WeftError(
    'predictions.unreadable',
    `The prediction log "${path}" can't be read: ${because}.`,
    'Train the run again to have its predictions.',
  );

async function read(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Throws `predictions.unreadable`. */
async function readHead(
  handle: FileHandle,
  path: string,
  sizeBytes: number,
): Promise<{ head: PredictionLogHead; headBytes: number }> {
  const fixed = await read(handle, 0, fixedBytes);
  if (new TextDecoder().decode(fixed.subarray(0, magic.length)) !== magic) {
    throw refuse(path, 'it has no head, as those of an earlier Weft');
  }
  if (fixed.length < fixedBytes) throw refuse(path, 'it is cut short');
  const view = new DataView(fixed.buffer);
  const number = (index: number): number => view.getUint32(magic.length + 4 * index, true);
  const [found, images, classCount, interval] = [number(0), number(1), number(2), number(3)];
  if (found !== version) throw refuse(path, `it has the version ${found}, this Weft reads ${version}`);
  const imageSplit = splits[number(4)];
  if (imageSplit === undefined || classCount === 0 || interval === 0) throw refuse(path, 'its head is wrong');
  const headBytes = fixedBytes + images * 5;
  if (headBytes > sizeBytes) throw refuse(path, 'it is cut short');
  const tables = await read(handle, fixedBytes, images * 5);
  return {
    head: {
      imageSplit,
      imageIndices: uint32Of(tables.subarray(0, images * 4)),
      labels: tables.slice(images * 4),
      classCount,
      epochsPerPrediction: interval,
    },
    headBytes,
  };
}

/** A log on the disk: its head and the epochs that are in it; probabilities are read when they are asked for. */
export class PredictionLog {
  readonly head: PredictionLogHead;
  /** The epochs that are logged, ascending. */
  readonly epochs: readonly number[];
  readonly #path: string;
  readonly #headBytes: number;

  private constructor(path: string, head: PredictionLogHead, headBytes: number, epochs: readonly number[]) {
    this.#path = path;
    this.head = head;
    this.#headBytes = headBytes;
    this.epochs = epochs;
  }

  /** Bytes of an epoch. */
  get #blockBytes(): number {
    return epochBytes + this.head.labels.length * this.head.classCount;
  }

  /**
   * Reads the head and which epochs there are; a last one that a kill cut short is left out. Throws
   * `predictions.unreadable` and `files.…` errors.
   */
  static async open(path: string): Promise<PredictionLog> {
    return withFile(path, async (handle) => {
      const { size } = await handle.stat();
      const { head, headBytes } = await readHead(handle, path, size);
      const log = new PredictionLog(path, head, headBytes, []);
      const blocks = Math.floor((size - headBytes) / log.#blockBytes);
      const epochs: number[] = [];
      for (let block = 0; block < blocks; block += 1) {
        const bytes = await read(handle, headBytes + block * log.#blockBytes, epochBytes);
        epochs.push(new DataView(bytes.buffer).getUint32(0, true));
      }
      if (epochs.some((epoch, index) => epoch <= (epochs[index - 1] ?? 0))) {
        throw refuse(path, 'its epochs are out of order');
      }
      return new PredictionLog(path, head, headBytes, epochs);
    });
  }

  /** `(images, classes)` bytes, 255 for 1. Throws `predictions.no-epoch` for one that isn't logged. */
  async probabilities(epoch: number): Promise<Uint8Array> {
    const block = this.epochs.indexOf(epoch);
    if (block < 0) {
      throw new WeftError('predictions.no-epoch', `The predictions of epoch ${epoch} are not logged.`);
    }
    const first = this.#headBytes + block * this.#blockBytes + epochBytes;
    return withFile(this.#path, (handle) => read(handle, first, this.#blockBytes - epochBytes));
  }

  /** Those of every epoch logged, in one go: `(epochs, images, classes)` bytes. */
  async allProbabilities(): Promise<Uint8Array> {
    const file = await readFile(this.#path).catch((error: unknown) => {
      throw toFileError(error, this.#path, 'read');
    });
    const size = this.#blockBytes - epochBytes;
    const all = new Uint8Array(this.epochs.length * size);
    this.epochs.forEach((_epoch, block) => {
      const first = this.#headBytes + block * this.#blockBytes + epochBytes;
      all.set(file.subarray(first, first + size), block * size);
    });
    return all;
  }
}

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await work(handle);
  } catch (error) {
    throw toFileError(error, path, 'read');
  } finally {
    await handle?.close();
  }
}
