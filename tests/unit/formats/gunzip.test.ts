import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip, gunzipChunks } from '../../../src-main/formats/gunzip.ts';

const original = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) >>> 3);
const packed = gzipSync(original);

describe('gunzip', () => {
  it('gives back what was packed, up to exactly the size agreed on', async () => {
    expect(Buffer.compare(await gunzip(packed, 'f.gz', original.length), original)).toBe(0);
    expect((await gunzip(gzipSync(''), 'f.gz', 0)).byteLength).toBe(0);
  });

  it('refuses a file that is cut anywhere', async () => {
    for (const length of [0, 1, 2, 9, 10, 1000, packed.length - 9, packed.length - 1]) {
      await expect(
        gunzip(packed.subarray(0, length), 'f.gz', original.length),
        String(length),
      ).rejects.toMatchObject({
        code: 'gzip.cut',
        message: expect.stringContaining('"f.gz"') as string,
      });
    }
  });

  it('refuses a file with a changed byte in its data or its checksum', async () => {
    for (const position of [packed.length >> 1, packed.length - 8]) {
      const damaged = Uint8Array.from(packed);
      damaged[position] = damaged[position]! ^ 0xff;
      await expect(gunzip(damaged, 'f.gz', original.length)).rejects.toMatchObject({
        code: 'gzip.corrupt',
        message: expect.stringContaining('"f.gz"') as string,
      });
    }
  });

  it('refuses a file that is not gzip', async () => {
    await expect(gunzip(Buffer.from('no gzip'), 'f.gz', 100)).rejects.toMatchObject({
      code: 'gzip.not-gzip',
      message: '"f.gz" is not a gzip file: it begins with other bytes.',
    });
    await expect(gunzip(Buffer.from('\n<!DOCTYPE html><p>Sign in'), 'f.gz', 100)).rejects.toMatchObject({
      code: 'gzip.not-gzip',
      message: '"f.gz" is a web page, not a gzip file.',
    });
  });

  it('refuses a changed length, and bytes that follow the data', async () => {
    const wrongLength = Uint8Array.from(packed);
    wrongLength[packed.length - 4]! ^= 1;
    await expect(gunzip(wrongLength, 'f.gz', original.length)).rejects.toMatchObject({
      code: 'gzip.corrupt',
    });
    for (const rest of [Uint8Array.of(0), new Uint8Array(600), Buffer.from('more'), Uint8Array.of(0x1f)]) {
      const code = rest[0] === 0x1f ? 'gzip.cut' : 'gzip.trailing-bytes';
      await expect(
        gunzip(Buffer.concat([packed, rest]), 'f.gz', original.length),
        String(rest),
      ).rejects.toMatchObject({ code, message: expect.stringContaining('"f.gz"') as string });
    }
  });

  it('takes a second member for the rest of the first, and counts both', async () => {
    const two = Buffer.concat([gzipSync('first, '), gzipSync('second')]);
    expect(Buffer.from(await gunzip(two, 'f.gz', 13)).toString()).toBe('first, second');
    await expect(gunzip(two, 'f.gz', 12)).rejects.toMatchObject({ code: 'gzip.too-large' });
    await expect(gunzip(two.subarray(0, -1), 'f.gz', 13)).rejects.toMatchObject({ code: 'gzip.cut' });
  });

  it('sets aside no more than was agreed on when the trailer promises gigabytes', async () => {
    const liar = Uint8Array.from(packed);
    liar.fill(0xff, packed.length - 4);
    const before = process.memoryUsage().arrayBuffers;
    await expect(gunzip(liar, 'f.gz', original.length)).rejects.toMatchObject({ code: 'gzip.corrupt' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * original.length);
  });

  it('stops at the size agreed on, however far a small file would unpack', async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    await expect(gunzip(bomb, 'f.gz', 1000)).rejects.toMatchObject({
      code: 'gzip.too-large',
      message: expect.stringContaining('1000 bytes') as string,
    });
  });
});

describe('gunzipChunks', () => {
  async function* inPieces(bytes: Uint8Array, failure?: Error): AsyncGenerator<Uint8Array, void> {
    for (let start = 0; start < bytes.length; start += 1000) {
      yield bytes.subarray(start, start + 1000);
      await Promise.resolve();
    }
    if (failure !== undefined) throw failure;
  }
  const unpack = async (
    bytes: Uint8Array,
    maximumBytes = original.length,
    failure?: Error,
  ): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of gunzipChunks(inPieces(bytes, failure), 'f.gz', maximumBytes))
      pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('gives back what was packed, piece by piece', async () => {
    expect(Buffer.compare(await unpack(packed), original)).toBe(0);
  });

  it('refuses what is cut, damaged or too large, and passes on what its source throws', async () => {
    await expect(unpack(packed.subarray(0, -9))).rejects.toMatchObject({ code: 'gzip.cut' });
    const damaged = Uint8Array.from(packed);
    damaged.set([damaged[packed.length - 8]! ^ 0xff], packed.length - 8);
    await expect(unpack(damaged)).rejects.toMatchObject({ code: 'gzip.corrupt' });
    await expect(unpack(packed, original.length - 1)).rejects.toMatchObject({ code: 'gzip.too-large' });
    const failure = new Error('the disk');
    await expect(unpack(packed.subarray(0, 5000), original.length, failure)).rejects.toBe(failure);
  });
});
