import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetStore, DatasetStoreOptions } from '../../../src-main/datasets/store.ts';
import { ownIdentity } from '../../../src-main/files/processIdentity.ts';
import type { DownloadProgress } from '../../../src-shared/schemas/dataset.ts';
import { startFaultyServer, type Answer, type FaultyServer } from './faultyServer.ts';
import { knownByPackedFiles, type SmallSet } from './smallSet.ts';
import { makeSmallMachine, other, putFiles, small, summaryOf, type SmallMachine } from './storeFixture.ts';

let machine: SmallMachine;
let server: FaultyServer;
beforeEach(async () => {
  machine = await makeSmallMachine();
  server = await startFaultyServer();
});
afterEach(async () => {
  await server.close();
  await machine.remove();
});

const sends =
  (set: SmallSet): Answer =>
  (response, fileName) =>
    response.end(gzipSync(set.files.get(fileName.replace(/\.gz$/, ''))!));

/** The small set with these mirrors. */
const withMirrors = (...mirrors: string[]): Partial<DatasetStoreOptions> => ({
  records: [{ ...small.record, mirrors }, other.record],
});

describe('DatasetStore.download', () => {
  it('fetches, verifies and keeps the set, with progress, and tells of each change', async () => {
    const changes: string[] = [];
    const progress: DownloadProgress[] = [];
    const mirror = server.mirror('good', sends(small));
    const store = machine.open({
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
    expect((await machine.open().load('small')).train.labels.length).toBe(20);
    expect((await readdir(machine.verifiedFolder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('does not ask the network for a set that is there', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    const store = machine.open(withMirrors(server.mirror('good', sends(small))));
    expect((await store.download('small')).state).toBe('ready');
    expect(server.requests).toEqual([]);
  });

  it('goes on to the next mirror when one gives the wrong bytes, and stays with the one that works', async () => {
    const wrong = server.mirror('wrong', sends(other));
    const good = server.mirror('good', sends(small));
    expect((await machine.open(withMirrors(wrong, good)).download('small')).state).toBe('ready');
    expect(server.requests.filter((request) => request.startsWith('wrong/')).length).toBe(1);
  });

  it('is one download for all who ask at the same time', async () => {
    const store = machine.open(withMirrors(server.mirror('good', sends(small))));
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
    const store = machine.open(withMirrors(mirror));
    await expect(store.download('small')).rejects.toMatchObject({
      code: 'download.failed',
      message: expect.stringContaining('503') as string,
    });
    expect(await summaryOf(store)).toMatchObject({ state: 'absent', failure: { code: 'download.failed' } });
    expect((await summaryOf(machine.open())).state).toBe('absent');
    isDown = false;
    expect(await store.download('small')).toMatchObject({ state: 'ready', failure: null });
    // The three files that had come whole were not fetched again.
    expect(server.requests.length).toBe(5);
  });

  it('ends when it is cancelled, without calling that a failure', async () => {
    const mirror = server.mirror('slow', (response) => {
      response.write('x');
      void store.cancelDownload('small');
    });
    const store = machine.open(withMirrors(mirror));
    await expect(store.download('small')).rejects.toMatchObject({ code: 'download.cancelled' });
    expect(await summaryOf(store)).toMatchObject({ state: 'absent', failure: null, download: null });
  });

  it('keeps what has arrived when it is cancelled, says so, and goes on from there', async () => {
    let isFirst = true;
    const mirror = server.mirror('slow', (response, fileName, request) => {
      const packed = gzipSync(small.files.get(fileName.replace(/\.gz$/, ''))!);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const isPart = start > 0;
      response.writeHead(isPart ? 206 : 200, {
        etag: `"${fileName}"`,
        'content-length': packed.length - start,
        ...(isPart ? { 'content-range': `bytes ${start}-${packed.length - 1}/${packed.length}` } : {}),
      });
      if (!isFirst || !fileName.startsWith('train-images')) response.end(packed.subarray(start));
      else response.write(packed.subarray(0, keptBytes));
    });
    const keptBytes = 20;
    const cancelled = machine.open(withMirrors(mirror));
    const cancelling = cancelled.download('small').catch((error: unknown) => error);
    const part = join(machine.verifiedFolder, 'download', 'train-images-idx3-ubyte.gz.part');
    await expect
      .poll(() =>
        stat(part)
          .then(({ size }) => size)
          .catch(() => 0),
      )
      .toBe(keptBytes);
    await cancelled.cancelDownload('small');
    expect(await cancelling).toMatchObject({ code: 'download.cancelled' });
    isFirst = false;
    server.requests.length = 0;
    const progress: DownloadProgress[] = [];
    const store = machine.open({ ...withMirrors(mirror), onProgress: (one) => progress.push(one) });
    expect((await store.download('small')).state).toBe('ready');
    expect(server.requests).toEqual(['slow/train-images-idx3-ubyte.gz']);
    const { testLabels, trainLabels, testImages } = small.record.files;
    const files = testLabels.packedBytes + trainLabels.packedBytes + testImages.packedBytes;
    expect(progress[0]?.resumedBytes).toBe(files + keptBytes);
    expect(progress[0]?.receivedBytes).toBe(files + keptBytes);
  });

  it('says how much space is needed and how much there is, before it asks the network', async () => {
    const mirror = server.mirror('good', sends(small));
    const store = machine.open({ ...withMirrors(mirror), freeBytesOn: () => Promise.resolve(700_000) });
    await expect(store.download('small')).rejects.toMatchObject({
      code: 'download.no-space',
      message: expect.stringMatching(
        /^SMALL needs 1\.0 MB on the disk of ".*", where 0\.7 MB are free\.$/,
      ) as string,
    });
    expect(server.requests).toEqual([]);
  });

  it('waits for another Weft that downloads the same set, and then has it too', async () => {
    const mirror = server.mirror('good', sends(small));
    const stores = [machine.open(withMirrors(mirror)), machine.open(withMirrors(mirror))];
    const summaries = await Promise.all(stores.map((store) => store.download('small')));
    expect(summaries.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(server.requests.length).toBe(4);
  });

  it('goes on where a Weft that was killed left its download', async () => {
    const parts = join(machine.verifiedFolder, 'download');
    await mkdir(join(parts, 'owner'), { recursive: true });
    const gone = { processId: 2 ** 22 + 1, world: ownIdentity.world, startedAt: 1 };
    const since = '2026-01-02T03:04:05Z';
    const owner = { host: 'cli', address: null, processId: gone.processId, machine: 'here', since };
    await writeFile(
      join(parts, 'owner', '1.json'),
      JSON.stringify({ ...owner, process: gone, hasEnded: false }),
    );
    const store = machine.open(withMirrors(server.mirror('good', sends(small))));
    expect((await store.download('small')).state).toBe('ready');
  });
});

describe('a set of which only the hashes of the packed files are known', () => {
  const record = knownByPackedFiles(small);
  const openWith = (...mirrors: string[]): DatasetStore =>
    machine.open({ records: [{ ...record, mirrors }, other.record] });

  it('is downloaded and checked by them, and known by its contents from then on', async () => {
    const store = openWith(server.mirror('good', sends(small)));
    expect((await store.info('small')).files.map(({ sha256 }) => sha256)).toEqual([null, null, null, null]);
    expect((await store.download('small')).state).toBe('ready');
    const { files } = await store.info('small');
    const { testLabels, trainLabels, testImages, trainImages } = small.record.files;
    expect(files.map(({ sha256 }) => sha256)).toEqual(
      [testLabels, trainLabels, testImages, trainImages].map((file) => file.sha256),
    );
    // The same contents have the same fingerprint, however their hashes became known.
    await putFiles(join(machine.systemFolder, 'same'), small, true);
    const same = machine.open({ records: [{ ...small.record, id: 'same' }] });
    expect((await openWith().load('small')).fingerprint).toBe((await same.load('same')).fingerprint);
    expect((await store.verify('small', () => undefined)).files.map(({ state }) => state)).toEqual(
      Array<string>(4).fill('whole'),
    );
  });

  it('refuses files that are packed otherwise or unpacked, and says why', async () => {
    const repacked = server.mirror('repacked', (response, fileName) =>
      response.end(gzipSync(small.files.get(fileName.replace(/\.gz$/, ''))!, { level: 0 })),
    );
    const plain = server.mirror('plain', (response, fileName) =>
      response.end(small.files.get(fileName.replace(/\.gz$/, ''))),
    );
    await expect(openWith(repacked).download('small')).rejects.toThrow('its SHA-256 should be');
    await expect(openWith(plain).download('small')).rejects.toThrow(
      'only the hashes of its packed files are known',
    );
    expect((await summaryOf(openWith())).state).toBe('absent');
  });

  it('is found in a folder of the system, packed', async () => {
    await putFiles(join(machine.systemFolder, 'small'), small, true);
    expect((await summaryOf(openWith())).state).toBe('ready');
  });

  it('notices when its copy is damaged later', async () => {
    const store = openWith(server.mirror('good', sends(small)));
    await store.download('small');
    const path = join(machine.verifiedFolder, record.files.trainImages.name);
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(1), bytes.subarray(0, 1)]));
    await expect(openWith().load('small')).rejects.toMatchObject({ code: 'dataset.damaged' });
    expect((await summaryOf(openWith())).state).toBe('absent');
  });
});
