// A machine of its own for each test of the store: a data directory, a folder of the system, two small sets.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatasetStore, type DatasetStoreOptions } from '../../../src-main/datasets/store.ts';
import type { DatasetSummary } from '../../../src-shared/schemas/dataset.ts';
import { makeSmallSet, type SmallSet } from './smallSet.ts';

export const small = makeSmallSet('small', 0);
export const other = makeSmallSet('other', 101);

export interface SmallMachine {
  dataDirectory: string;
  systemFolder: string;
  /** Where the verified copy of the small set is kept. */
  verifiedFolder: string;
  /** A store on this machine, as a process that starts anew would have it. */
  open: (options?: Partial<DatasetStoreOptions>) => DatasetStore;
  remove: () => Promise<void>;
}

export async function makeSmallMachine(): Promise<SmallMachine> {
  const root = await mkdtemp(join(tmpdir(), 'weft-datasets-'));
  const dataDirectory = join(root, 'data');
  const systemFolder = join(root, 'system');
  return {
    dataDirectory,
    systemFolder,
    verifiedFolder: join(dataDirectory, 'datasets', 'small'),
    open: (options = {}) =>
      new DatasetStore({
        dataDirectory,
        systemFolders: [systemFolder],
        records: [small.record, other.record],
        idleTimeoutMs: 10_000,
        ...options,
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Puts the set's files into the folder, packed or not. */
export async function putFiles(folder: string, set: SmallSet, packed: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of set.files) {
    await (packed
      ? writeFile(join(folder, `${name}.gz`), gzipSync(bytes))
      : writeFile(join(folder, name), bytes));
  }
}

/** What the store's list says of the set. */
export async function summaryOf(store: DatasetStore, id = 'small'): Promise<DatasetSummary> {
  const summary = (await store.list()).find((one) => one.id === id);
  if (summary === undefined) throw new Error(`${id} is not listed`);
  return summary;
}
