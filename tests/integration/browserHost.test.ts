import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, get, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { findChromium } from '../../scripts/findChromium.mjs';
import { decodeMessage, encodeMessage } from '../../src-shared/codec.ts';
import { presets } from '../../src-shared/presets.ts';
import { createClient, type Client } from '../../src-shared/protocol.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { runProgram, startProgram, type StartedProgram } from '../program.ts';

let folder: string;
let program: StartedProgram;
let address: URL;
let cookie: string;

const hostOf = (url: URL): string => url.host;

async function startHost(...args: string[]): Promise<[StartedProgram, URL]> {
  const started = startProgram('browser.js', ['--data-dir', mkdtempSync(join(folder, 'data-')), ...args]);
  const line = await started.waitForLine(/^Weft is at \S+$/m);
  return [started, new URL(line.replace('Weft is at ', ''))];
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** A request as another program on the machine would make it, with any headers. */
function ask(target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = address;
    const request = httpRequest({ hostname, port, path: target, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on('error', reject).end();
  });
}

/** Status of an upgrade: 101 when it was taken. */
function askForSocket(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${hostOf(address)}${path}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${hostOf(address)}/contract`, {
    headers: { Cookie: cookie, Origin: address.origin },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

async function openClient(): Promise<{ client: Client; socket: WebSocket }> {
  const socket = await openSocket();
  const end = createClient((message) => socket.send(encodeMessage(message)));
  socket.on('message', (data: Buffer) => end.receive(decodeMessage(data)));
  socket.on('close', () => end.close(new WeftError('test.closed', 'The socket is closed.')));
  return { client: end.client, socket };
}

async function admit(): Promise<string> {
  const answer = await ask(`/${address.search}`);
  return (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '';
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-browser-'));
  [program, address] = await startHost();
  cookie = await admit();
});
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe('the browser host', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((one) => !one.internal && one.family === 'IPv4')?.address;

  it.skipIf(outside === undefined)(
    'answers on 127.0.0.1 and on no other address of the machine (skipped where there is none)',
    async () => {
      const reason = await new Promise((resolve) => {
        connect(Number(address.port), outside)
          .on('connect', () => resolve('connected'))
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      });
      expect(reason).toBe('ECONNREFUSED');
    },
  );

  it('shows nothing without the token', async () => {
    for (const target of ['/', '/index.html', '/?token=wrong', '/assets/']) {
      const answer = await ask(target);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('the whole address');
    }
  });

  it('exchanges the token for a cookie and goes on at the clean address', async () => {
    const answer = await ask(`/${address.search}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const page = await ask('/', { Cookie: cookie });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Weft</title>');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  it('refuses what names another host or comes from another page', async () => {
    expect((await ask('/', { Cookie: cookie, Host: `localhost:${address.port}` })).status).toBe(421);
    expect((await ask(`/${address.search}`, { Host: 'evil.example' })).status).toBe(421);
    expect((await ask('/', { Cookie: cookie, Origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('/', { Cookie: cookie }, 'POST')).status).toBe(405);
    expect((await ask('/../../../package.json', { Cookie: cookie })).status).toBe(404);
  });

  it('opens the socket to its own page only', async () => {
    const Origin = address.origin;
    expect(await askForSocket('/contract', { Cookie: cookie, Origin })).toBe(101);
    expect(await askForSocket('/contract', { Origin })).toBe(403);
    expect(await askForSocket('/contract', { Cookie: cookie })).toBe(403);
    expect(await askForSocket('/contract', { Cookie: cookie, Origin: 'http://evil.example' })).toBe(403);
    expect(await askForSocket('/contract', { Cookie: cookie, Origin, Host: 'evil.example' })).toBe(421);
    expect(await askForSocket('/', { Cookie: cookie, Origin })).toBe(404);
  });

  it('answers commands, arrays as bytes, errors as sentences', async () => {
    const { client, socket } = await openClient();
    expect(await client.call('app.describe', {})).toMatchObject({ host: 'browser' });
    const indices = [0, 1, 1999];
    const { shape, pixels } = await client.call('dataset.images', {
      datasetId: 'strokes',
      split: 'test',
      indices,
    });
    expect(shape).toEqual({ height: 28, width: 28, channels: 1 });
    expect(pixels.byteLength).toBe(indices.length * 28 * 28);
    expect(Math.max(...pixels)).toBeGreaterThan(200);
    await expect(client.call('run.pause', { runId: 'none' })).rejects.toBeInstanceOf(WeftError);
    socket.close();
  });

  it('tells every page of an event', async () => {
    const pages = await Promise.all([openClient(), openClient()]);
    const themes = pages.map(
      ({ client }) =>
        new Promise((resolve) => client.on('settings.changed', (settings) => resolve(settings.theme))),
    );
    await pages[0].client.call('settings.change', { theme: 'dark' });
    expect(await Promise.all(themes)).toEqual(['dark', 'dark']);
    for (const { socket } of pages) socket.close();
  });

  it('closes a socket that sends what is no message, and goes on with the others', async () => {
    const { client, socket } = await openClient();
    const closedWith = async (data: string | Uint8Array): Promise<number> => {
      const rude = await openSocket();
      rude.send(data);
      return new Promise((resolve) => rude.on('close', resolve));
    };
    expect(await closedWith('{"id":1}')).toBe(1003);
    expect(await closedWith(Uint8Array.of(1, 2))).toBe(1007);
    expect(await closedWith(Uint8Array.of(255, 255, 255, 255, 0))).toBe(1007);
    expect(await client.call('dataset.list', {})).not.toHaveLength(0);
    socket.close();
  });

  it('trains on Strokes and ends the training process when it is ended', async () => {
    const [training, itsAddress] = await startHost();
    const before = [address, cookie] as const;
    address = itsAddress;
    cookie = await admit();
    const { client } = await openClient();
    [address, cookie] = before;
    const steps: number[] = [];
    client.on('run.progressed', ({ step }) => steps.push(step));
    const recipe = presets.find((preset) => preset.id === 'keras-split')?.recipe;
    if (recipe === undefined) throw new Error('The preset is gone.');
    const finished = new Promise<number>((resolve) => {
      client.on('run.changed', ({ state, outcome }) => {
        if (state === 'finished') resolve(outcome.epochs);
      });
    });
    await client.call('run.start', { datasetId: 'strokes', recipe: { ...recipe, epochs: 1 } });
    expect(await finished).toBe(1);
    expect(steps.length).toBeGreaterThan(0);

    const next = await client.call('run.start', {
      datasetId: 'strokes',
      recipe: { ...recipe, epochs: 1000 },
    });
    expect(next.state).not.toBe('failed');
    training.child.kill('SIGTERM');
    // `ended` waits for the output to close, which the training process shares.
    expect(await training.ended).toBe(0);
  });

  it('says in one sentence that a port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = other.address();
    const port = typeof taken === 'object' && taken !== null ? String(taken.port) : '';
    const result = await runProgram('browser.js', ['--port', port, '--data-dir', join(folder, 'unused')]);
    other.close();
    expect(result).toEqual({
      status: 1,
      stdout: '',
      stderr: `Port ${port} is in use by another program. Choose another with --port N, or leave it out for a free one.\n`,
    });
  });

  it('takes the port that it is given', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const given = probe.address();
        probe.close(() => resolve(typeof given === 'object' && given !== null ? given.port : 0));
      });
    });
    const [started, itsAddress] = await startHost('--port', String(free));
    expect(itsAddress.port).toBe(String(free));
    const status = await new Promise((resolve) =>
      get(itsAddress, (response) => resolve(response.statusCode)),
    );
    expect(status).toBe(303);
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
  });

  it('refuses a command line that it does not understand with status 2', async () => {
    const result = await runProgram('browser.js', ['--prot', '1']);
    expect(result.status).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toBe(
      "Unknown option '--prot'. The options are --port N, --data-dir DIR, --read-only and --open.\n",
    );
  });

  it.skipIf(findChromium() === undefined)(
    'opens in a real browser at a clean address that survives a reload (skipped without Chromium)',
    async () => {
      const executablePath = findChromium() ?? '';
      const isRoot = process.getuid?.() === 0;
      const browser = await chromium.launch({
        executablePath,
        args: [...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-background-networking'],
      });
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() !== 'log') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(address.href);
      await page.getByRole('heading', { name: 'Data' }).waitFor();
      await page.getByText('12,000 images').waitFor();
      expect(page.url()).toMatch(new RegExp(`^${address.origin}/(#.*)?$`));
      await page.reload();
      await page.getByText('12,000 images').waitFor();
      // The cookie is out of reach for scripts, and a script that is not in a file doesn't run.
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(complaints).toEqual([]);
      await page.evaluate(`document.body.append(Object.assign(document.createElement('script'), {
        textContent: 'window.injected = true',
      }))`);
      expect(await page.evaluate('window.injected')).toBeUndefined();
      expect(complaints.join()).toContain('Content Security Policy');
      await browser.close();
    },
  );
});
