import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeIdxImages,
  decodeIdxLabels,
  encodeIdxImages,
  encodeIdxLabels,
} from '../../../src-main/formats/idx.ts';

const images = encodeIdxImages({
  count: 2,
  height: 2,
  width: 3,
  pixels: Uint8Array.from({ length: 12 }, (_, i) => i),
});
const emptyImages = encodeIdxImages({ count: 0, height: 2, width: 0, pixels: new Uint8Array(0) });
const labels = encodeIdxLabels(Uint8Array.of(0, 9, 3));

/** The bytes with one of them changed. */
function withByte(bytes: Uint8Array, position: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[position] = value;
  return changed;
}

const failure = (read: () => unknown): unknown => {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('idx', () => {
  it('reads the bytes that the format describes', () => {
    const file = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40);
    expect(decodeIdxImages(file, 'f')).toEqual({
      count: 1,
      height: 2,
      width: 2,
      channels: 1,
      pixels: Uint8Array.of(10, 20, 30, 40),
    });
    expect(decodeIdxLabels(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 4, 0), 'f', 5)).toEqual(Uint8Array.of(4, 0));
  });

  it('reads and writes images with channels as rank 4', () => {
    const colours = { count: 1, height: 1, width: 2, channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const file = encodeIdxImages(colours);
    expect([...file.subarray(0, 20)]).toEqual([0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);
    expect(decodeIdxImages(file, 'f')).toEqual(colours);
  });

  it('gives back any images and labels that it wrote', () => {
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (count, height, width, seed) => {
          const pixels = Uint8Array.from({ length: count * height * width }, (_, index) => seed + index * 31);
          expect(decodeIdxImages(encodeIdxImages({ count, height, width, pixels }), 'f')).toEqual({
            count,
            height,
            width,
            channels: 1,
            pixels,
          });
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (values) => {
        expect(decodeIdxLabels(encodeIdxLabels(values), 'f', 256)).toEqual(values);
      }),
    );
  });

  it.each([
    ['idx.too-short', 'has 3 bytes', () => decodeIdxImages(images.subarray(0, 3), 'f.idx')],
    ['idx.too-short', 'fewer than the 16', () => decodeIdxImages(images.subarray(0, 15), 'f.idx')],
    [
      'idx.wrong-magic',
      'should be 0x00000803 but is 0x1f000803',
      () => decodeIdxImages(withByte(images, 0, 0x1f), 'f.idx'),
    ],
    ['idx.too-short', 'has 0 bytes', () => decodeIdxImages(new Uint8Array(0), 'f.idx')],
    ['idx.too-short', 'has 7 bytes', () => decodeIdxLabels(labels.subarray(0, 7), 'f.idx', 10)],
    ['idx.packed', 'once more than it should be', () => decodeIdxImages(gzipSync(images), 'f.idx')],
    [
      'idx.little-endian',
      'should be 0x00000803 but is 0x03080000',
      () => decodeIdxImages(Uint8Array.of(3, 8, 0, 0, ...images.subarray(4)), 'f.idx'),
    ],
    ['idx.zero-dimension', '2 x 0 x 3', () => decodeIdxImages(withByte(images, 11, 0), 'f.idx')],
    ['idx.zero-dimension', '0 x 2 x 0', () => decodeIdxImages(emptyImages, 'f.idx')],
    ['idx.wrong-type', 'but holds type 0x0d', () => decodeIdxImages(withByte(images, 2, 0x0d), 'f.idx')],
    [
      'idx.wrong-rank',
      'but has rank 1 (magic number 0x00000801): it holds labels, not images',
      () => decodeIdxImages(labels, 'f.idx'),
    ],
    [
      'idx.wrong-rank',
      'but has rank 3 (magic number 0x00000803): it holds images, not labels',
      () => decodeIdxLabels(images, 'f.idx', 10),
    ],
    ['idx.wrong-length', 'should have 28 bytes', () => decodeIdxImages(images.subarray(0, 27), 'f.idx')],
    ['idx.wrong-length', 'should have 40 bytes', () => decodeIdxImages(withByte(images, 7, 4), 'f.idx')],
    [
      'idx.wrong-length',
      'but has 12',
      () => decodeIdxLabels(Buffer.concat([labels, Buffer.alloc(1)]), 'f.idx', 10),
    ],
    ['idx.label-out-of-range', 'from 0 to 8 but label 1 is 9', () => decodeIdxLabels(labels, 'f.idx', 9)],
  ])('refuses with %s, naming the file, what was expected and what was found: %s', (code, part, read) => {
    expect(failure(read)).toMatchObject({ code, message: expect.stringContaining(part) as string });
    expect(failure(read)).toMatchObject({ message: expect.stringContaining('"f.idx"') as string });
  });

  it('refuses a header that claims more than any memory, without setting it aside', () => {
    const huge = images.slice();
    huge.fill(0xff, 4, 16);
    expect(failure(() => decodeIdxImages(huge, 'f'))).toMatchObject({ code: 'idx.too-large' });
  });
});
