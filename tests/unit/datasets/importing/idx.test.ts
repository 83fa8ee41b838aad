import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeIdxImages, encodeIdxLabels } from '../../../../src-main/formats/idx.ts';
import { makeSmallSet } from '../smallSet.ts';
import { makeImages, makeImportPlace, type ImportPlace } from './importFixture.ts';

let place: ImportPlace;
beforeEach(async () => {
  place = await makeImportPlace();
});
afterEach(() => place.remove());

const train = makeImages(30);
const test = makeImages(12, 3, 100);
const staged = (name: string): Promise<Buffer> => readFile(join(place.stagingFolder, name));

describe('importing IDX files', () => {
  it('stages a train and a test pair byte for byte, packed or not, whatever they are called', async () => {
    await place.put({
      'a.bin': train.images,
      'b.gz': gzipSync(train.labels),
      'c-of-test.gz': gzipSync(test.images),
      d: test.labels,
    });
    const { preview, record } = await place.read();
    expect(preview).toMatchObject({
      kind: 'idx',
      name: 'my images',
      shape: { height: 2, width: 3, channels: 1 },
      trainCount: 30,
      testCount: 12,
      testOrigin: 'own',
      problems: [],
      known: null,
    });
    expect(preview.classes).toEqual([
      { name: '0', trainCount: 10, testCount: 4 },
      { name: '1', trainCount: 10, testCount: 4 },
      { name: '2', trainCount: 10, testCount: 4 },
    ]);
    expect(Buffer.compare(await staged(record.files.trainImages.name), train.images)).toBe(0);
    expect(Buffer.compare(await staged(record.files.trainLabels.name), train.labels)).toBe(0);
    expect(Buffer.compare(await staged(record.files.testImages.name), test.images)).toBe(0);
    expect(Buffer.compare(await staged(record.files.testLabels.name), test.labels)).toBe(0);
  });

  it('finds the labels beside an images file that was chosen alone', async () => {
    await place.put({ 'x-images': train.images, 'x-labels': train.labels });
    const { preview } = await place.read('x-images', { heldOut: 0 });
    expect(preview).toMatchObject({ trainCount: 30, testCount: 0, testOrigin: 'none' });
  });

  it('holds the same part of each class out where there is no test pair, always the same images', async () => {
    await place.put({ 'x-images': train.images, 'x-labels': train.labels });
    const { preview, record } = await place.read('', { heldOut: 0.2 });
    expect(preview).toMatchObject({ trainCount: 24, testCount: 6, testOrigin: 'held-out' });
    expect(preview.classes.map(({ testCount }) => testCount)).toEqual([2, 2, 2]);
    const first = record.files.testImages.sha256;
    expect((await place.read('', { heldOut: 0.2 })).record.files.testImages.sha256).toBe(first);
  });

  it('takes two pairs of the same number by their names', async () => {
    await place.put({
      'test-images': test.images,
      'test-labels': test.labels,
      'train-images': makeImages(12, 3, 50).images,
      'train-labels': encodeIdxLabels(Uint8Array.from({ length: 12 }, () => 1)),
    });
    const { preview } = await place.read();
    expect(preview.classes.map((one) => [one.trainCount, one.testCount])).toEqual([
      [0, 4],
      [12, 4],
      [0, 4],
    ]);
  });

  it('takes images without labels as such, beside those with labels', async () => {
    await place.put({
      'train-images': train.images,
      'train-labels': train.labels,
      'test-images': test.images,
    });
    const { preview, record } = await place.read();
    expect(preview).toMatchObject({ unlabelledCount: 12, testOrigin: 'held-out' });
    expect(Buffer.compare(await staged(record.files.unlabelledImages?.name ?? ''), test.images)).toBe(0);
  });

  it('recognises a known set by its bytes under other names, and takes it out of several', async () => {
    const known = makeSmallSet('known', 40);
    const other = makeSmallSet('other', 90);
    for (const [folder, set] of [
      ['', known],
      ['other-', other],
    ] as const) {
      for (const [name, bytes] of set.files) await place.put({ [`${folder}${name}.gz`]: gzipSync(bytes) });
    }
    const { preview } = await place.read('', {}, { known: [known.record] });
    expect(preview.known).toEqual({ id: 'known', name: 'KNOWN' });
    expect(preview.classes.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(preview.problemCount).toBe(4);
  });

  it('keeps colour images in files of rank 4', async () => {
    const pixels = Uint8Array.from({ length: 10 * 12 }, (_value, index) => index * 3);
    const images = encodeIdxImages({ count: 10, height: 2, width: 2, channels: 3, pixels });
    await place.put({ images, labels: makeImages(10, 2).labels });
    const { preview, record } = await place.read('', { heldOut: 0 });
    expect(preview.shape).toEqual({ height: 2, width: 2, channels: 3 });
    expect(record.files.trainImages.name).toBe('train-images-idx4-ubyte');
    expect(Buffer.compare(await staged('train-images-idx4-ubyte'), images)).toBe(0);
  });

  it.each<[string, string, Record<string, Uint8Array | string>]>([
    ['import.nothing-found', 'my images', {}],
    ['import.nothing-found', 'my images', { 'notes.bin': Uint8Array.of(9, 200, 3, 1) }],
    ['import.no-labels', 'x-images', { 'x-images': train.images }],
    ['import.no-labels', 'x-labels', { 'x-labels': train.labels }],
    ['import.wrong-count', '30 images', { 'x-images': train.images, 'x-labels': test.labels }],
    ['idx.wrong-length', 'x-images', { 'x-images': train.images.slice(0, -1), 'x-labels': train.labels }],
    ['idx.wrong-magic', 'x-idx3-ubyte', { 'x-idx3-ubyte': '<html>Please log in', 'x-labels': train.labels }],
    [
      'gzip.cut',
      'x-images',
      { 'x-images': gzipSync(train.images).subarray(0, -9), 'x-labels': train.labels },
    ],
    [
      'import.ambiguous',
      'more than one set',
      { 'a-images': train.images, 'a-labels': train.labels, ...ofOther('b', 11), ...ofOther('c', 12) },
    ],
    [
      'import.wrong-class-count',
      'one class',
      { images: makeImages(5).images, labels: encodeIdxLabels(new Uint8Array(5)) },
    ],
  ])('refuses with %s, naming %s', async (code, naming, files) => {
    await place.put(files);
    await expect(place.read()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(naming) as string,
    });
  });
});

function ofOther(name: string, count: number): Record<string, Uint8Array> {
  const { images, labels } = makeImages(count);
  return { [`${name}-images`]: images, [`${name}-labels`]: labels };
}
