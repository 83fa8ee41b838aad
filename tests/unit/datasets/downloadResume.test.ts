import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { content, makeDownloadPlace, packed, type DownloadPlace } from './downloadFixture.ts';
import { startFaultyServer, type Answer, type FaultyServer } from './faultyServer.ts';

let place: DownloadPlace;
let server: FaultyServer;
beforeEach(async () => {
  server = await startFaultyServer();
  place = await makeDownloadPlace();
});
afterEach(async () => {
  await server.close();
  await place.remove();
});

const half = packed.length >> 1;
const etag = '"one"';

interface Ranges {
  /** What the mirror breaks off at, the first so many times. */
  cuts?: number;
  etag?: string | null;
  bytes?: Uint8Array;
  /** How it answers to a request for a range, instead of with the range. */
  onRange?: Answer;
  /** Notes the headers of each request. */
  asked?: (string | undefined)[][];
}

/** A mirror that can send the rest of a file, and breaks off half-way through the whole the first time. */
function mirrorOf(name: string, ranges: Ranges = {}): string {
  let cuts = ranges.cuts ?? 1;
  return server.mirror(name, (response, fileName, request) => {
    const tag = ranges.etag === undefined ? etag : ranges.etag;
    const bytes = ranges.bytes ?? packed;
    const { range, 'if-range': ifRange } = request.headers;
    ranges.asked?.push([range, typeof ifRange === 'string' ? ifRange : undefined]);
    const headers = tag === null ? {} : { etag: tag };
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (range !== undefined && ranges.onRange !== undefined) {
      ranges.onRange(response, fileName, request);
      return;
    }
    if (range !== undefined && ifRange === tag) {
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
        'content-length': bytes.length - start,
      });
      response.end(bytes.subarray(start));
      return;
    }
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    cuts -= 1;
    if (cuts < 0) response.end(bytes);
    // Long enough for what was sent to have arrived before the connection ends.
    else response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 50));
  });
}

/** Leaves half of the file behind, as a cancelled download does. */
async function leaveHalf(name = 'mirror', ranges: Ranges = {}): Promise<string> {
  const controller = new AbortController();
  const mirror = server.mirror(name, (response) => {
    const tag = ranges.etag === undefined ? etag : ranges.etag;
    response.writeHead(200, { ...(tag === null ? {} : { etag: tag }), 'content-length': packed.length });
    response.write(packed.subarray(0, half));
  });
  await expect(
    place.fetchFile([mirror], {
      signal: controller.signal,
      onReceived: () => controller.abort(new Error('cancelled')),
    }),
  ).rejects.toThrow('cancelled');
  expect((await stat(place.part.path)).size).toBe(half);
  server.requests.length = 0;
  return mirror;
}

