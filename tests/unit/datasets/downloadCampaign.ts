// Downloads from mirrors that do at random what mirrors, networks and people do to a download. However it goes, what
// is listed as ready afterwards is right, and what is not can be had in the end.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { Random } from '../../../src-shared/random.ts';
import type { Answer, FaultyServer } from './faultyServer.ts';
import { knownByPackedFiles } from './smallSet.ts';
import { makeSmallMachine, other, small, summaryOf } from './storeFixture.ts';

const idleTimeoutMs = 120;
const faults = [
  'right',
  'short',
  'short with a length',
  'long',
  'wrong bytes',
  'other set',
  'cut',
  'stall',
  'silent',
  'portal',
  '403',
  '404',
  '416',
  '429',
  '500',
  'circle',
  'range ignored',
  'wrong range',
  'other ETag',
  'packed twice',
] as const;
type Fault = (typeof faults)[number];

/** A file of the small set, packed. */
const packedFile = (set: typeof small, fileName: string): Buffer =>
  gzipSync(set.files.get(fileName.replace(/\.gz$/, ''))!);

/** What a mirror with this fault answers. */
const answerWith =
  (fault: Fault, name: string): Answer =>
  (response, fileName, request) => {
    const packed = packedFile(small, fileName);
    const etag = fault === 'other ETag' ? `"${randomUUID()}"` : `"${fileName}"`;
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const isMatch = request.headers['if-range'] === etag;
    const start = asked !== null && isMatch && fault !== 'range ignored' ? Number(asked[1]) : 0;
    const end = packed.length - 1;
    const begin = (length = packed.length - start): void => {
      const from = fault === 'wrong range' ? Math.max(0, start - 1) : start;
      const range = start === 0 ? {} : { 'content-range': `bytes ${from}-${end}/${packed.length}` };
      response.writeHead(start === 0 ? 200 : 206, { etag, 'content-length': length, ...range });
    };
    const send = (bytes: Uint8Array): void => {
      begin();
      response.end(bytes.subarray(start));
    };
    const half = (start + packed.length) >> 1;
    switch (fault) {
      case 'right':
      case 'range ignored':
      case 'wrong range':
      case 'other ETag':
        send(packed);
        return;
      case 'short':
        response.writeHead(200, { etag });
        return void response.end(packed.subarray(0, half));
      case 'short with a length':
        begin(Math.max(0, half - start));
        return void response.end(packed.subarray(start, half));
      case 'long':
        response.writeHead(200, { etag });
        return void response.end(Buffer.concat([packed, Buffer.alloc(5000)]));
      case 'wrong bytes':
        send(Buffer.from(packed).fill(7, packed.length >> 1));
        return;
      case 'other set':
        response.writeHead(200, { etag });
        return void response.end(packedFile(other, fileName));
      case 'cut':
        begin();
        response.write(packed.subarray(start, half), () => setImmediate(() => response.destroy()));
        return;
      case 'stall':
        begin();
        response.write(packed.subarray(start, half));
        return;
      case 'silent':
        return;
      case 'portal':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>');
      case '416':
        if (asked === null) send(packed);
        else response.writeHead(416).end();
        return;
      case '429':
        return void response.writeHead(429, { 'retry-after': '0' }).end();
      case 'circle':
        return void response.writeHead(302, { location: `/${name}/${fileName}` }).end();
      case 'packed twice':
        response.writeHead(200, { 'content-encoding': 'gzip' });
        return void response.end(gzipSync(packed));
      case '403':
      case '404':
      case '500':
        return void response.writeHead(Number(fault)).end();
    }
  };

/** A set that is listed as ready is byte for byte what it should be, looked at from outside of the store. */
async function expectNothingCorrupt(verifiedFolder: string, isReady: boolean): Promise<void> {
  for (const [name, bytes] of small.files) {
    const found = await readFile(join(verifiedFolder, name)).catch(() => undefined);
    if (found !== undefined) expect(Buffer.compare(found, bytes), name).toBe(0);
    else expect(isReady, `${name} is missing`).toBe(false);
  }
}

/**
 * One machine, several attempts with two faulty mirrors each, some of them cancelled, and a last one with mirrors that
 * do nothing wrong. Returns how many attempts failed.
 */
export async function runDownloadCampaign(server: FaultyServer, seed: number): Promise<number> {
  const random = Random.fromSeed(seed, 'shuffle');
  const pick = (count: number): number => random.below(count);
  const machine = await makeSmallMachine();
  const base = pick(2) === 0 ? small.record : knownByPackedFiles(small);
  const attempts = 1 + pick(4);
  let failed = 0;
  try {
    for (let attempt = 0; attempt <= attempts; attempt += 1) {
      const isLast = attempt === attempts;
      const mirrors = ['a', 'b'].map((letter) => {
        // The same mirror has another fault each time it is asked.
        const name = `${seed}${letter}`;
        return server.mirror(name, (response, fileName, request) => {
          const fault = isLast ? 'right' : faults[pick(faults.length)]!;
          answerWith(fault, name)(response, fileName, request);
        });
      });
      const records = [{ ...base, mirrors }, other.record];
      const store = machine.open({ records, idleTimeoutMs: isLast ? 10_000 : idleTimeoutMs });
      const isCancelled = !isLast && pick(4) === 0;
      const cancelling = isCancelled
        ? setTimeout(() => void store.cancelDownload('small'), pick(60))
        : undefined;
      const downloads = Array.from({ length: 1 + pick(2) }, () => store.download('small'));
      const results = await Promise.allSettled(downloads);
      clearTimeout(cancelling);
      const { state } = await summaryOf(machine.open({ records }));
      expect(results.every(({ status }) => (status === 'fulfilled') === (state === 'ready'))).toBe(true);
      await expectNothingCorrupt(machine.verifiedFolder, state === 'ready');
      if (state !== 'ready') failed += 1;
      if (isLast) expect(state, `seed ${seed}`).toBe('ready');
    }
    expect((await machine.open({ records: [base] }).load('small')).train.labels.length).toBe(20);
  } finally {
    await machine.remove();
  }
  return failed;
}
