import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPages, type Pages } from '../../../src-main/app/pages.ts';

let folder: string;
let pages: Pages;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-pages-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'page/index.html'), '<title>Weft</title>');
  writeFileSync(join(folder, 'page/assets/main.js'), 'export {};');
  writeFileSync(join(folder, 'page/assets/odd.xyz'), Uint8Array.of(1, 2, 3));
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'page/link.txt'));
  pages = createPages(join(folder, 'page'), ['ws://127.0.0.1:4000']);
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (path: string): Promise<Response> => pages.serve({ method: 'GET', path });

describe('pages', () => {
  it('serves the index at the root and each file with its type', async () => {
    const index = await get('/');
    expect(index.status).toBe(200);
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await index.text()).toBe('<title>Weft</title>');
    const script = await get('/assets/main.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('content-length')).toBe('10');
    expect((await get('/assets/odd.xyz')).headers.get('content-type')).toBe('application/octet-stream');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/link.txt',
    '/assets',
    '/assets/',
    '/index.html\0',
    '',
    'index.html',
    '/nothing.html',
    '/__proto__',
  ])('has nothing at %j', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('answers HEAD without a body and refuses every other method', async () => {
    const head = await pages.serve({ method: 'HEAD', path: '/' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe('19');
    expect(await head.text()).toBe('');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', '']) {
      const refused = await pages.serve({ method, path: '/' });
      expect(refused.status).toBe(405);
      expect(refused.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  it('sends the security headers with files and refusals alike', async () => {
    for (const answer of [await get('/'), await get('/nothing'), pages.say(403, 'No.')]) {
      expect(answer.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
          "connect-src 'self' ws://127.0.0.1:4000; font-src 'self'; object-src 'none'; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'",
      );
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(answer.headers.get('permissions-policy')).toContain('camera=(), ');
    }
  });
});
