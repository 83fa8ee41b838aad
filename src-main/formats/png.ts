// PNG files as grey bytes, for predicting an image of a person's own.
import { decode, type DecodedPng } from 'fast-png';
import { WeftError } from '../../src-shared/failure.ts';

/** `pixels` is `(height, width)`, 0 black to 255 white. */
export interface GreyImage {
  height: number;
  width: number;
  pixels: Uint8Array;
}

/** What shows through where the image is transparent. */
export type Background = 'black' | 'white';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, then the IHDR chunk: length, type, width, height, bit depth, colour type, compression, filter, interlace. */
const widthOffset = 16;
const heightOffset = 20;
const depthOffset = 24;
const interlaceOffset = 28;
const headerEnd = 29;
/** Larger images are refused before any memory is set aside for them. */
const pixelLimit = 50_000_000;

/** Brightness of a colour, ITU-R BT.601: what most tools take for grey. */
const luma = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue;

const remedy = 'Save the image again as a PNG file.';
const refuse = (what: string, fileName: string, message: string, cause?: unknown): WeftError =>
  new WeftError(`png.${what}`, `"${fileName}" ${message}.`, remedy, { cause });

function checkHeader(bytes: Uint8Array, fileName: string): void {
  if (!signature.every((byte, index) => bytes[index] === byte)) {
    throw refuse('not-png', fileName, 'is not a PNG file: it begins with other bytes');
  }
  if (bytes.byteLength < headerEnd)
    throw refuse('corrupt', fileName, 'is cut off: it ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint32(widthOffset);
  const height = view.getUint32(heightOffset);
  if (width === 0 || height === 0)
    throw refuse('corrupt', fileName, `claims a size of ${width} x ${height} pixels`);
  if (width * height > pixelLimit) {
    throw refuse('too-large', fileName, `has ${width} x ${height} pixels; at most ${pixelLimit} are read`);
  }
  if (bytes[interlaceOffset] !== 0 && view.getUint8(depthOffset) < 8) {
    throw refuse(
      'unsupported',
      fileName,
      'is interlaced with less than 8 bits a value, which Weft does not read',
    );
  }
}

/** Values of less than a byte are packed, the first in the highest bits, each row in bytes of its own. */
function unpackValues({ data, width, height, channels, depth }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const valuesPerRow = width * channels;
  const bytesPerRow = Math.ceil((valuesPerRow * depth) / 8);
  const mask = (1 << depth) - 1;
  const values = new Uint8Array(valuesPerRow * height);
  for (let row = 0; row < height; row += 1) {
    for (let index = 0; index < valuesPerRow; index += 1) {
      const bit = index * depth;
      const byte = data[row * bytesPerRow + (bit >>> 3)]!;
      values[row * valuesPerRow + index] = (byte >>> (8 - depth - (bit & 7))) & mask;
    }
  }
  return values;
}

/** Grey and opacity of one pixel, both 0 to 1. */
type PixelReader = (pixel: number) => readonly [grey: number, opacity: number];

function pixelReader(png: DecodedPng, fileName: string): PixelReader {
  const values = unpackValues(png);
  const { channels, palette, transparency } = png;
  if (palette !== undefined && channels === 1) {
    return (pixel) => {
      const colour = palette[values[pixel]!];
      if (colour === undefined) throw refuse('corrupt', fileName, 'uses a colour that its palette lacks');
      const [red = 0, green = 0, blue = 0, opacity = 255] = colour;
      return [luma(red, green, blue) / 255, opacity / 255];
    };
  }
  const white = 2 ** png.depth - 1;
  const colours = channels >= 3 ? 3 : 1;
  const hasOpacity = channels === 2 || channels === 4;
  return (pixel) => {
    const start = pixel * channels;
    const first = values[start]!;
    const grey = colours === 1 ? first : luma(first, values[start + 1]!, values[start + 2]!);
    if (hasOpacity) return [grey / white, values[start + colours]! / white];
    const isClear =
      transparency?.length === colours &&
      transparency.every((value, index) => value === values[start + index]);
    return [grey / white, isClear ? 0 : 1];
  };
}

/**
 * Reads a PNG of any colour type and depth as grey bytes; transparent parts show the background. `fileName` is for the
 * errors: `png.not-png`, `png.corrupt`, `png.too-large`, `png.unsupported`.
 */
export function decodePng(bytes: Uint8Array, fileName: string, background: Background = 'black'): GreyImage {
  checkHeader(bytes, fileName);
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse('corrupt', fileName, `is damaged: ${reason}`, error);
  }
  const { width, height } = png;
  const read = pixelReader(png, fileName);
  const behind = background === 'white' ? 1 : 0;
  const pixels = new Uint8Array(width * height);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const [grey, opacity] = read(pixel);
    pixels[pixel] = Math.round(255 * (opacity * grey + (1 - opacity) * behind));
  }
  return { height, width, pixels };
}
