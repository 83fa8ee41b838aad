// The last step of an import, and the first of a removal: a set appears and disappears by the renaming of its folder.
import { randomBytes } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../../src-shared/failure.ts';
import { datasetFolder, datasetsFolder } from '../../files/dataDirectory.ts';
import { toFileError } from '../../files/fileError.ts';
import { syncFolder } from '../../files/safeWrite.ts';
import type { FilesRecord } from '../catalogue.ts';
import { setParts, sha256, verifyFile } from '../idxSet.ts';
import { writeImportedRecord, type ImportedRecord } from '../importedRecord.ts';
import { finishVerifiedSet, keepVerifiedFile, readLooseFile } from '../verifiedFolder.ts';

const idLimit = 80;

async function isFree(dataDirectory: string, id: string): Promise<boolean> {
  return lstat(datasetFolder(dataDirectory, id)).then(
    () => false,
    () => true,
  );
}

/**
 * Makes a dataset of the staged files and returns its id: the wanted one, or with a number where that is taken or
 * reserved. Throws `files.…` errors; there is then no set.
 */
export async function keepSet(
  stagingFolder: string,
  record: ImportedRecord,
  dataDirectory: string,
  wantedId: string,
  reservedIds: ReadonlySet<string>,
): Promise<string> {
  await writeImportedRecord(stagingFolder, record);
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const id = `${wantedId.slice(0, idLimit - ending.length)}${ending}`;
    if (reservedIds.has(id) || !(await isFree(dataDirectory, id))) continue;
    const folder = datasetFolder(dataDirectory, id);
    try {
      await rename(stagingFolder, folder);
      await syncFolder(datasetsFolder(dataDirectory));
    } catch (error) {
      throw toFileError(error, folder, 'write');
    }
    return id;
  }
}

/** Makes the staged files the copy of the known set that they are. Throws `dataset.wrong-contents` and `files.…`. */
export async function keepAsKnown(
  stagingFolder: string,
  record: FilesRecord,
  dataDirectory: string,
  origin: string,
): Promise<void> {
  const folder = datasetFolder(dataDirectory, record.id);
  const hashes = { trainImages: '', trainLabels: '', testImages: '', testLabels: '' };
  for (const part of setParts) {
    const file = record.files[part];
    const bytes = await readLooseFile(join(stagingFolder, file.name));
    await verifyFile(bytes, part, record, file.name, []);
    hashes[part] = await sha256(bytes);
    await keepVerifiedFile(folder, file, bytes);
  }
  await finishVerifiedSet(folder, record, { origin, hashes });
}

/** Removes an imported set: at once it is no longer there, then its files are deleted. Throws `files.…` errors. */
export async function removeSet(dataDirectory: string, id: string): Promise<void> {
  const folder = datasetFolder(dataDirectory, id);
  const grave = join(
    datasetsFolder(dataDirectory),
    `.import-${process.pid}-${randomBytes(8).toString('hex')}`,
  );
  try {
    await rename(folder, grave);
    await syncFolder(datasetsFolder(dataDirectory));
  } catch (error) {
    throw toFileError(error, folder, 'remove');
  }
  // What can't be deleted now is swept at the next start.
  await rm(grave, { recursive: true, force: true }).catch(() => undefined);
}

/** Throws `import.wrong-classes` unless the names are as many as the classes and differ from one another. */
export function checkClassNames(names: readonly string[], count: number): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (names.length === count && twice === undefined) return;
  throw new WeftError(
    'import.wrong-classes',
    twice === undefined
      ? `The images are of ${count} classes, but ${names.length} names are given.`
      : `Two classes are called "${twice}".`,
    'Give each class a name of its own.',
  );
}
