// The one way from a path to the page's files, with the same headers on every host: the desktop serves it under its
// own scheme, the browser host over HTTP.
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix, relative, sep } from 'node:path';

/** What every answer carries, the refusals too. */
const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': [
    'accelerometer',
    'autoplay',
    'camera',
    'display-capture',
    'encrypted-media',
    'fullscreen',
    'geolocation',
    'gyroscope',
    'hid',
    'idle-detection',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'publickey-credentials-get',
    'screen-wake-lock',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
  // The files are at hand: asking again costs nothing, and a new build is seen at the next load.
  'Cache-Control': 'no-cache',
} as const;

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The Content-Security-Policy of every answer; `connections` are sources beside the page's own origin. */
function contentSecurityPolicy(connections: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    ["connect-src 'self'", ...connections].join(' '),
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The files below a folder by the path they are served under; links are not followed. */
async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file).split(sep).join(posix.sep)}`, file);
  }
  return files;
}

export interface PageRequest {
  method: string;
  /** Path of the URL, still percent-encoded, without the query: `/assets/index-1a2b.js`. */
  path: string;
}

export interface Pages {
  /** Answers with a file of the page, or with a refusal; never rejects for anything the request says. */
  serve(request: PageRequest): Promise<Response>;
  /** A plain-text answer (a refusal, a redirection) with the headers that every answer has. */
  say(status: number, sentence: string, headers?: Readonly<Record<string, string>>): Response;
}

/**
 * Serves the built page of a folder. A path is looked up among the files that are there, so nothing outside the
 * folder has a name.
 */
export function createPages(folder: string, connections: readonly string[] = []): Pages {
  const headers = { ...commonHeaders, 'Content-Security-Policy': contentSecurityPolicy(connections) };

  const say: Pages['say'] = (status, sentence, more = {}) =>
    new Response(`${sentence}\n`, {
      status,
      headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', ...more },
    });

  return {
    say,
    async serve({ method, path }) {
      if (method !== 'GET' && method !== 'HEAD') {
        return say(405, 'Pages can only be read.', { Allow: 'GET, HEAD' });
      }
      const name = path === '/' ? '/index.html' : path;
      const file = (await listFiles(folder)).get(name);
      if (file === undefined) return say(404, 'There is no such page.');
      const content = await readFile(file);
      return new Response(method === 'HEAD' ? null : new Uint8Array(content), {
        headers: {
          ...headers,
          'Content-Type': mimeTypes[extname(file)] ?? 'application/octet-stream',
          'Content-Length': String(content.byteLength),
        },
      });
    },
  };
}
