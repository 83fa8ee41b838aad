import { mkdir, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetStore } from '../../../src-main/datasets/store.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../../src-main/formats/idx.ts';
import type { DatasetSummary } from '../../../src-shared/schemas/dataset.ts';
import { makeSmallMachine, other, putFiles, small, summaryOf, type SmallMachine } from './storeFixture.ts';

let machine: SmallMachine;
beforeEach(async () => {
  machine = await makeSmallMachine();
});
afterEach(() => machine.remove());

describe('a set of this machine', () => {
  it.each([true, false])(
    'is found in a folder of the system, packed: %s, and a verified copy is kept',
    async (packed) => {
      await putFiles(join(machine.systemFolder, 'small'), small, packed);
      expect(await summaryOf(machine.open())).toMatchObject({
        state: 'ready',
        origin: `Found in ${join(machine.systemFolder, 'small')}`,
        failure: null,
      });
      await rm(machine.systemFolder, { recursive: true });
      const dataset = await machine.open().load('small');
      expect(dataset.train.pixels).toEqual(
        decodeIdxImages(small.files.get('train-images-idx3-ubyte')!, '').pixels,
      );
      expect(dataset.test.labels).toEqual(decodeIdxLabels(small.files.get('t10k-labels-idx1-ubyte')!, '', 5));
    },
  );

  it('is found when a person put the files into the data directory', async () => {
    await putFiles(machine.verifiedFolder, small, true);
    expect((await summaryOf(machine.open())).state).toBe('ready');
  });

  it('has a fingerprint of its contents, not of where or how they lie', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    await putFiles(join(machine.dataDirectory, 'datasets', 'other'), other, false);
    const store = machine.open();
    const { fingerprint } = await store.load('small');
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect((await machine.open().load('small')).fingerprint).toBe(fingerprint);
    expect((await store.load('other')).fingerprint).not.toBe(fingerprint);
  });

  it('is told apart by its contents from another with the same file names', async () => {
    await putFiles(join(machine.systemFolder, 'small'), other, true);
    const store = machine.open();
    expect(await summaryOf(store)).toMatchObject({
      state: 'absent',
      failure: {
        code: 'dataset.wrong-contents',
        message: expect.stringContaining('is a file of OTHER') as string,
      },
    });
    await expect(store.load('small')).rejects.toMatchObject({ code: 'dataset.absent' });
  });

  it.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['gzip.cut', 'is cut', (bytes) => gzipSync(bytes).subarray(0, 40)],
    ['gzip.not-gzip', 'is not gzip', (bytes) => bytes],
    [
      'idx.wrong-magic',
      'has a wrong magic',
      (bytes) => gzipSync(Buffer.concat([Buffer.of(1), bytes.subarray(1)])),
    ],
    ['idx.wrong-length', 'is too short inside', (bytes) => gzipSync(bytes.subarray(0, -1))],
    [
      'dataset.wrong-contents',
      'has a changed pixel',
      (bytes) => gzipSync(Buffer.from(bytes.fill(9, 50, 51))),
    ],
  ])('is refused with %s when a file of it %s, and never listed as ready', async (code, _fault, damage) => {
    const folder = join(machine.systemFolder, 'small');
    await putFiles(folder, small, true);
    const name = 'train-images-idx3-ubyte';
    await writeFile(join(folder, `${name}.gz`), damage(Buffer.from(small.files.get(name)!)));
    const store = machine.open();
    expect(await summaryOf(store)).toMatchObject({
      state: 'absent',
      failure: { code, message: expect.stringContaining(join(folder, `${name}.gz`)) as string },
    });
    expect(await readdir(machine.verifiedFolder).catch(() => [])).not.toContain('dataset.json');
  });

  it('is not there while one of its files is missing', async () => {
    const folder = join(machine.systemFolder, 'small');
    await putFiles(folder, small, true);
    await unlink(join(folder, 't10k-labels-idx1-ubyte.gz'));
    expect(await summaryOf(machine.open())).toMatchObject({ state: 'absent', failure: null });
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['is gone', (path) => unlink(path)],
    ['is cut', (path) => truncate(path, 20)],
  ])('is no longer ready when a file of its copy %s', async (_fault, damage) => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    await machine.open().list();
    await rm(machine.systemFolder, { recursive: true });
    await damage(join(machine.verifiedFolder, 'train-images-idx3-ubyte'));
    expect((await summaryOf(machine.open())).state).toBe('absent');
  });

  it('is no longer ready once its copy turns out to be damaged, and then says so', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    await machine.open().list();
    await rm(machine.systemFolder, { recursive: true });
    const path = join(machine.verifiedFolder, 'train-images-idx3-ubyte');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(1, 60, 61));
    const changes: DatasetSummary[] = [];
    const store = machine.open({ onChange: (summary) => changes.push(summary) });
    await expect(store.load('small')).rejects.toMatchObject({
      code: 'dataset.damaged',
      message: expect.stringContaining('train-images-idx3-ubyte') as string,
    });
    expect((await summaryOf(store)).state).toBe('absent');
    await expect.poll(() => changes.at(-1)?.state).toBe('absent');
  });

  it('is copied again from where it was found when its copy turns out to be damaged', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    await machine.open().list();
    const path = join(machine.verifiedFolder, 'train-labels-idx1-ubyte');
    await writeFile(path, (await readFile(path)).fill(4, 10, 11));
    expect((await machine.open().load('small')).train.labels).toEqual(
      (await machine.open().load('small')).train.labels,
    );
    expect(Buffer.compare(await readFile(path), small.files.get('train-labels-idx1-ubyte')!)).toBe(0);
  });

  it.each([
    ['is not JSON', '{"format":'],
    ['belongs to another set', '{"format":1,"id":"other","origin":"","files":[]}'],
    ['names no files', '{"format":1,"id":"small","origin":"","files":[]}'],
    ['is of another format', '{"format":2,"id":"small","origin":"","files":[]}'],
  ])('is not taken for ready by a dataset.json that %s', async (_fault, marker) => {
    await mkdir(machine.verifiedFolder, { recursive: true });
    await writeFile(join(machine.verifiedFolder, 'dataset.json'), marker);
    expect((await summaryOf(machine.open())).state).toBe('absent');
  });

  it('is read once for all who ask at the same time', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    const store = machine.open();
    const [first, second] = await Promise.all([store.load('small'), store.load('small')]);
    expect(second).toBe(first);
    expect(await store.load('small')).toBe(first);
  });
});

