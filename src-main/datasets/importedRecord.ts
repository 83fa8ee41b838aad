// What dataset.json says of a set that a person brought. It is written last, in a folder that no set has yet, and the
// folder is then given its name: a set is there whole, or not at all.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { datasetFileSchema, imageShapeSchema } from '../../src-shared/schemas/dataset.ts';
import { importKindSchema, mostClasses } from '../../src-shared/schemas/datasetImport.ts';
import { idPattern } from '../../src-shared/schemas/identifier.ts';
import { datasetFolder, datasetsFolder } from '../files/dataDirectory.ts';
import { writeFileSafely } from '../files/safeWrite.ts';

const recordName = 'dataset.json';
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const length = v.pipe(v.number(), v.integer(), v.minValue(1));
/** Only a plain name: the file lies in the set's own folder. */
const file = v.object({ ...datasetFileSchema.entries, name: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)) });

export const importedRecordSchema = v.object({
  format: v.literal('weft-imported-dataset'),
  version: v.literal(1),
  name: v.string(),
  classes: v.pipe(v.array(v.string()), v.minLength(2), v.maxLength(mostClasses)),
  /** How the source wrote the label of each class. */
  sourceLabels: v.array(v.string()),
  shape: v.strictObject({ ...imageShapeSchema.entries, height: length, width: length, channels: length }),
  trainCount: count,
  testCount: count,
  unlabelledCount: count,
  files: v.object({
    trainImages: file,
    trainLabels: file,
    testImages: file,
    testLabels: file,
    unlabelledImages: v.optional(file),
  }),
  /** What it was made of, for the person. */
  source: v.strictObject({ kind: importKindSchema, name: v.string(), notes: v.array(v.string()) }),
  licence: v.string(),
  createdAt: v.string(),
});
/** A set that a person brought. Its id is the name of its folder. */
export type ImportedRecord = v.InferOutput<typeof importedRecordSchema>;

/** The record of the set in this folder; undefined where there is none. */
export async function readImportedRecord(folder: string): Promise<ImportedRecord | undefined> {
  try {
    const parsed = v.safeParse(
      importedRecordSchema,
      JSON.parse(await readFile(join(folder, recordName), 'utf8')),
    );
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Throws `files.…` errors. */
export async function writeImportedRecord(folder: string, record: ImportedRecord): Promise<void> {
  await writeFileSafely(join(folder, recordName), `${JSON.stringify(record, null, 2)}\n`);
}

/** The ids of the folders in which imported sets may be, in order. */
export async function findImportedIds(dataDirectory: string): Promise<string[]> {
  const entries = await readdir(datasetsFolder(dataDirectory), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** The record of the set with this id; undefined where no such set was imported. */
export async function findImported(dataDirectory: string, id: string): Promise<ImportedRecord | undefined> {
  return idPattern.test(id) ? readImportedRecord(datasetFolder(dataDirectory, id)) : undefined;
}
