// Debian's package of the real dataset, from its packed files to counts and mean images.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetStore } from '../../src-main/datasets/store.ts';

const isInstalled = existsSync('/usr/share/datasets/fashion-mnist');

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
