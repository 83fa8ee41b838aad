import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../../src-shared/preprocessing/imageHeader.ts';

const png = encode({ width: 3, height: 2, channels: 1, depth: 8, data: new Uint8Array(6) });
const deep = encode({ width: 3, height: 2, channels: 1, depth: 16, data: new Uint16Array(6) });

/** A chunk without a right checksum: nobody looks at it here. */
const chunk = (type: string, content: number[]): number[] => [
  ...[0, 0, 0, content.length],
  ...Buffer.from(type),
  ...content,
  ...[0, 0, 0, 0],
];
/** The PNG with a chunk after its header, as animated ones have. */
const animated = Uint8Array.from([
  ...png.subarray(0, 33),
  ...chunk('acTL', new Array(8).fill(0) as number[]),
  ...png.subarray(33),
]);

function withSize(width: number, height: number): Uint8Array {
  const changed = Uint8Array.from(png);
  new DataView(changed.buffer).setUint32(16, width);
  new DataView(changed.buffer).setUint32(20, height);
  return changed;
}

const segment = (marker: number, content: number[]): number[] => [
  0xff,
  marker,
  (content.length + 2) >>> 8,
  (content.length + 2) & 255,
  ...content,
];
interface JpegParts {
  width?: number;
  height?: number;
  components?: number;
  startOfFrame?: number;
  end?: number[];
}
/** The segments of a JPEG file without what they compress; its thumbnail has an end of its own. */
const jpeg = ({
  width = 300,
  height = 200,
  components = 3,
  startOfFrame = 0xc0,
  end = [0xff, 0xd9],
}: JpegParts = {}): Uint8Array =>
  Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xe1, [...Buffer.from('Exif'), 0xff, 0xd8, 0xff, 0xd9]),
    ...segment(0xc4, [1, 2, 3]),
    ...segment(startOfFrame, [8, height >>> 8, height & 255, width >>> 8, width & 255, components, 0, 0]),
    ...segment(0xda, [1, 2, 3]),
    ...[5, 6, 7],
    ...end,
  ]);

const codeOf = (bytes: Uint8Array): string => {
  try {
    readImageHeader(bytes, 'cat.png');
    return 'read';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(message).toContain('“cat.png”');
    return code;
  }
};

describe('the header of an image file', () => {
  it('says size, depth and kind of a PNG', () => {
    const plain = { format: 'PNG', width: 3, height: 2, depth: 8, isAnimated: false, isCmyk: false };
    expect(readImageHeader(png, 'a.png')).toEqual(plain);
    expect(readImageHeader(deep, 'a.png')).toEqual({ ...plain, depth: 16 });
    expect(readImageHeader(animated, 'a.png')).toEqual({ ...plain, isAnimated: true });
  });

  it('says size and colours of a JPEG, progressive or not', () => {
    const plain = { format: 'JPEG', width: 300, height: 200, depth: 8, isAnimated: false, isCmyk: false };
    expect(readImageHeader(jpeg(), 'a.jpg')).toEqual(plain);
    expect(readImageHeader(jpeg({ startOfFrame: 0xc2 }), 'a.jpg')).toEqual(plain);
    expect(readImageHeader(jpeg({ components: 4 }), 'a.jpg')).toEqual({ ...plain, isCmyk: true });
  });

  it('refuses what claims more pixels than there is memory for, before anything is decoded', () => {
    expect(codeOf(withSize(60_000, 60_000))).toBe('image.too-large');
    expect(codeOf(withSize(60_000, 60_000).subarray(0, 33))).toBe('image.too-large');
    expect(codeOf(withSize(0xffffffff, 0xffffffff))).toBe('image.too-large');
    expect(codeOf(jpeg({ width: 60_000, height: 60_000 }))).toBe('image.too-large');
    expect(codeOf(withSize(0, 5))).toBe('image.corrupt');
  });

  it('tells an empty file, one that is cut off anywhere, and one that is damaged', () => {
    expect(codeOf(new Uint8Array())).toBe('image.empty');
    for (const file of [png, jpeg()]) {
      for (let length = 12; length < file.length - 1; length += 1) {
        expect(codeOf(file.subarray(0, length))).toBe('image.cut-off');
      }
    }
    expect(codeOf(jpeg({ end: [] }))).toBe('image.cut-off');
    expect(codeOf(Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4))).toBe('image.corrupt');
  });

  it('names what else the file is', () => {
    const files: Record<string, string> = {
      'a GIF': 'GIF89a……',
      'a WebP': 'RIFF0000WEBPVP8 ',
      'a BMP': 'BM000000',
      'an SVG drawing': '<?xml version="1.0"?>\n<svg xmlns="…">',
      'a PDF': '%PDF-1.7',
    };
    for (const [name, text] of Object.entries(files)) {
      expect(() => readImageHeader(Buffer.from(text), 'cat.png')).toThrow(`“cat.png” is ${name};`);
    }
    expect(codeOf(Buffer.from('hello, this is text'))).toBe('image.not-image');
  });
});
