// Opens a project file as a run. Everything is unpacked and checked in a folder of its own; only then does the run appear.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import { idPattern } from '../../src-shared/schemas/identifier.ts';
import { isActiveState } from '../../src-shared/schemas/run.ts';
import { runFolder, runsFolder } from '../files/dataDirectory.ts';
import { readPart, readParts } from '../files/fileChunks.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { isProcessAlive } from '../files/processAlive.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import {
  checkZipLayout,
  findZipDirectory,
  readZipDirectory,
  zipDataOffset,
  zipEndBytes,
  zipLocalHeaderBytes,
  type ZipEntry,
} from '../formats/zipDirectory.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { toIdentifier } from './identifier.ts';
import { decodeModel } from './modelFile.ts';
import { PredictionLog } from './predictionLog.ts';
import { unpackStream } from './projectArchive.ts';
import {
  decodeManifest,
  manifestLimitBytes,
  manifestName,
  projectFileOf,
  refuseProject,
  type ProjectManifest,
} from './projectFormat.ts';
import { runFiles, stepOfCheckpoint } from './runFiles.ts';
import { runRecordSchema, type RunRecord } from './runRecord.ts';

/** `.import-<process id>-<random>` in the runs' folder: no run has a name like that. */
const importFolderName = /^\.import-(\d+)-[0-9a-f]{16}$/;
/** Names and sizes of some hundred files take a few kilobytes. */
const directoryLimitBytes = 1024 * 1024;
const idLimit = 80;

/** A new folder for one import, on the disk that runs are on. Throws `files.…` errors. */
export async function makeImportFolder(dataDirectory: string): Promise<string> {
  const folder = join(runsFolder(dataDirectory), `.import-${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(runsFolder(dataDirectory), { recursive: true });
    await mkdir(folder);
  } catch (error) {
    throw toFileError(error, folder, 'write');
  }
  return folder;
}

/** Removes what a Weft that was killed left of its imports. */
export async function sweepImportFolders(dataDirectory: string): Promise<void> {
  const names = await readdir(runsFolder(dataDirectory)).catch(() => []);
  for (const name of names) {
    const processId = Number(importFolderName.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(processId) || (processId !== process.pid && isProcessAlive(processId))) continue;
    await rm(join(runsFolder(dataDirectory), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Archive {
  handle: FileHandle;
  fileName: string;
  entries: Map<string, { entry: ZipEntry; dataOffset: number }>;
}

async function readArchive(handle: FileHandle, fileName: string): Promise<Archive> {
  const { size } = await handle.stat();
  const tailBytes = Math.min(size, zipEndBytes);
  const place = findZipDirectory(await readPart(handle, size - tailBytes, tailBytes), size, fileName);
  if (place.sizeBytes > directoryLimitBytes) {
    throw refuseProject('wrong-manifest', fileName, `its directory takes ${place.sizeBytes} bytes`);
  }
  const directory = await readPart(handle, place.offset, place.sizeBytes);
  const entries = readZipDirectory(directory, place.entryCount, fileName);
  const dataOffsets: number[] = [];
  for (const entry of entries) {
    const header = await readPart(handle, entry.headerOffset, zipLocalHeaderBytes);
    dataOffsets.push(zipDataOffset(header, entry, fileName));
  }
  checkZipLayout(entries, dataOffsets, place.offset, fileName);
  const byName = entries.map((entry, index): [string, { entry: ZipEntry; dataOffset: number }] => [
    entry.name,
    { entry, dataOffset: dataOffsets[index]! },
  ]);
  return { handle, fileName, entries: new Map(byName) };
}

function contentOf({ handle, fileName, entries }: Archive, name: string): AsyncGenerator<Uint8Array, void> {
  const found = entries.get(name);
  if (found === undefined) throw refuseProject('missing-file', fileName, `it has no "${name}"`);
  const { entry, dataOffset } = found;
  return unpackStream(readParts(handle, dataOffset, entry.packedBytes), entry, fileName);
}

async function readManifest(archive: Archive): Promise<ProjectManifest> {
  const { entries, fileName } = archive;
  const size = entries.get(manifestName)?.entry.sizeBytes;
  if (size === undefined) {
    throw refuseProject(
      'not-a-project',
      fileName,
      `it is a zip archive without a ${manifestName}`,
      'Choose a file that Weft exported from a run.',
    );
  }
  if (size > manifestLimitBytes) {
    throw refuseProject('wrong-manifest', fileName, `its ${manifestName} takes ${size} bytes`);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of contentOf(archive, manifestName)) pieces.push(piece);
  return decodeManifest(Buffer.concat(pieces), fileName);
}

/** The archive must hold what the manifest lists, no more and no less, and nothing that no run has. */
function checkManifest({ files }: ProjectManifest, { entries, fileName }: Archive): void {
  const listed = new Set(files.map(({ name }) => name));
  if (listed.size !== files.length) throw refuseProject('wrong-manifest', fileName, 'it lists a file twice');
  for (const name of entries.keys()) {
    if (name !== manifestName && !listed.has(name)) {
      throw refuseProject(
        'unknown-file',
        fileName,
        `it holds ${JSON.stringify(name)}, which it doesn't list`,
      );
    }
  }
  for (const { name, sizeBytes } of files) {
    const kind = projectFileOf(name);
    if (kind === undefined) {
      throw refuseProject('unknown-file', fileName, `no run has a file ${JSON.stringify(name)}`);
    }
    if (sizeBytes > kind.limitBytes) {
      throw refuseProject(
        'too-large',
        fileName,
        `its "${name}" takes ${sizeBytes} bytes, at most ${kind.limitBytes} are allowed`,
      );
    }
    const found = entries.get(name)?.entry.sizeBytes;
    if (found === undefined) throw refuseProject('missing-file', fileName, `it has no "${name}"`);
    if (found !== sizeBytes) {
      throw refuseProject(
        'wrong-size',
        fileName,
        `its "${name}" has ${found} bytes, but should have ${sizeBytes}`,
      );
    }
  }
}

