import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { content, makeDownloadPlace, packed, type DownloadPlace } from './downloadFixture.ts';
import { startFaultyServer, type FaultyServer } from './faultyServer.ts';

let place: DownloadPlace;
let server: FaultyServer;
/** Where nothing listens. */
let closedMirror: string;
beforeEach(async () => {
  const closed = await startFaultyServer();
  closedMirror = closed.mirror('closed', () => undefined);
  await closed.close();
  server = await startFaultyServer();
  place = await makeDownloadPlace();
});
afterEach(async () => {
  await server.close();
  await place.remove();
});

const good = (name: string): string => server.mirror(name, (response) => response.end(packed));

describe('fetchFromMirrors', () => {
  it('takes the first mirror that gives the right bytes and asks no other', async () => {
    const answer = await place.fetchFile([good('one'), good('two')]);
    expect(Buffer.compare(answer.accepted, content)).toBe(0);
    expect(server.requests).toEqual(['one/file.gz']);
  });

  it.each<[string, string, (name: string) => string]>([
    ['answers 404', 'answered 404', (name) => server.mirror(name, (r) => r.writeHead(404).end('no'))],
    ['answers 403', 'answered 403 Forbidden', (name) => server.mirror(name, (r) => r.writeHead(403).end())],
    ['answers 500', 'answered 500', (name) => server.mirror(name, (r) => r.writeHead(500).end())],
    [
      'redirects to itself',
      'redirects in a circle',
      (name) => server.mirror(name, (r, file) => r.writeHead(302, { location: `/${name}/${file}` }).end()),
    ],
    [
      'breaks off',
      'broke off',
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
      'sent a web page instead of the file, as networks do that ask for a login first',
      (name) => server.mirror(name, (r) => r.end('\n<!DOCTYPE html><title>Login</title>')),
    ],
    [
      'leads to a web page',
      'sent a web page instead of the file',
      (name) =>
        server.mirror(name, (r, file) => {
          if (file === 'login')
            r.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('Log in');
          else r.writeHead(302, { location: `/${name}/login` }).end();
        }),
    ],
    [
      'sends something else',
      'is not a gzip file',
      (name) => server.mirror(name, (r) => r.end('something else')),
    ],
    [
      'only drips',
      'bytes in 1 s',
      (name) =>
        server.mirror(name, (r) => {
          const dripping = setInterval(() => r.write(packed.subarray(0, 1)), 100);
          r.on('close', () => clearInterval(dripping));
        }),
    ],
    [
      'is busy for an hour',
      'answered 429 Too Many Requests and asks to wait 3600 s',
      (name) => server.mirror(name, (r) => r.writeHead(429, { 'retry-after': '3600' }).end()),
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
      'sent nothing for 0.25 s',
      (name) => server.mirror(name, (r) => r.write(packed.subarray(0, 10))),
    ],
    ['never answers', 'sent nothing for 0.25 s', (name) => server.mirror(name, () => undefined)],
    ['is not there', 'could not be reached (ECONNREFUSED)', () => closedMirror],
  ])('goes on to the next mirror when one %s, and says what it said', async (_fault, said, faulty) => {
    // Long enough for a busy machine, short enough for the mirrors that never go on.
    const idleTimeoutMs = /0\.25 s|in 1 s/.test(said) ? 250 : 10_000;
    const mirror = faulty('bad');
    expect((await place.fetchFile([mirror, good('good')], { idleTimeoutMs })).mirror).toMatch(/good\/$/);
    await expect(place.fetchFile([mirror], { idleTimeoutMs })).rejects.toMatchObject({
      code: 'download.failed',
      message: expect.stringContaining(said) as string,
      remedy: expect.stringMatching(
        /try again; what has arrived is kept\. Or .* import the folder/,
      ) as string,
    });
  });

  it('says where to sign in when the network answers with a web page of its own', async () => {
    const portal = server.mirror('portal', (response) => response.end('<html>login</html>'));
    await expect(place.fetchFile([portal])).rejects.toMatchObject({
      remedy: expect.stringContaining('Open a web page in a browser, sign in') as string,
    });
  });

  it('says that the machine seems to be offline when no mirror has a name', async () => {
    const offline = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const fetch = (): Promise<never> => Promise.reject(new TypeError('fetch failed', { cause: offline }));
    await expect(place.fetchFile([good('one'), good('two')], { fetch })).rejects.toMatchObject({
      message: expect.stringContaining('could not be reached (ENOTFOUND)') as string,
      remedy: expect.stringContaining('seems to be offline') as string,
    });
  });

  it.each([429, 503])(
    'waits for a mirror that is busy (%i) as long as it asks, if that is not long',
    async (status) => {
      let isBusy = true;
      const mirror = server.mirror('busy', (response) => {
        if (isBusy) response.writeHead(status, { 'retry-after': '0' }).end();
        else response.end(packed);
        isBusy = false;
      });
      expect((await place.fetchFile([mirror, good('good')])).mirror).toBe(mirror);
      expect(server.requests).toEqual(['busy/file.gz', 'busy/file.gz']);
    },
  );

  it('waits for a slow mirror as long as bytes keep coming', async () => {
    // Each pause is far shorter than the time-out, all of them together longer.
    const [idleTimeoutMs, pauseMs, pauses] = [1000, 300, 4];
    const slow = server.mirror('slow', (response) => {
      for (let part = 0; part < pauses; part += 1) {
        setTimeout(() => response.write(packed.subarray(part, part + 1)), part * pauseMs);
      }
      setTimeout(() => response.end(packed.subarray(pauses)), pauses * pauseMs);
    });
    expect(Buffer.compare((await place.fetchFile([slow], { idleTimeoutMs })).accepted, content)).toBe(0);
  });

  it('names every mirror that failed', async () => {
    const mirrors = [
      server.mirror('a', (r) => r.writeHead(403).end()),
      server.mirror('b', (r) => r.writeHead(500).end()),
    ];
    await expect(place.fetchFile(mirrors)).rejects.toMatchObject({
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
      await expect(place.fetchFile(mirrors, { signal: controller.signal })).rejects.toBe(reason);
      expect(server.requests).toEqual(['slow/file.gz']);
    },
  );

  it('takes a file that the server packed once more on the way', async () => {
    const mirror = server.mirror('twice', (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(packed));
    });
    expect(Buffer.compare((await place.fetchFile([mirror])).accepted, content)).toBe(0);
  });
});