describe('a download that was interrupted', () => {
  it('asks the same mirror for the rest, of the same file, and gets the right bytes', async () => {
    await leaveHalf();
    const asked: Ranges['asked'] = [];
    const mirror = mirrorOf('mirror', { cuts: 0, asked });
    const { accepted, begun } = await place.fetchFile([mirror]);
    expect(Buffer.compare(accepted, content)).toBe(0);
    expect(begun).toEqual([half]);
    expect(asked).toEqual([[`bytes=${half}-`, etag]]);
  });

  it('asks the mirror first that it broke off at', async () => {
    await leaveHalf('second');
    const mirrors = [mirrorOf('first', { cuts: 0 }), mirrorOf('second', { cuts: 0 })];
    await place.fetchFile(mirrors);
    expect(server.requests).toEqual(['second/file.gz']);
  });

  it('goes on by itself where the mirror broke off', async () => {
    const mirror = mirrorOf('mirror');
    const { accepted, begun } = await place.fetchFile([mirror]);
    expect(Buffer.compare(accepted, content)).toBe(0);
    expect(begun[0]).toBe(0);
    expect(begun).toHaveLength(2);
    expect(begun[1]).toBeGreaterThan(0);
  });

  it.each<[string, Ranges]>([
    ['the mirror ignores the range', { cuts: 0, onRange: (r) => r.writeHead(200, { etag }).end(packed) }],
    ['the file has another ETag by now', { cuts: 0, etag: '"two"' }],
    [
      'a mirror sends the rest of another file without noticing',
      {
        cuts: 0,
        onRange: (r) =>
          r
            .writeHead(206, {
              etag: '"two"',
              'content-range': `bytes ${half}-${packed.length - 1}/${packed.length}`,
            })
            .end(packed.subarray(half)),
      },
    ],
    [
      'the mirror sends another range than was asked for',
      {
        cuts: 0,
        onRange: (r) =>
          r
            .writeHead(206, { etag, 'content-range': `bytes 5-${packed.length - 1}/${packed.length}` })
            .end(packed.subarray(5)),
      },
    ],
    ['the mirror says 416', { cuts: 0, onRange: (r) => r.writeHead(416).end() }],
    [
      'what was kept and the rest do not make the right file',
      {
        cuts: 0,
        onRange: (r) =>
          r
            .writeHead(206, {
              etag,
              'content-range': `bytes ${half}-${packed.length - 1}/${packed.length}`,
            })
            .end(Buffer.alloc(packed.length - half)),
      },
    ],
  ])('starts again when %s', async (_when, ranges) => {
    await leaveHalf();
    const { accepted, begun } = await place.fetchFile([mirrorOf('mirror', ranges)]);
    expect(Buffer.compare(accepted, content)).toBe(0);
    expect(begun.at(-1)).toBe(0);
  });

  it('asks for the whole again where the mirror had named nothing to tell the file by', async () => {
    await leaveHalf('mirror', { etag: null });
    const asked: Ranges['asked'] = [];
    const mirror = mirrorOf('mirror', { cuts: 0, etag: null, asked });
    expect(Buffer.compare((await place.fetchFile([mirror])).accepted, content)).toBe(0);
    expect(asked).toEqual([[undefined, undefined]]);
  });

  it.each(['', '{}', '{"url":'])(
    'starts again when what is known of the part is damaged: %j',
    async (state) => {
      await leaveHalf();
      await writeFile(`${place.part.path}.json`, state);
      const { accepted, begun } = await place.fetchFile([mirrorOf('mirror', { cuts: 0 })]);
      expect(Buffer.compare(accepted, content)).toBe(0);
      expect(begun).toEqual([0]);
    },
  );

  it('starts again when the part on the disk is no longer what arrived', async () => {
    await leaveHalf();
    await writeFile(place.part.path, Buffer.alloc(half));
    const { accepted, begun } = await place.fetchFile([mirrorOf('mirror', { cuts: 0 })]);
    expect(Buffer.compare(accepted, content)).toBe(0);
    expect(begun).toEqual([half, 0]);
  });

  it('keeps the part while a captive portal is in the way, and goes on when it is gone', async () => {
    await leaveHalf();
    const mirror = server.mirror('mirror', (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
    );
    await expect(place.fetchFile([mirror])).rejects.toMatchObject({ code: 'download.failed' });
    mirrorOf('mirror', { cuts: 0 });
    expect((await place.fetchFile([mirror])).begun).toEqual([half]);
  });

  it('takes a part that is whole without asking the network', async () => {
    const mirror = mirrorOf('mirror', { cuts: 0 });
    await place.fetchFile([mirror]);
    expect(await readdir(dirname(place.part.path))).toEqual(['file.gz.part', 'file.gz.part.json']);
    expect(Buffer.compare(await readFile(place.part.path), packed)).toBe(0);
    server.requests.length = 0;
    expect(Buffer.compare((await place.fetchFile([mirror])).accepted, content)).toBe(0);
    expect(server.requests).toEqual([]);
  });

  it('gives a mirror up that breaks off again and again, and asks the next', async () => {
    const stubborn = server.mirror('stubborn', (response, _file, request) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const length = packed.length - start;
      const headers = { etag, 'content-length': length };
      if (start === 0) response.writeHead(200, headers);
      else {
        response.writeHead(206, {
          ...headers,
          'content-range': `bytes ${start}-${packed.length - 1}/${packed.length}`,
        });
      }
      response.write(packed.subarray(start, start + 10), () => setTimeout(() => response.destroy(), 50));
    });
    const next = mirrorOf('next', { cuts: 0 });
    const { accepted, mirror } = await place.fetchFile([stubborn, next]);
    expect(mirror).toBe(next);
    expect(Buffer.compare(accepted, content)).toBe(0);
    expect(server.requests.filter((request) => request.startsWith('stubborn/'))).toHaveLength(4);
  });
});
