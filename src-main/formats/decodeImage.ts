// PNG and JPEG files as pixels, told apart by their bytes. A JPEG is turned upright as its EXIF data says; of an animated
// PNG the first frame is taken; what is transparent lies on black or white (`flattenRgba`).
import { convertIndexedToRgb, decode as decodePngFile, type DecodedPng } from 'fast-png';
import { decode as decodeJpegFile } from 'jpeg-js';
import { WeftError } from '../../src-shared/failure.ts';
import { readImageHeader } from '../../src-shared/preprocessing/imageHeader.ts';
import { flattenRgba, type Raster } from '../../src-shared/preprocessing/raster.ts';
import { exifOrientation, turnUpright } from './exifOrientation.ts';

/** What decoding one JPEG may take; its pixels are counted before. */
const jpegMemoryMegabytes = 512;
/** Of the byte that says whether a PNG is interlaced, the last of its header. */
const interlaceOffset = 28;

/** A PNG of any colour type and depth as RGBA bytes. */
function rgbaOf(png: DecodedPng): Uint8Array {
  const { width, height, transparency } = png;
  const isIndexed = png.palette !== undefined && png.channels === 1;
  const values: ArrayLike<number> = isIndexed ? convertIndexedToRgb(png) : png.data;
  const channels = isIndexed ? values.length / (width * height) : png.channels;
  const shift = !isIndexed && png.depth === 16 ? 8 : 0;
  const hasColours = channels >= 3;
  const hasOpacity = channels === 2 || channels === 4;
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const from = pixel * channels;
    const to = pixel * 4;
    for (let colour = 0; colour < 3; colour += 1) {
      rgba[to + colour] = values[from + (hasColours ? colour : 0)]! >> shift;
    }
    const isClear =
      !isIndexed &&
      transparency !== undefined &&
      transparency.length === (hasColours ? 3 : 1) &&
      transparency.every((value, colour) => value === values[from + colour]);
    rgba[to + 3] = hasOpacity ? values[from + channels - 1]! >> shift : isClear ? 0 : 255;
  }
  return rgba;
}

/** Grey values of 1, 2 or 4 bits, several a byte, as bytes from 0 to 255. */
function spreadBits(png: DecodedPng): DecodedPng {
  const { depth, width, height, data, palette } = png;
  if (depth >= 8 || palette !== undefined) return png;
  const rowBytes = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  const spread = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bit = x * depth;
      const value = (data[y * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most;
      spread[y * width + x] = Math.round((value * 255) / most);
    }
  }
  const transparency = png.transparency?.map((value) => Math.round((value * 255) / most));
  return { ...png, depth: 8, data: spread, ...(transparency === undefined ? {} : { transparency }) };
}

const unsupported = (fileName: string, message: string): WeftError =>
  new WeftError(
    'image.unsupported',
    `“${fileName}” ${message}.`,
    'Save the image again as a plain PNG or JPEG file.',
  );

function decodeJpeg(bytes: Uint8Array, depth: number, fileName: string): Raster {
  if (depth !== 8) throw unsupported(fileName, `has ${depth} bits a value; JPEG files are read with 8`);
  const { width, height, data } = decodeJpegFile(bytes, {
    useTArray: true,
    formatAsRGBA: true,
    tolerantDecoding: false,
    maxMemoryUsageInMB: jpegMemoryMegabytes,
  });
  return turnUpright(flattenRgba(data, height, width), exifOrientation(bytes));
}

function decodePng(bytes: Uint8Array, depth: number, fileName: string): Raster {
  if (bytes[interlaceOffset] !== 0 && depth < 8) {
    throw unsupported(fileName, 'is interlaced with less than 8 bits a value, which Weft does not read');
  }
  const png = decodePngFile(bytes, { checkCrc: true });
  return flattenRgba(rgbaOf(spreadBits(png)), png.height, png.width);
}

/**
 * The pixels of a PNG or JPEG file, grey where no pixel has a colour. `fileName` is for the errors: those of
 * `readImageHeader`, `image.corrupt` and `image.unsupported`.
 */
export function decodeImage(bytes: Uint8Array, fileName: string): Raster {
  const { format, depth } = readImageHeader(bytes, fileName);
  try {
    return format === 'PNG' ? decodePng(bytes, depth, fileName) : decodeJpeg(bytes, depth, fileName);
  } catch (error) {
    if (error instanceof WeftError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.startsWith('maxMemoryUsageInMB')) {
      throw new WeftError(
        'image.too-large',
        `“${fileName}” takes more than ${jpegMemoryMegabytes} MB to decode.`,
        'Save a smaller version of it.',
        { cause: error },
      );
    }
    throw new WeftError(
      'image.corrupt',
      `“${fileName}” is damaged: ${reason.replace(/\.$/, '')}.`,
      'Save the image again as a PNG or JPEG file.',
      { cause: error },
    );
  }
}
