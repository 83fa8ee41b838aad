// Images to import, made of a few bytes, and a folder for each test to put them in.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FilesRecord } from '../../../../src-main/datasets/catalogue.ts';
import { readImport } from '../../../../src-main/datasets/importing/readImport.ts';
import type { StagedImport } from '../../../../src-main/datasets/importing/stagedImport.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../../../src-main/formats/idx.ts';
import type { ImportOptions } from '../../../../src-shared/schemas/datasetImport.ts';

export const usualOptions: ImportOptions = { size: null, channels: null, heldOut: 1 / 7 };

/** `count` images of 2 x 3 pixels that all differ, and their labels, in turn of `classes` classes. */
export function makeImages(
  count: number,
  classes = 3,
  first = 0,
): { images: Uint8Array; labels: Uint8Array } {
  return {
    images: encodeIdxImages({
      count,
      height: 2,
      width: 3,
      pixels: Uint8Array.from({ length: count * 6 }, (_value, index) => first + index * 7),
    }),
    labels: encodeIdxLabels(Uint8Array.from({ length: count }, (_value, index) => index % classes)),
  };
}

export interface ImportPlace {
  folder: string;
  stagingFolder: string;
  /** Writes files by their relative paths. */
  put: (files: Record<string, Uint8Array | string>) => Promise<void>;
  read: (
    path?: string,
    options?: Partial<ImportOptions>,
    more?: { testPath?: string; known?: readonly FilesRecord[] },
  ) => Promise<StagedImport>;
  remove: () => Promise<void>;
}

export async function makeImportPlace(): Promise<ImportPlace> {
  const root = await mkdtemp(join(tmpdir(), 'weft-import-'));
  const folder = join(root, 'my images');
  const stagingFolder = join(root, 'staging');
  await mkdir(folder);
  await mkdir(stagingFolder);
  return {
    folder,
    stagingFolder,
    async put(files) {
      for (const [name, bytes] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), bytes);
      }
    },
    read: (path = '', options = {}, { testPath, known = [] } = {}) =>
      readImport(
        {
          path: join(folder, path),
          testPath: testPath === undefined ? null : join(folder, testPath),
          sentAs: null,
          options: { ...usualOptions, ...options },
          stagingFolder,
        },
        () => undefined,
        known,
      ),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
