import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetStoreOptions } from '../../../src-main/datasets/store.ts';
import type { DownloadProgress } from '../../../src-shared/schemas/dataset.ts';
import { startFaultyServer, type Answer, type FaultyServer } from './faultyServer.ts';
import type { SmallSet } from './smallSet.ts';
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
});
