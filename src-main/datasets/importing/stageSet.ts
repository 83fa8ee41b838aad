// Writes the IDX files of an import into its own folder, where they wait for the person's word.
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../../src-shared/failure.ts';
import type { DatasetFile } from '../../../src-shared/schemas/dataset.ts';
import { writeFileSafely } from '../../files/safeWrite.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../formats/idx.ts';
import type { SetFiles } from '../catalogue.ts';
import { sha256 } from '../idxSet.ts';
import type { ImportedRecord } from '../importedRecord.ts';
import type { AssembledSet } from './assembleSet.ts';
import type { ImportStep } from './types.ts';

/** Left free beside the set: other programs need the disk, too. */
const reserveBytes = 64 * 1024 * 1024;
const fileSystemBlock = 4096;

async function checkSpace(folder: string, neededBytes: number): Promise<void> {
  // Where a file system can't say, writing will.
  const space = await statfs(folder).catch(() => undefined);
  if (space === undefined) return;
  const freeBytes = space.bavail * space.bsize;
  if (freeBytes >= neededBytes + reserveBytes) return;
  throw new WeftError(
    'import.no-space',
    `The set needs ${(neededBytes / 1e6).toFixed(0)} MB on the disk of "${folder}", where ${(freeBytes / 1e6).toFixed(0)} MB are free.`,
    'Free some space, or choose smaller or fewer images.',
  );
}

/**
 * Writes the set's files, each flushed to the disk, and says what they are. Throws `import.no-space` and `files.…`
 * errors.
 */
export async function stageSet(
  set: AssembledSet,
  folder: string,
  report: (step: ImportStep) => void,
): Promise<ImportedRecord['files']> {
  const { shape, train, test, unlabelled } = set;
  const imageBytes = shape.height * shape.width * shape.channels;
  const rank = shape.channels === 1 ? 3 : 4;
  const images = (pixels: Uint8Array) => (): Uint8Array =>
    encodeIdxImages({ count: pixels.length / imageBytes, ...shape, pixels });
  const parts: Record<keyof SetFiles | 'unlabelledImages', { name: string; encode: () => Uint8Array }> = {
    trainLabels: { name: 'train-labels-idx1-ubyte', encode: () => encodeIdxLabels(train.labels) },
    testLabels: { name: 't10k-labels-idx1-ubyte', encode: () => encodeIdxLabels(test.labels) },
    testImages: { name: `t10k-images-idx${rank}-ubyte`, encode: images(test.pixels) },
    trainImages: { name: `train-images-idx${rank}-ubyte`, encode: images(train.pixels) },
    unlabelledImages: { name: `unlabelled-images-idx${rank}-ubyte`, encode: images(unlabelled) },
  };
  const totalBytes = [train, test].reduce(
    (sum, { pixels, labels }) => sum + pixels.length + labels.length,
    0,
  );
  await checkSpace(folder, totalBytes + unlabelled.length + 10 * fileSystemBlock);
  let done = 0;
  const write = async (part: keyof typeof parts): Promise<DatasetFile> => {
    const { name, encode } = parts[part];
    const bytes = encode();
    report({ stage: 'writing', done, total: totalBytes + unlabelled.length, unit: 'bytes' });
    await writeFileSafely(join(folder, name), bytes);
    done += bytes.length;
    return { name, sizeBytes: bytes.length, sha256: await sha256(bytes) };
  };
  const files = {
    trainLabels: await write('trainLabels'),
    testLabels: await write('testLabels'),
    testImages: await write('testImages'),
    trainImages: await write('trainImages'),
  };
  return unlabelled.length === 0 ? files : { ...files, unlabelledImages: await write('unlabelledImages') };
}
