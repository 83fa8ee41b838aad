// Opens a project file as a run. Everything is unpacked and checked in a folder of its own; only then does the run appear.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import { idPattern } from '../../src-shared/schemas/identifier.ts';
import { isActiveState } from '../../src-shared/schemas/run.ts';
import { runFolder } from '../files/dataDirectory.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { toIdentifier } from './identifier.ts';
import { decodeModel } from './modelFile.ts';
import { PredictionLog } from './predictionLog.ts';
import { contentOf, openArchive, type ProjectArchive } from './projectContent.ts';
import { refuseProject, type ProjectManifest } from './projectFormat.ts';
import { readRunCorrections } from './runCorrections.ts';
import { runFiles, stepOfCheckpoint } from './runFiles.ts';
import { runRecordSchema, type RunRecord } from './runRecord.ts';

const idLimit = 80;

/** Unpacks one file, checking its hash while it is written. */
async function unpackFile(
  archive: ProjectArchive,
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

/** The corrections must be those that the run was trained with. */
async function checkRunCorrections(record: RunRecord, folder: string, fileName: string): Promise<void> {
  await readRunCorrections(folder, record.corrections).catch((error: unknown) => {
    throw refuseProject(
      'wrong-corrections',
      fileName,
      `its ${runFiles.corrections}: ${toErrorData(error).message}`,
    );
  });
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
    const { archive, manifest } = await openArchive(handle, fileName);
    await mkdir(unpacked);
    for (const file of manifest.files) await unpackFile(archive, file, unpacked);
    const record = await readRecord(unpacked, fileName);
    await checkModel(record, unpacked, fileName);
    const listed = manifest.files.map(({ name }) => name);
    await checkPredictions(record, listed, unpacked, fileName);
    await checkRunCorrections(record, unpacked, fileName);
    const names = await withoutDamaged(listed, unpacked);
    return await moveIn(unpacked, names, record, dataDirectory);
  } catch (error) {
    throw toFileError(error, path, 'read');
  } finally {
    await handle?.close();
  }
}
