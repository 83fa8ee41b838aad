// `npm start` as a person meets it: with and without a display, with and without Electron's runtime.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetchElectron } from '../../scripts/electronRuntime.mjs';
import { findElectron } from '../../scripts/findElectron.mjs';

const script = join(import.meta.dirname, '../../scripts/start.mjs');
const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const hasRuntime = findElectron() !== undefined;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  output: { text: string };
  ended: Promise<number | null>;
  /** Resolves when the output has the pattern; rejects when the program ends without. */
  shows(pattern: RegExp): Promise<string>;
}

/** Runs the script without a display unless the environment has one, and with a data directory of its own. */
function start(args: readonly string[], environment: Record<string, string> = {}): Started {
  const withoutDisplay = Object.entries(process.env).filter(
    ([name]) => name !== 'DISPLAY' && name !== 'WAYLAND_DISPLAY',
  );
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...Object.fromEntries(withoutDisplay),
      WEFT_DATA_DIR: mkdtempSync(join(folder, 'data-')),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk));
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const shows = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const [found] = pattern.exec(output.text) ?? [];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then(() => reject(new Error(output.text)));
      look();
    });
  return { child, output, ended, shows };
}

const address = /^Weft is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+$/m;

/** A folder with an executable of this name and text. */
function executable(name: string, text: string): string {
  const place = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(place, name), text);
  chmodSync(join(place, name), 0o755);
  return place;
}

/** A mirror of Electron's downloads: a server on this machine, or the address of one that is gone. */
async function openMirror(onConnection: Parameters<typeof createServer>[1]): Promise<[Server, string]> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const given = server.address();
  if (given === null || typeof given === 'string') throw new Error('The mirror has no port.');
  return [server, `http://127.0.0.1:${given.port}/`];
}

async function closedMirror(): Promise<string> {
  const [server, mirror] = await openMirror(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  return mirror;
}

describe('npm start', () => {
  it('opens the browser host when asked to, passes its options on, and ends with it', async () => {
    const dataDirectory = join(folder, 'given');
    const started = start(['--browser', '--data-dir', dataDirectory]);
    const line = await started.shows(address);
    expect((await fetch(line.replace('Weft is at ', ''))).status).toBe(403);
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(existsSync(dataDirectory)).toBe(true);
  });

  it.skipIf(!isLinux)(
    'says in one sentence that there is no display, and opens in the browser (skipped where there always is one)',
    async () => {
      const started = start([]);
      await started.shows(address);
      expect(started.output.text).toMatch(
        /^There is no display here \(neither DISPLAY nor WAYLAND_DISPLAY is set\), so Weft opens in the browser\.\nWeft is at /m,
      );
      started.child.kill('SIGTERM');
      expect(await started.ended).toBe(0);
    },
  );

  it.skipIf(!isLinux)(
    'fails with the sentence when the desktop is asked for (skipped where there always is a display)',
    async () => {
      const started = start(['--desktop']);
      expect(await started.ended).toBe(1);
      expect(started.output.text).toContain(
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the desktop app can't be opened.\n",
      );
    },
  );

  it('refuses to open both', async () => {
    const started = start(['--desktop', '--browser']);
    expect(await started.ended).toBe(2);
  });

  it.skipIf(!isLinux || hasRuntime)(
    "opens in the person's browser when the runtime can't be fetched (skipped where it is there)",
    async () => {
      const opened = join(folder, 'opened');
      const browser = executable('xdg-open', `#!/bin/sh\necho "$1" > ${opened}\n`);
      const started = start([], {
        DISPLAY: ':99',
        ELECTRON_MIRROR: await closedMirror(),
        electron_config_cache: join(folder, 'cache'),
        PATH: `${browser}:${process.env['PATH'] ?? ''}`,
      });
      const line = await started.shows(address);
      expect(started.output.text).toMatch(
        /^The runtime of Electron could not be fetched \(its download server could not be reached\), so Weft opens in the browser\.$/m,
      );
      await expect
        .poll(() => existsSync(opened) && readFileSync(opened, 'utf8').trim())
        .toBe(line.replace('Weft is at ', ''));
      started.child.kill('SIGINT');
      expect(await started.ended).toBe(0);
    },
  );

  it.skipIf(!isLinux)(
    'runs Electron with the app and the options, without the sandbox for root only (skipped beside Linux)',
    async () => {
      const runtime = executable('electron', '#!/bin/sh\necho "electron got: $*"\n');
      const started = start(['--desktop', '--data-dir', '/somewhere'], {
        DISPLAY: ':99',
        ELECTRON_OVERRIDE_DIST_PATH: runtime,
      });
      expect(await started.ended).toBe(0);
      const root = join(import.meta.dirname, '../..');
      const args = `${isRoot ? '--no-sandbox ' : ''}${root} --data-dir /somewhere`;
      expect(started.output.text).toContain(`electron got: ${args}\n`);
    },
  );

  it.skipIf(!isLinux)(
    'opens in the browser when Electron does not come up (skipped beside Linux)',
    async () => {
      const runtime = executable('electron', '#!/bin/sh\nexit 127\n');
      const browser = executable('xdg-open', '#!/bin/sh\n');
      const started = start([], {
        DISPLAY: ':99',
        ELECTRON_OVERRIDE_DIST_PATH: runtime,
        PATH: `${browser}:${process.env['PATH'] ?? ''}`,
      });
      await started.shows(address);
      expect(started.output.text).toContain(
        'Electron could not be started (exit status 127), so Weft opens in the browser.\n',
      );
      started.child.kill('SIGINT');
      expect(await started.ended).toBe(0);
    },
  );
});

describe.skipIf(hasRuntime)("fetching Electron's runtime (skipped where it is there)", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });
  const useMirror = (mirror: string): void => {
    Object.assign(process.env, { ELECTRON_MIRROR: mirror, electron_config_cache: join(folder, 'cache') });
  };

  it('gives up after some seconds in which nothing arrives', async () => {
    const [server, mirror] = await openMirror((socket) => socket.on('error', () => undefined));
    useMirror(mirror);
    expect(await fetchElectron({ limitMs: 2000 })).toEqual({ reason: 'nothing arrived for 2 seconds' });
    server.close();
  });

  it('waits as long as bytes arrive, and says why they were not right', async () => {
    const limitMs = 3000;
    const chunk = Buffer.alloc(64 * 1024, 1);
    const chunks = 20;
    const [server, mirror] = await openMirror((socket) => {
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${chunk.length * chunks}\r\n\r\n`);
      let sent = 0;
      // Slower in all than the limit, but never still for as long.
      const timer = setInterval(() => {
        socket.write(chunk);
        sent += 1;
        if (sent === chunks) clearInterval(timer);
      }, limitMs / 12);
    });
    useMirror(mirror);
    const seen: number[] = [];
    const result = await fetchElectron({ limitMs, onProgress: (bytes) => seen.push(bytes) });
    expect(result).toEqual({ reason: expect.stringMatching(/checksum/i) as string });
    expect(seen.length).toBeGreaterThan(2);
    server.close();
  });

  it('says what a mirror answered that does not have it', async () => {
    const [server, mirror] = await openMirror((socket) => {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    useMirror(mirror);
    expect(await fetchElectron()).toEqual({ reason: expect.stringContaining('404') as string });
    server.close();
  });
});
