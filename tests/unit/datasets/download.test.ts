import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFromMirrors, type MirrorRequest } from '../../../src-main/datasets/download.ts';
import { DownloadMeter } from '../../../src-main/datasets/downloadMeter.ts';
import { gunzip } from '../../../src-main/formats/gunzip.ts';
import { startFaultyServer, type FaultyServer } from './faultyServer.ts';

const content = Uint8Array.from({ length: 5000 }, (_, index) => index * 7);
const packed = gzipSync(content);

let server: FaultyServer;
/** Where nothing listens. */
let closedMirror: string;
beforeEach(async () => {
  const closed = await startFaultyServer();
  closedMirror = closed.mirror('closed', () => undefined);
  await closed.close();
  server = await startFaultyServer();
});
afterEach(() => server.close());

const fetchFile = (mirrors: readonly string[], changes: Partial<MirrorRequest> = {}) =>
  fetchFromMirrors({
    fileName: 'file.gz',
    mirrors,
    idleTimeoutMs: 10_000,
    maximumBytes: 20_000,
    signal: new AbortController().signal,
    onReceived: () => undefined,
    accept: (bytes) => gunzip(bytes, 'file.gz', content.length),
    ...changes,
  });

const good = (name: string): string => server.mirror(name, (response) => response.end(packed));

describe('fetchFromMirrors', () => {
  it('takes the first mirror that gives the right bytes and asks no other', async () => {
    const answer = await fetchFile([good('one'), good('two')]);
    expect(Buffer.compare(answer.bytes, content)).toBe(0);
    expect(server.requests).toEqual(['one/file.gz']);
  });

  it.each<[string, string, (name: string) => string]>([
    ['answers 404', 'answered 404', (name) => server.mirror(name, (r) => r.writeHead(404).end('no'))],
    [
      'breaks off',
      'could not be reached',
      (name) =>
        server.mirror(name, (r) => {
          r.writeHead(200, { 'content-length': packed.length });
          r.write(packed.subarray(0, 100), () => r.destroy());
        }),
    ],
    [
      'ends early without saying so',
      'is cut off',
      (name) => server.mirror(name, (r) => r.end(packed.subarray(0, 100))),
    ],
    [
      'sends a web page',
      'is not a gzip file',
      (name) => server.mirror(name, (r) => r.end('<html>login</html>')),
    ],
    [
      'never stops',
      'sent more than the 20000 bytes',
      (name) =>
        server.mirror(name, (r) => {
          const pour = (): boolean => r.write(Buffer.alloc(5000));
          r.on('drain', pour);
          while (pour());
        }),
    ],
    [
      'falls silent',
      'sent nothing for 0.5 s',
      (name) => server.mirror(name, (r) => r.write(packed.subarray(0, 10))),
    ],
    ['never answers', 'sent nothing for 0.5 s', (name) => server.mirror(name, () => undefined)],
    ['is not there', 'could not be reached (ECONNREFUSED)', () => closedMirror],
  ])('goes on to the next mirror when one %s, and says what it said', async (_fault, said, faulty) => {
    // Long enough for a busy machine, short enough for the mirrors that never go on.
    const idleTimeoutMs = said.includes('0.5 s') ? 500 : 10_000;
    const mirror = faulty('bad');
    expect((await fetchFile([mirror, good('good')], { idleTimeoutMs })).mirror).toMatch(/good\/$/);
    await expect(fetchFile([mirror], { idleTimeoutMs })).rejects.toMatchObject({
      code: 'download.failed',
      message: expect.stringContaining(said) as string,
    });
  });

  it('waits for a slow mirror as long as bytes keep coming', async () => {
    // Each pause is far shorter than the time-out, all of them together longer.
    const [idleTimeoutMs, pauseMs, pauses] = [1000, 300, 4];
    const slow = server.mirror('slow', (response) => {
      for (let part = 0; part < pauses; part += 1) {
        setTimeout(() => response.write(packed.subarray(part, part + 1)), part * pauseMs);
      }
      setTimeout(() => response.end(packed.subarray(pauses)), pauses * pauseMs);
    });
    expect(Buffer.compare((await fetchFile([slow], { idleTimeoutMs })).bytes, content)).toBe(0);
  });

  it('names every mirror that failed', async () => {
    const mirrors = [
      server.mirror('a', (r) => r.writeHead(403).end()),
      server.mirror('b', (r) => r.writeHead(500).end()),
    ];
    await expect(fetchFile(mirrors)).rejects.toMatchObject({
      message: expect.stringMatching(
        /file\.gz.*127\.0\.0\.1.*403 Forbidden.*127\.0\.0\.1.*500 Internal Server Error/,
      ) as string,
    });
  });

  it.each([1, 2])(
    'stops at once when it is cancelled, and asks no other mirror (of %i)',
    async (mirrorCount) => {
      const controller = new AbortController();
      const reason = new Error('cancelled');
      const slow = server.mirror('slow', (response) => {
        response.write(packed.subarray(0, 10));
        controller.abort(reason);
      });
      const mirrors = [slow, good('good')].slice(0, mirrorCount);
      await expect(fetchFile(mirrors, { signal: controller.signal })).rejects.toBe(reason);
      expect(server.requests).toEqual(['slow/file.gz']);
    },
  );

  it('takes a file that the server packed once more on the way', async () => {
    const mirror = server.mirror('twice', (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(packed));
    });
    expect(Buffer.compare((await fetchFile([mirror])).bytes, content)).toBe(0);
  });
});

describe('DownloadMeter', () => {
  it('adds the files up, measures the rate and says how long it will take', () => {
    let nowMs = 0;
    const meter = new DownloadMeter(
      'set',
      new Map([
        ['a', 1000],
        ['b', 3000],
      ]),
      () => nowMs,
    );
    expect(meter.receive('a', 'm', 100)).toMatchObject({
      receivedBytes: 100,
      totalBytes: 4000,
      secondsLeft: null,
    });
    nowMs = 50;
    expect(meter.receive('a', 'm', 200)).toBeUndefined();
    nowMs = 1000;
    expect(meter.receive('a', 'm', 600, 1100)).toEqual({
      datasetId: 'set',
      fileName: 'a',
      mirror: 'm',
      receivedBytes: 600,
      totalBytes: 4100,
      bytesPerSecond: 500,
      secondsLeft: 7,
    });
  });

  it('counts a file from its start again when another mirror begins, without a negative rate', () => {
    let nowMs = 0;
    const meter = new DownloadMeter('set', new Map([['a', 1000]]), () => nowMs);
    meter.receive('a', 'm', 500);
    nowMs = 1000;
    expect(meter.receive('a', 'other', 100)).toMatchObject({
      receivedBytes: 100,
      totalBytes: 1000,
      bytesPerSecond: 100,
    });
  });
});
