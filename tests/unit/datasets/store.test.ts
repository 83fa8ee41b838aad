import { mkdir, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetStore, type DatasetStoreOptions } from '../../../src-main/datasets/store.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../../src-main/formats/idx.ts';
import type { DatasetSummary, DownloadProgress } from '../../../src-shared/schemas/dataset.ts';
import { startFaultyServer, type Answer, type FaultyServer } from './faultyServer.ts';
import { makeSmallSet, type SmallSet } from './smallSet.ts';

let root: string;
let dataDirectory: string;
let systemFolder: string;
let server: FaultyServer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weft-datasets-'));
  dataDirectory = join(root, 'data');
  systemFolder = join(root, 'system');
  server = await startFaultyServer();
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const small = makeSmallSet('small', 0);
const other = makeSmallSet('other', 101);

const open = (options: Partial<DatasetStoreOptions> = {}): DatasetStore =>
  new DatasetStore({
    dataDirectory,
    systemFolders: [systemFolder],
    records: [small.record, other.record],
    idleTimeoutMs: 10_000,
    ...options,
  });

/** Puts the set's files into the folder, packed or not. */
async function putFiles(folder: string, set: SmallSet, packed: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of set.files) {
    await (packed
      ? writeFile(join(folder, `${name}.gz`), gzipSync(bytes))
      : writeFile(join(folder, name), bytes));
  }
}

const sends =
  (set: SmallSet): Answer =>
  (response, fileName) =>
    response.end(gzipSync(set.files.get(fileName.replace(/\.gz$/, ''))!));

/** The small set with these mirrors. */
const withMirrors = (...mirrors: string[]): Partial<DatasetStoreOptions> => ({
  records: [{ ...small.record, mirrors }, other.record],
});

const summaryOf = async (store: DatasetStore, id = 'small'): Promise<DatasetSummary> => {
  const summary = (await store.list()).find((one) => one.id === id);
  if (summary === undefined) throw new Error(`${id} is not listed`);
  return summary;
};

const verifiedFolder = (): string => join(dataDirectory, 'datasets', 'small');

