// The verified copy of a set in the data directory: its unpacked IDX files and, written last, dataset.json. A folder
// without a valid dataset.json holds no set, whatever else is in it.
import { createHash } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { WeftError } from '../../src-shared/failure.ts';
import { readFileChunks } from '../files/fileChunks.ts';
import { toFileError } from '../files/fileError.ts';
import { sweepTemporaries, writeFileSafely } from '../files/safeWrite.ts';
import type { FileRecord, FilesRecord, SetFiles } from './catalogue.ts';
import { forEachPart, setParts, verifyFile, type SetBytes } from './idxSet.ts';

const markerName = 'dataset.json';
const markerSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  /** Where the files came from, for the person. */
  origin: v.string(),
  files: v.array(v.object({ name: v.string(), sizeBytes: v.number(), sha256: v.string() })),
});

const filesOf = (record: FilesRecord): FileRecord[] => setParts.map((part) => record.files[part]);

/** The whole file at once: one read, no growing buffer. Throws `files.…`. */
async function readWhole(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(bytes, filled, size - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

async function readMarker(folder: string): Promise<v.InferOutput<typeof markerSchema> | undefined> {
  try {
    const parsed = v.safeParse(markerSchema, JSON.parse(await readFile(join(folder, markerName), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** A set that is here, whole. */
export interface VerifiedSet {
  /** Where it came from, for the person. */
  origin: string;
  /** SHA-256 of each file, unpacked. */
  hashes: Record<keyof SetFiles, string>;
}

/** The complete set in this folder; undefined when it holds none. Looks at sizes, not at contents. */
export async function findVerifiedSet(folder: string, record: FilesRecord): Promise<VerifiedSet | undefined> {
  const marker = await readMarker(folder);
  if (marker === undefined || marker.id !== record.id) return undefined;
  const sizes = await Promise.all(
    filesOf(record).map((file) =>
      stat(join(folder, file.name)).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  if (filesOf(record).some((file, index) => sizes[index] !== file.sizeBytes)) return undefined;
  const hashOf = (part: keyof SetFiles): string | undefined => {
    const { name, sha256 } = record.files[part];
    const noted = marker.files.find((one) => one.name === name)?.sha256;
    return sha256 === null || noted === sha256 ? noted : undefined;
  };
  const [trainImages, trainLabels] = [hashOf('trainImages'), hashOf('trainLabels')];
  const [testImages, testLabels] = [hashOf('testImages'), hashOf('testLabels')];
  if (!trainImages || !trainLabels || !testImages || !testLabels) return undefined;
  return { origin: marker.origin, hashes: { trainImages, trainLabels, testImages, testLabels } };
}

/**
 * Reads the verified copy and checks its hashes again: disks forget. Throws `dataset.damaged`, and then removes
 * dataset.json, so that the set is no longer taken for one that is ready.
 */
export async function readVerifiedSet(
  folder: string,
  record: FilesRecord,
  { hashes }: VerifiedSet,
): Promise<SetBytes> {
  return forEachPart(async (part) => {
    const path = join(folder, record.files[part].name);
    const bytes = await readWhole(path);
    try {
      await verifyFile(bytes, part, record, path, [], hashes[part]);
    } catch (error) {
      await rm(join(folder, markerName), { force: true });
      throw new WeftError(
        'dataset.damaged',
        `The copy of ${record.name} in "${folder}" is damaged: ${record.files[part].name} is no longer what it was.`,
        `Download ${record.name} again.`,
        { cause: error },
      );
    }
    return bytes;
  });
}

/** Whether an earlier attempt left the file here and it is the right one. */
export async function isFileKept(
  folder: string,
  part: keyof SetFiles,
  record: FilesRecord,
): Promise<boolean> {
  const { name, sizeBytes, sha256 } = record.files[part];
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== sizeBytes || sha256 === null) return false;
  const hash = createHash('sha256');
  for await (const chunk of readFileChunks(path)) hash.update(chunk);
  return hash.digest('hex') === sha256;
}

/** Keeps one verified file; the set counts once `finishVerifiedSet` is called. */
export async function keepVerifiedFile(folder: string, file: FileRecord, bytes: Uint8Array): Promise<void> {
  await writeFileSafely(join(folder, file.name), bytes);
}

/** Marks the folder as holding the whole set. */
export async function finishVerifiedSet(
  folder: string,
  record: FilesRecord,
  { origin, hashes }: VerifiedSet,
): Promise<void> {
  const files = setParts.map((part) => {
    const { name, sizeBytes } = record.files[part];
    return { name, sizeBytes, sha256: hashes[part] };
  });
  const marker: v.InferOutput<typeof markerSchema> = { format: 1, id: record.id, origin, files };
  await writeFileSafely(join(folder, markerName), `${JSON.stringify(marker, null, 2)}\n`);
  await sweepTemporaries(folder);
}

/** The path of each of the set's files in this folder, packed or not; undefined unless all four are there. */
export async function findLooseFiles(
  folder: string,
  record: FilesRecord,
): Promise<Record<keyof SetFiles, string> | undefined> {
  const paths = await forEachPart(async (part) => {
    const plain = join(folder, record.files[part].name);
    for (const path of [plain, `${plain}.gz`]) {
      const isFile = await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
      if (isFile) return path;
    }
    return undefined;
  });
  const { trainImages, trainLabels, testImages, testLabels } = paths;
  if (
    trainImages === undefined ||
    trainLabels === undefined ||
    testImages === undefined ||
    testLabels === undefined
  ) {
    return undefined;
  }
  return { trainImages, trainLabels, testImages, testLabels };
}

/** Reads a loose file, whatever its size; the caller verifies it. */
export const readLooseFile = readWhole;
