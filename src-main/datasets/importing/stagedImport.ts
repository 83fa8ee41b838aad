import * as v from 'valibot';
import { importPreviewSchema } from '../../../src-shared/schemas/datasetImport.ts';
import { importedRecordSchema } from '../importedRecord.ts';

/** What was read, lying in the staging folder: only dataset.json is missing. */
export const stagedImportSchema = v.strictObject({
  preview: importPreviewSchema,
  /** What dataset.json will say beside the names. */
  record: v.pick(importedRecordSchema, [
    'shape',
    'sourceLabels',
    'trainCount',
    'testCount',
    'unlabelledCount',
    'files',
  ]),
});
export type StagedImport = v.InferOutput<typeof stagedImportSchema>;
