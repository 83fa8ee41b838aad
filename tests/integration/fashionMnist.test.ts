// Debian's package of the real dataset, from its packed files to counts and mean images.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src-main/datasets/idxSet.ts';
import { datasetRecords } from '../../src-main/datasets/catalogue.ts';
import { DatasetStore } from '../../src-main/datasets/store.ts';
import { gunzip } from '../../src-main/formats/gunzip.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';

const isInstalled = existsSync('/usr/share/datasets/fashion-mnist');
/** A folder with MNIST's packed test files, for those who have them. */
const mnistFolder = process.env['WEFT_TEST_MNIST'];

describe('Fashion-MNIST as Debian installs it', () => {
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'weft-fashion-'));
  });
  afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

  it.skipIf(!isInstalled)(
    'is found, verified and loaded (needs the package dataset-fashion-mnist)',
    async () => {
      const store = new DatasetStore({ dataDirectory });
      const summary = (await store.list()).find(({ id }) => id === 'fashion-mnist');
      expect(summary).toMatchObject({ state: 'ready', origin: 'Found in /usr/share/datasets/fashion-mnist' });
      const dataset = await store.load('fashion-mnist');
      expect(dataset.train.pixels.length).toBe(60_000 * 784);
      expect(dataset.test.pixels.length).toBe(10_000 * 784);
      expect([...dataset.train.labels.subarray(0, 5)]).toEqual([9, 0, 0, 3, 0]);
      const details = await store.describe('fashion-mnist');
      expect(details.trainCounts).toEqual(new Array(10).fill(6000));
      expect(details.testCounts).toEqual(new Array(10).fill(1000));
    },
  );

  it.skipIf(!isInstalled)(
    'is loaded by another process from the verified copy alone (needs the package dataset-fashion-mnist)',
    async () => {
      const first = await new DatasetStore({ dataDirectory }).load('fashion-mnist');
      const second = await new DatasetStore({ dataDirectory, systemFolders: [] }).load('fashion-mnist');
      expect(second.fingerprint).toBe(first.fingerprint);
      expect(Buffer.compare(second.train.pixels, first.train.pixels)).toBe(0);
    },
  );
});

describe('MNIST', () => {
  it.skipIf(mnistFolder === undefined)(
    'has the recorded test files (needs a folder with them in WEFT_TEST_MNIST)',
    async () => {
      const record = datasetRecords.find(({ id }) => id === 'mnist');
      if (mnistFolder === undefined || record?.kind !== 'files') throw new Error('MNIST is not recorded.');
      for (const file of [record.files.testImages, record.files.testLabels]) {
        const bytes = await gunzip(
          await readFile(join(mnistFolder, `${file.name}.gz`)),
          file.name,
          file.sizeBytes,
        );
        expect(await sha256(bytes)).toBe(file.sha256);
        if (file === record.files.testImages) expect(decodeIdxImages(bytes, file.name).count).toBe(10_000);
        else expect([...decodeIdxLabels(bytes, file.name, 10).subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
      }
    },
  );
});