/** Unpacks one file, checking its hash while it is written. */
async function unpackFile(
  archive: Archive,
  { name, sha256 }: ProjectManifest['files'][number],
  folder: string,
): Promise<void> {
  const hash = createHash('sha256');
  const checked = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of contentOf(archive, name)) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest('hex') !== sha256) {
      throw refuseProject(
        'wrong-hash',
        archive.fileName,
        `its "${name}" does not have the SHA-256 that it should`,
      );
    }
  };
  await writeFileSafely(join(folder, name), checked());
}

async function readRecord(folder: string, fileName: string): Promise<RunRecord> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, runFiles.record), 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT')
      throw refuseProject('missing-file', fileName, 'it has no "run.json"');
    throw refuseProject('wrong-record', fileName, 'its run.json is not JSON');
  }
  const parsed = v.safeParse(runRecordSchema, value);
  if (parsed.success) return parsed.output;
  throw refuseProject('wrong-record', fileName, `its run.json is wrong: ${describeIssue(parsed.issues)}`);
}

/** The weights must be of the run that keeps them. */
async function checkModel(record: RunRecord, folder: string, fileName: string): Promise<void> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, runFiles.model));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    if (record.keptEpoch === null) return;
    throw refuseProject('missing-file', fileName, 'its run keeps weights, but it has no "model.safetensors"');
  }
  const { architecture, classes } = decodeModel(bytes, `${fileName}: ${runFiles.model}`);
  const { height, width, channels } = record.shape;
  const { shape } = architecture;
  const isSame =
    classes.length === record.classes.length &&
    shape.height === height &&
    shape.width === width &&
    shape.channels === channels;
  if (!isSame)
    throw refuseProject('mismatch', fileName, 'its weights are of other images or classes than its run');
}

/** The log must be one, of as many classes as the run has. A run that was interrupted early has none. */
async function checkPredictions(
  record: RunRecord,
  names: readonly string[],
  folder: string,
  fileName: string,
): Promise<void> {
  if (!names.includes(runFiles.predictions)) return;
  const { head } = await PredictionLog.open(join(folder, runFiles.predictions)).catch((error: unknown) => {
    throw refuseProject(
      'wrong-predictions',
      fileName,
      `its ${runFiles.predictions}: ${toErrorData(error).message}`,
    );
  });
  if (head.classCount !== record.classes.length) {
    throw refuseProject('mismatch', fileName, 'its predictions are of other classes than its run');
  }
}

/** Those of the names that are no damaged checkpoint: a run goes on from one that is whole. */
async function withoutDamaged(names: readonly string[], folder: string): Promise<string[]> {
  const whole: string[] = [];
  for (const name of names) {
    if (stepOfCheckpoint(name) !== undefined) {
      try {
        await decodeCheckpoint(await readFile(join(folder, name)), name);
      } catch (error) {
        if (error instanceof WeftError) continue;
        throw error;
      }
    }
    whole.push(name);
  }
  return whole;
}

/** The run's own id where it is free, else one with a number after it; its folder is made, and empty. */
async function reserve(dataDirectory: string, wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const id = `${wanted.slice(0, idLimit - ending.length)}${ending}`;
    try {
      await mkdir(runFolder(dataDirectory, id));
      return id;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST')
        throw toFileError(error, runFolder(dataDirectory, id), 'write');
    }
  }
}

/** Moves the checked files to where runs are. Without run.json a folder is no run, so that comes last. */
async function moveIn(
  from: string,
  names: readonly string[],
  record: RunRecord,
  dataDirectory: string,
): Promise<string> {
  const wanted = idPattern.test(record.id) ? record.id : toIdentifier(record.name, 'run');
  const id = await reserve(dataDirectory, wanted);
  const folder = runFolder(dataDirectory, id);
  try {
    for (const name of names)
      if (name !== runFiles.record) await rename(join(from, name), join(folder, name));
    const state = isActiveState(record.state) ? 'interrupted' : record.state;
    const moved: RunRecord = { ...record, id, state, processId: process.pid };
    await writeFileSafely(join(folder, runFiles.record), `${JSON.stringify(moved, null, 2)}\n`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw toFileError(error, folder, 'write');
  }
  return id;
}

/**
 * Makes a run of a project file and returns its id. `workFolder` is one of `makeImportFolder`, which the caller removes.
 * When it throws, there is no run and nothing of one. Throws `project.…`, `zip.…` and `files.…` errors, and those of
 * `decodeModel`.
 */
export async function importProject(
  path: string,
  fileName: string,
  workFolder: string,
  dataDirectory: string,
): Promise<string> {
  const unpacked = join(workFolder, 'run');
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const archive = await readArchive(handle, fileName);
    const manifest = await readManifest(archive);
    checkManifest(manifest, archive);
    await mkdir(unpacked);
    for (const file of manifest.files) await unpackFile(archive, file, unpacked);
    const record = await readRecord(unpacked, fileName);
    await checkModel(record, unpacked, fileName);
    const listed = manifest.files.map(({ name }) => name);
    await checkPredictions(record, listed, unpacked, fileName);
    const names = await withoutDamaged(listed, unpacked);
    return await moveIn(unpacked, names, record, dataDirectory);
  } catch (error) {
    throw toFileError(error, path, 'read');
  } finally {
    await handle?.close();
  }
}
