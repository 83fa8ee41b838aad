import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedNpyArray } from '../../../../src-main/formats/npz.ts';
import { encodeNpz } from '../../../../src-main/formats/npz.ts';
import { makeImportPlace, type ImportPlace } from './importFixture.ts';

let place: ImportPlace;
beforeEach(async () => {
  place = await makeImportPlace();
});
afterEach(() => place.remove());

const bytes = Uint8Array.from({ length: 8 * 6 }, (_value, index) => index * 5);
const images: NamedNpyArray = { name: 'x_train', dtype: 'uint8', shape: [8, 2, 3], data: bytes };
const labels: NamedNpyArray = {
  name: 'y_train',
  dtype: 'int64',
  shape: [8, 1],
  data: BigInt64Array.from({ length: 8 }, (_value, index) => BigInt(index % 2)),
};
const payload = async (name: string, headBytes: number): Promise<number[]> => [
  ...(await readFile(join(place.stagingFolder, name))).subarray(headBytes),
];

describe('importing .npz files', () => {
  it('takes the arrays that Keras hands out, labels of any whole type', async () => {
    const test = { ...images, name: 'x_test', shape: [4, 2, 3], data: bytes.subarray(0, 24) };
    const testLabels: NamedNpyArray = {
      name: 'y_test',
      dtype: 'uint8',
      shape: [4],
      data: Uint8Array.of(1, 0, 1, 0),
    };
    await place.put({ 'digits.npz': encodeNpz([images, labels, test, testLabels], true) });
    const { preview } = await place.read('digits.npz');
    expect(preview).toMatchObject({
      kind: 'npz',
      name: 'digits',
      trainCount: 8,
      testCount: 4,
      testOrigin: 'own',
    });
    expect(await payload('train-images-idx3-ubyte', 16)).toEqual([...bytes]);
    expect(await payload('train-labels-idx1-ubyte', 8)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(await payload('t10k-labels-idx1-ubyte', 8)).toEqual([1, 0, 1, 0]);
  });

  it('takes fractions from 0 to 1, one-hot labels and colours, and says what it made of them', async () => {
    const data = Float32Array.from({ length: 4 * 12 }, (_value, index) => (index % 3) / 2);
    const oneHot = {
      name: 'y_train',
      dtype: 'float32',
      shape: [4, 2],
      data: Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0),
    };
    const colours = { name: 'x_train', dtype: 'float32', shape: [4, 2, 2, 3], data };
    await place.put({ 'd.npz': encodeNpz([colours, oneHot] as NamedNpyArray[]) });
    const { preview } = await place.read('d.npz', { heldOut: 0 });
    expect(preview.shape).toEqual({ height: 2, width: 2, channels: 3 });
    expect(preview.notes.join(' ')).toContain('fractions from 0 to 1');
    expect((await payload('train-images-idx4-ubyte', 20)).slice(0, 3)).toEqual([0, 128, 255]);
    expect(await payload('train-labels-idx1-ubyte', 8)).toEqual([0, 1, 1, 0]);
  });

  it('takes images that pack far better than weights do', async () => {
    // 40 MB of black images in an archive of some kilobytes.
    const black = { ...images, shape: [50_000, 20, 40], data: new Uint8Array(50_000 * 800) };
    const many = {
      ...labels,
      shape: [50_000],
      data: BigInt64Array.from({ length: 50_000 }, (_v, at) => BigInt(at % 2)),
    };
    await place.put({ 'd.npz': encodeNpz([black, many], true) });
    expect((await place.read('d.npz', { heldOut: 0 })).preview.trainCount).toBe(50_000);
  });

  it.each<[string, string, NamedNpyArray[]]>([
    ['import.missing-array', 'arr_0', [{ ...images, name: 'arr_0' }]],
    ['import.missing-array', 'x_train', [labels]],
    ['import.no-labels', 'x_train', [images]],
    ['import.wrong-shape', '(2, 2, 3, 4)', [{ ...images, shape: [2, 2, 3, 4] }, labels]],
    ['import.wrong-count', '8 labels for 4 images', [{ ...images, shape: [4, 4, 3] }, labels]],
    [
      'import.wrong-pixel',
      '-1',
      [{ ...images, dtype: 'float64', data: new Float64Array(48).fill(-1) }, labels],
    ],
    [
      'import.wrong-pixel',
      '3.5',
      [{ ...images, dtype: 'float64', data: new Float64Array(48).fill(3.5) }, labels],
    ],
    ['import.wrong-label', 'is -1', [images, { ...labels, data: new BigInt64Array(8).fill(-1n) }]],
    ['import.wrong-label', 'one-hot', [images, { ...labels, shape: [8, 2], data: new BigInt64Array(16) }]],
  ])('refuses with %s, naming %s', async (code, naming, arrays) => {
    await place.put({ 'd.npz': encodeNpz(arrays) });
    await expect(place.read('d.npz')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(naming) as string,
    });
  });
});