describe('the store', () => {
  it('names the known sets when asked for an unknown one', async () => {
    await expect(machine.open().load('cifar')).rejects.toMatchObject({
      code: 'dataset.unknown',
      remedy: 'Known are small, other.',
    });
  });

  it('describes a set: counts, labels, and the mean image of each class', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, false);
    const details = await machine.open().describe('small');
    expect(details.trainCounts).toEqual([4, 4, 4, 4, 4]);
    expect(details.testCounts).toEqual([2, 2, 2, 2, 2]);
    const { pixels } = decodeIdxImages(small.files.get('train-images-idx3-ubyte')!, '');
    // Class 1 has the images 1, 6, 11 and 16; value 2 of each lies at image * 6 + 2.
    const mean = (pixels[8]! + pixels[38]! + pixels[68]! + pixels[98]!) / 4;
    expect(details.classMeans.length).toBe(5 * 6);
    expect(details.classMeans[1 * 6 + 2]).toBe(Math.round(mean));
  });

  it('lists Strokes as there on a machine without anything', async () => {
    const store = new DatasetStore({ dataDirectory: machine.dataDirectory, systemFolders: [] });
    const states = (await store.list()).map(({ id, state }) => [id, state]);
    expect(states).toEqual([
      ['strokes', 'built-in'],
      ['fashion-mnist', 'absent'],
      ['mnist', 'absent'],
      ['kuzushiji-mnist', 'absent'],
    ]);
  });
});
