import { encode } from 'fast-png';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src-main/formats/decodeImage.ts';

/** CRC-32 as the PNG specification defines it, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

interface RawPng {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  interlace?: number;
  /** Each row as its packed bytes, without the filter byte. */
  rows: number[][];
  palette?: number[];
  transparency?: number[];
}

/** A PNG put together by hand, for the kinds that encoders don't write. */
function makePng({
  width,
  height,
  depth,
  colourType,
  interlace = 0,
  rows,
  palette,
  transparency,
}: RawPng): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', Uint8Array.from(palette))]),
    ...(transparency === undefined ? [] : [chunk('tRNS', Uint8Array.from(transparency))]),
    chunk('IDAT', deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

const pixelsOf = (bytes: Uint8Array): number[] => [...decodeImage(bytes, 'f.png').pixels];

const grey = (width: number, height: number, values: number[]): Uint8Array =>
  encode({ width, height, channels: 1, depth: 8, data: Uint8Array.from(values) });

describe('a PNG', () => {
  it('reads 8-bit grey as it is', () => {
    expect(decodeImage(grey(3, 2, [0, 50, 100, 150, 200, 255]), 'f.png')).toEqual({
      height: 2,
      width: 3,
      channels: 1,
      pixels: Uint8Array.of(0, 50, 100, 150, 200, 255),
    });
  });

  it('reads colours as they are', () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
    expect(pixelsOf(encode({ width: 4, height: 1, channels: 3, depth: 8, data }))).toEqual([...data]);
  });

  it('reads 16-bit values as their upper bytes', () => {
    const data = Uint16Array.of(0, 0x8000, 0xffff, 0x0180);
    expect(pixelsOf(encode({ width: 4, height: 1, channels: 1, depth: 16, data }))).toEqual([0, 128, 255, 1]);
  });

  it('shows black behind bright transparent pixels and white behind dark ones', () => {
    const dark = Uint8Array.of(100, 255, 100, 0, 100, 51);
    expect(pixelsOf(encode({ width: 3, height: 1, channels: 2, depth: 8, data: dark }))).toEqual([
      100, 255, 224,
    ]);
    const bright = Uint8Array.of(200, 200, 200, 51);
    expect(pixelsOf(encode({ width: 1, height: 1, channels: 4, depth: 8, data: bright }))).toEqual([40]);
  });

  it('reads values of one, two and four bits, whose rows end within a byte', () => {
    expect(
      pixelsOf(makePng({ width: 3, height: 2, depth: 1, colourType: 0, rows: [[0b10100000], [0b01000000]] })),
    ).toEqual([255, 0, 255, 0, 255, 0]);
    expect(
      pixelsOf(makePng({ width: 5, height: 1, depth: 2, colourType: 0, rows: [[0b00011011, 0b01000000]] })),
    ).toEqual([0, 85, 170, 255, 85]);
    expect(pixelsOf(makePng({ width: 3, height: 1, depth: 4, colourType: 0, rows: [[0x0f, 0x10]] }))).toEqual(
      [0, 255, 17],
    );
  });

  it('reads palettes, packed and transparent ones as well', () => {
    const palette = [0, 0, 0, 255, 255, 255, 255, 0, 0];
    const png: RawPng = { width: 3, height: 1, depth: 2, colourType: 3, rows: [[0b00011000]], palette };
    expect(pixelsOf(makePng(png))).toEqual([0, 0, 0, 255, 255, 255, 255, 0, 0]);
    // What is opaque is brighter than half, so black lies behind it.
    expect(pixelsOf(makePng({ ...png, transparency: [0, 128] }))).toEqual([
      0, 0, 0, 128, 128, 128, 255, 0, 0,
    ]);
    expect(pixelsOf(makePng({ ...png, transparency: [0] }))).toEqual([0, 0, 0, 255, 255, 255, 255, 0, 0]);
  });

  it('reads colours beside which a palette is suggested', () => {
    const png = makePng({
      width: 1,
      height: 1,
      depth: 8,
      colourType: 2,
      rows: [[1, 2, 3]],
      palette: [9, 9, 9],
    });
    expect(pixelsOf(png)).toEqual([1, 2, 3]);
  });

  it('takes the one colour that is marked transparent for clear', () => {
    const png: RawPng = {
      width: 2,
      height: 1,
      depth: 8,
      colourType: 0,
      rows: [[7, 8]],
      transparency: [0, 7],
    };
    expect(pixelsOf(makePng(png))).toEqual([255, 8]);
  });

  it.each<[string, string, Uint8Array]>([
    ['image.not-image', 'a text', Buffer.from('hello')],
    ['image.empty', 'nothing', new Uint8Array(0)],
    ['image.cut-off', 'a file cut in its header', grey(2, 2, [1, 2, 3, 4]).subarray(0, 20)],
    ['image.cut-off', 'a file cut in its data', grey(2, 2, [1, 2, 3, 4]).subarray(0, 45)],
    [
      'image.corrupt',
      'a changed byte',
      grey(2, 2, [1, 2, 3, 4]).map((byte, index) => (index === 45 ? byte ^ 1 : byte)),
    ],
    [
      'image.corrupt',
      'rows that are missing',
      makePng({ width: 2, height: 3, depth: 8, colourType: 0, rows: [[1, 2]] }),
    ],
    [
      'image.corrupt',
      'a size of nothing',
      makePng({ width: 0, height: 1, depth: 8, colourType: 0, rows: [[]] }),
    ],
    [
      'image.corrupt',
      'a colour outside the palette',
      makePng({ width: 1, height: 1, depth: 8, colourType: 3, rows: [[3]], palette: [0, 0, 0] }),
    ],
    [
      'image.too-large',
      'a size beyond memory',
      makePng({ width: 2 ** 31, height: 2 ** 31, depth: 8, colourType: 0, rows: [[1]] }),
    ],
    [
      'image.unsupported',
      'interlaced bits',
      makePng({ width: 1, height: 1, depth: 1, colourType: 0, interlace: 1, rows: [[1]] }),
    ],
  ])('refuses with %s: %s', (code, _fault, bytes) => {
    expect(() => decodeImage(bytes, 'f.png')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('“f.png”') as string }) as Error,
    );
  });
});
