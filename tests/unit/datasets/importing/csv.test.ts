import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeImportPlace, type ImportPlace } from './importFixture.ts';

let place: ImportPlace;
beforeEach(async () => {
  place = await makeImportPlace();
});
afterEach(() => place.remove());

const rows = (count: number, labelled: boolean): string =>
  Array.from({ length: count }, (_value, row) => [
    ...(labelled ? [row % 2] : []),
    ...[0, 1, 2, 3].map((pixel) => row * 4 + pixel),
  ])
    .map((row) => row.join(','))
    .join('\n');
const header = 'label,pixel0,pixel1,pixel2,pixel3\n';
const payload = async (name: string, headBytes: number): Promise<number[]> => [
  ...(await readFile(join(place.stagingFolder, name))).subarray(headBytes),
];
const counting = (count: number): number[] => Array.from({ length: count }, (_value, index) => index);

describe('importing CSV files', () => {
  it('takes a labelled table, packed or not, byte for byte', async () => {
    await place.put({ 'train.csv': header + rows(10, true), 'packed.csv.gz': gzipSync(rows(10, true)) });
    for (const name of ['train.csv', 'packed.csv.gz']) {
      const { preview } = await place.read(name, { heldOut: 0 });
      expect(preview).toMatchObject({
        kind: 'csv',
        trainCount: 10,
        shape: { height: 2, width: 2, channels: 1 },
      });
      expect(await payload('train-images-idx3-ubyte', 16)).toEqual(counting(40));
      expect(await payload('train-labels-idx1-ubyte', 8)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    }
  });

  it("takes Kaggle's pair: a labelled table to train on, and one without labels to predict", async () => {
    await place.put({
      'train.csv': header + rows(14, true),
      'test.csv': header.slice('label,'.length) + rows(5, false),
      'README.txt': 'not a table',
    });
    const { preview } = await place.read();
    expect(preview).toMatchObject({
      trainCount: 12,
      testCount: 2,
      unlabelledCount: 5,
      testOrigin: 'held-out',
    });
    expect(await payload('unlabelled-images-idx3-ubyte', 16)).toEqual(counting(20));
  });

  it('takes a second table with labels for the test, by its place or its name', async () => {
    await place.put({
      'a.csv': rows(4, true),
      'b.csv': rows(6, true),
      'other/test.csv': rows(6, true),
      'other/x.csv': rows(4, true),
    });
    expect((await place.read('a.csv', {}, { testPath: 'b.csv' })).preview).toMatchObject({
      trainCount: 4,
      testCount: 6,
    });
    expect((await place.read('other')).preview).toMatchObject({ trainCount: 4, testCount: 6 });
  });

  it('refuses a wrong value with its file, line and column', async () => {
    await place.put({ 'train.csv': `${header}0,1,2,3,4\n1,5,256,7,8\n` });
    await expect(place.read('train.csv')).rejects.toMatchObject({
      message: expect.stringMatching(/train\.csv.*line 3, column 3/) as string,
    });
  });
});