describe('a set of this machine', () => {
  it.each([true, false])(
    'is found in a folder of the system, packed: %s, and a verified copy is kept',
    async (packed) => {
      await putFiles(join(systemFolder, 'small'), small, packed);
      expect(await summaryOf(open())).toMatchObject({
        state: 'ready',
        origin: `Found in ${join(systemFolder, 'small')}`,
        failure: null,
      });
      await rm(systemFolder, { recursive: true });
      const dataset = await open().load('small');
      expect(dataset.train.pixels).toEqual(
        decodeIdxImages(small.files.get('train-images-idx3-ubyte')!, '').pixels,
      );
      expect(dataset.test.labels).toEqual(decodeIdxLabels(small.files.get('t10k-labels-idx1-ubyte')!, '', 5));
    },
  );

  it('is found when a person put the files into the data directory', async () => {
    await putFiles(verifiedFolder(), small, true);
    expect((await summaryOf(open())).state).toBe('ready');
  });

  it('has a fingerprint of its contents, not of where or how they lie', async () => {
    await putFiles(join(systemFolder, 'small'), small, true);
    await putFiles(join(dataDirectory, 'datasets', 'other'), other, false);
    const store = open();
    const { fingerprint } = await store.load('small');
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect((await open().load('small')).fingerprint).toBe(fingerprint);
    expect((await store.load('other')).fingerprint).not.toBe(fingerprint);
  });

  it('is told apart by its contents from another with the same file names', async () => {
    await putFiles(join(systemFolder, 'small'), other, true);
    const store = open();
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
    const folder = join(systemFolder, 'small');
    await putFiles(folder, small, true);
    const name = 'train-images-idx3-ubyte';
    await writeFile(join(folder, `${name}.gz`), damage(Buffer.from(small.files.get(name)!)));
    const store = open();
    expect(await summaryOf(store)).toMatchObject({
      state: 'absent',
      failure: { code, message: expect.stringContaining(join(folder, `${name}.gz`)) as string },
    });
    expect(await readdir(verifiedFolder()).catch(() => [])).not.toContain('dataset.json');
  });

  it('is not there while one of its files is missing', async () => {
    const folder = join(systemFolder, 'small');
    await putFiles(folder, small, true);
    await unlink(join(folder, 't10k-labels-idx1-ubyte.gz'));
    expect(await summaryOf(open())).toMatchObject({ state: 'absent', failure: null });
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['is gone', (path) => unlink(path)],
    ['is cut', (path) => truncate(path, 20)],
  ])('is no longer ready when a file of its copy %s', async (_fault, damage) => {
    await putFiles(join(systemFolder, 'small'), small, true);
    await open().list();
    await rm(systemFolder, { recursive: true });
    await damage(join(verifiedFolder(), 'train-images-idx3-ubyte'));
    expect((await summaryOf(open())).state).toBe('absent');
  });

  it('is no longer ready once its copy turns out to be damaged, and then says so', async () => {
    await putFiles(join(systemFolder, 'small'), small, true);
    await open().list();
    await rm(systemFolder, { recursive: true });
    const path = join(verifiedFolder(), 'train-images-idx3-ubyte');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(1, 60, 61));
    const changes: DatasetSummary[] = [];
    const store = open({ onChange: (summary) => changes.push(summary) });
    await expect(store.load('small')).rejects.toMatchObject({
      code: 'dataset.damaged',
      message: expect.stringContaining('train-images-idx3-ubyte') as string,
    });
    expect((await summaryOf(store)).state).toBe('absent');
    await expect.poll(() => changes.at(-1)?.state).toBe('absent');
  });

  it('is copied again from where it was found when its copy turns out to be damaged', async () => {
    await putFiles(join(systemFolder, 'small'), small, true);
    await open().list();
    const path = join(verifiedFolder(), 'train-labels-idx1-ubyte');
    await writeFile(path, (await readFile(path)).fill(4, 10, 11));
    expect((await open().load('small')).train.labels).toEqual((await open().load('small')).train.labels);
    expect(Buffer.compare(await readFile(path), small.files.get('train-labels-idx1-ubyte')!)).toBe(0);
  });

  it.each([
    ['is not JSON', '{"format":'],
    ['belongs to another set', '{"format":1,"id":"other","origin":"","files":[]}'],
    ['names no files', '{"format":1,"id":"small","origin":"","files":[]}'],
    ['is of another format', '{"format":2,"id":"small","origin":"","files":[]}'],
  ])('is not taken for ready by a dataset.json that %s', async (_fault, marker) => {
    await mkdir(verifiedFolder(), { recursive: true });
    await writeFile(join(verifiedFolder(), 'dataset.json'), marker);
    expect((await summaryOf(open())).state).toBe('absent');
  });

  it('is read once for all who ask at the same time', async () => {
    await putFiles(join(systemFolder, 'small'), small, true);
    const store = open();
    const [first, second] = await Promise.all([store.load('small'), store.load('small')]);
    expect(second).toBe(first);
    expect(await store.load('small')).toBe(first);
  });
});

