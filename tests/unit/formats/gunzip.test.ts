import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../../src-main/formats/gunzip.ts';

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
    await expect(gunzip(Buffer.from('<html>'), 'f.gz', 100)).rejects.toMatchObject({ code: 'gzip.not-gzip' });
  });

  it('stops at the size agreed on, however far a small file would unpack', async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    await expect(gunzip(bomb, 'f.gz', 1000)).rejects.toMatchObject({
      code: 'gzip.too-large',
      message: expect.stringContaining('1000 bytes') as string,
    });
  });
});
