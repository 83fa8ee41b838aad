import { encode as encodePng, type ImageData as PngImage } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src-main/formats/decodeImage.ts';
import goldens from './jpegGoldens.json' with { type: 'json' };

const png = (data: number[], rest: Partial<PngImage>): Uint8Array =>
  encodePng({ width: 2, height: 1, depth: 8, channels: 1, data: Uint8Array.from(data), ...rest });
const pixelsOf = (bytes: Uint8Array): number[] => [...decodeImage(bytes, 'f').pixels];

/** JPEG changes values a little; on even areas by no more than this. */
const jpegTolerance = 3;

/** A JPEG of two even halves, 16 x 8 pixels: the left one dark, the right one bright. */
function halvesJpeg(orientation?: number): Uint8Array {
  const data = new Uint8Array(16 * 8 * 4).map((_value, place) =>
    place % 4 === 3 ? 255 : Math.floor(place / 4) % 16 < 8 ? 40 : 200,
  );
  const plain = encodeJpeg({ width: 16, height: 8, data }, 95).data;
  if (orientation === undefined) return plain;
  // Marker, length, "Exif", then little-endian TIFF data with one entry: 0x0112, short, one value.
  const exif = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 42, 0, 8, 0, 0, 0];
  const entry = [1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
  return Uint8Array.of(...plain.subarray(0, 2), ...exif, ...entry, ...plain.subarray(2));
}

describe('decoding an image', () => {
  it.each<[string, Uint8Array, number[]]>([
    ['grey', png([0, 200], {}), [0, 200]],
    ['grey with opacity', png([100, 255, 200, 0], { channels: 2 }), [100, 255]],
    ['colours', png([1, 2, 3, 250, 251, 252], { channels: 3 }), [1, 2, 3, 250, 251, 252]],
    ['colours that are all grey', png([7, 7, 7, 9, 9, 9], { channels: 3 }), [7, 9]],
    [
      '16 bits',
      encodePng({ width: 2, height: 1, depth: 16, channels: 1, data: Uint16Array.of(0x1234, 0xff00) }),
      [0x12, 0xff],
    ],
  ])('gives the pixels of a PNG in %s', (_kind, bytes, expected) => {
    // Grey with opacity: bright ink lies on black, dark ink on white; here the clear pixel shows white beside dark ink.
    expect(pixelsOf(bytes)).toEqual(expected);
  });

  it('gives the pixels of a JPEG, turned upright as its EXIF data says', () => {
    const plain = decodeImage(halvesJpeg(), 'f');
    expect(plain).toMatchObject({ width: 16, height: 8, channels: 1 });
    const corner = (orientation: number, x: number, y: number): number => {
      const { pixels, width } = decodeImage(halvesJpeg(orientation), 'f');
      return pixels[y * width + x]!;
    };
    expect(decodeImage(halvesJpeg(6), 'f')).toMatchObject({ width: 8, height: 16 });
    // Upright, turned by half, mirrored along the diagonal, a quarter to the right, a quarter to the left.
    const expected: [number, number, number, number][] = [
      [1, 1, 1, 40],
      [2, 1, 1, 200],
      [3, 1, 1, 200],
      [5, 1, 1, 40],
      [6, 1, 1, 40],
      [8, 1, 1, 200],
      [8, 1, 14, 40],
    ];
    for (const [orientation, x, y, value] of expected) {
      expect(Math.abs(corner(orientation, x, y) - value), `orientation ${orientation}`).toBeLessThan(
        jpegTolerance,
      );
    }
  });

  const whole = png([0, 200], {});
  it.each<[string, Uint8Array]>([
    ['image.empty', new Uint8Array(0)],
    ['image.not-image', new TextEncoder().encode('not an image at all')],
    ['image.other-format', new TextEncoder().encode('GIF89a..........')],
    ['image.cut-off', whole.subarray(0, -3)],
    ['image.cut-off', halvesJpeg().subarray(0, 200)],
    ['image.corrupt', whole.map((byte, place) => (place === whole.length - 18 ? byte ^ 1 : byte))],
    // A header that claims 60,000 x 60,000 pixels.
    [
      'image.too-large',
      whole.map((byte, place) => [...whole.slice(0, 16), 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60][place] ?? byte),
    ],
  ])('refuses with %s and the name of the file', (code, bytes) => {
    expect(() => decodeImage(bytes, 'photo.png')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('photo.png') as string }),
    );
  });
});

/** Rounding of another inverse transform, and colours of half the resolution that are enlarged in another way. */
const decoderTolerance = 6;

describe('a JPEG that another program wrote', () => {
  it.each(goldens)('$kind has the colours that libjpeg gives it', ({ file, middles }) => {
    const { pixels, width, height, channels } = decodeImage(Buffer.from(file, 'base64'), 'photo.jpg');
    expect({ width, height, channels }).toEqual({ width: 16, height: 16, channels: 3 });
    const places = [4, 12].flatMap((y) => [4, 12].map((x) => (y * width + x) * channels));
    places.forEach((start, index) =>
      middles[index]!.forEach((value, channel) =>
        expect(Math.abs(pixels[start + channel]! - value)).toBeLessThanOrEqual(decoderTolerance),
      ),
    );
  });

  it('with twelve bits a value is refused, not shown wrongly', () => {
    const file = Uint8Array.from(Buffer.from(goldens[0]!.file, 'base64'));
    // The frame's marker (progressive), its length, then the bits a value.
    const frame = file.findIndex((byte, at) => byte === 0xff && file[at + 1] === 0xc2);
    file[frame + 4] = 12;
    expect(() => decodeImage(file, 'photo.jpg')).toThrow(
      expect.objectContaining({
        code: 'image.unsupported',
        message: expect.stringContaining('photo.jpg') as string,
      }) as Error,
    );
  });
});