describe('download', () => {
  it('fetches, verifies and keeps the set, with progress, and tells of each change', async () => {
    const changes: string[] = [];
    const progress: DownloadProgress[] = [];
    const mirror = server.mirror('good', sends(small));
    const store = open({
      ...withMirrors(mirror),
      onChange: ({ state }) => changes.push(state),
      onProgress: (one) => progress.push(one),
    });
    expect(await store.download('small')).toMatchObject({
      state: 'ready',
      origin: `Downloaded from ${new URL(mirror).host}`,
    });
    await expect.poll(() => changes).toEqual(['downloading', 'ready']);
    expect(progress[0]).toMatchObject({
      datasetId: 'small',
      mirror,
      totalBytes: expect.any(Number) as number,
    });
    expect(server.requests.length).toBe(4);
    expect((await open().load('small')).train.labels.length).toBe(20);
    expect((await readdir(verifiedFolder())).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('does not ask the network for a set that is there', async () => {
    await putFiles(join(systemFolder, 'small'), small, true);
    const store = open(withMirrors(server.mirror('good', sends(small))));
    expect((await store.download('small')).state).toBe('ready');
    expect(server.requests).toEqual([]);
  });

  it('goes on to the next mirror when one gives the wrong bytes, and stays with the one that works', async () => {
    const wrong = server.mirror('wrong', sends(other));
    const good = server.mirror('good', sends(small));
    expect((await open(withMirrors(wrong, good)).download('small')).state).toBe('ready');
    expect(server.requests.filter((request) => request.startsWith('wrong/')).length).toBe(1);
  });

  it('is one download for all who ask at the same time', async () => {
    const store = open(withMirrors(server.mirror('good', sends(small))));
    const [first, second] = await Promise.all([store.download('small'), store.download('small')]);
    expect(second).toEqual(first);
    expect(server.requests.length).toBe(4);
  });

  it('leaves the set absent with what each mirror said when none works, and works when tried again', async () => {
    let isDown = true;
    const mirror = server.mirror('flaky', (response, fileName, request) => {
      if (isDown && fileName.startsWith('train-images')) response.writeHead(503).end();
      else sends(small)(response, fileName, request);
    });
    const store = open(withMirrors(mirror));
    await expect(store.download('small')).rejects.toMatchObject({
      code: 'download.failed',
      message: expect.stringContaining('503') as string,
    });
    expect(await summaryOf(store)).toMatchObject({ state: 'absent', failure: { code: 'download.failed' } });
    expect((await summaryOf(open())).state).toBe('absent');
    isDown = false;
    expect(await store.download('small')).toMatchObject({ state: 'ready', failure: null });
    // The three files that had come whole were not fetched again.
    expect(server.requests.length).toBe(5);
  });

  it('ends when it is cancelled, without calling that a failure', async () => {
    const mirror = server.mirror('slow', (response) => {
      response.write('x');
      store.cancelDownload('small');
    });
    const store = open(withMirrors(mirror));
    await expect(store.download('small')).rejects.toMatchObject({ code: 'download.cancelled' });
    expect(await summaryOf(store)).toMatchObject({ state: 'absent', failure: null, download: null });
  });
});

describe('the store', () => {
  it('names the known sets when asked for an unknown one', async () => {
    await expect(open().load('cifar')).rejects.toMatchObject({
      code: 'dataset.unknown',
      remedy: 'Known are small, other.',
    });
  });

  it('describes a set: counts, labels, and the mean image of each class', async () => {
    await putFiles(join(systemFolder, 'small'), small, false);
    const details = await open().describe('small');
    expect(details.trainCounts).toEqual([4, 4, 4, 4, 4]);
    expect(details.testCounts).toEqual([2, 2, 2, 2, 2]);
    const { pixels } = decodeIdxImages(small.files.get('train-images-idx3-ubyte')!, '');
    // Class 1 has the images 1, 6, 11 and 16; value 2 of each lies at image * 6 + 2.
    const mean = (pixels[8]! + pixels[38]! + pixels[68]! + pixels[98]!) / 4;
    expect(details.classMeans.length).toBe(5 * 6);
    expect(details.classMeans[1 * 6 + 2]).toBe(Math.round(mean));
  });

  it('lists Strokes as there on a machine without anything', async () => {
    const store = new DatasetStore({ dataDirectory, systemFolders: [] });
    const states = (await store.list()).map(({ id, state }) => [id, state]);
    expect(states).toEqual([
      ['strokes', 'built-in'],
      ['fashion-mnist', 'absent'],
      ['mnist', 'absent'],
    ]);
  });
});
