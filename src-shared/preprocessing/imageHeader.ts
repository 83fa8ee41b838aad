// What the first bytes of a PNG or JPEG file say, so that a file is refused before memory is set aside for its pixels.
import { WeftError } from '../failure.ts';

/** Larger images are refused: decoding takes four bytes a pixel. */
export const decodedPixelLimit = 50_000_000;

export interface ImageHeader {
  format: 'PNG' | 'JPEG';
  width: number;
  height: number;
  /** Bits a channel. */
  depth: number;
  isAnimated: boolean;
  /** Whether its colours are cyan, magenta, yellow and black. */
  isCmyk: boolean;
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const textOf = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

/** Other kinds of files that people take for images that can be read, and how they begin. */
const otherFormats: readonly { name: string; begins: (bytes: Uint8Array) => boolean }[] = [
  { name: 'a GIF', begins: (bytes) => textOf(bytes, 0, 4) === 'GIF8' },
  { name: 'a WebP', begins: (bytes) => textOf(bytes, 0, 4) === 'RIFF' && textOf(bytes, 8, 4) === 'WEBP' },
  { name: 'a BMP', begins: (bytes) => textOf(bytes, 0, 2) === 'BM' },
  { name: 'a TIFF', begins: (bytes) => ['II*\0', 'MM\0*'].includes(textOf(bytes, 0, 4)) },
  { name: 'an AVIF', begins: (bytes) => textOf(bytes, 4, 8) === 'ftypavif' },
  { name: 'a HEIC', begins: (bytes) => /^ftyp(hei|hev|mif)/.test(textOf(bytes, 4, 8)) },
  { name: 'an SVG drawing', begins: (bytes) => /^\s*(<\?xml[^]*)?<svg/.test(textOf(bytes, 0, 512)) },
  { name: 'a PDF', begins: (bytes) => textOf(bytes, 0, 5) === '%PDF-' },
];

const remedy = 'Save the image again as a PNG or JPEG file.';
const refuse = (what: string, fileName: string, message: string): WeftError =>
  new WeftError(`image.${what}`, `“${fileName}” ${message}.`, remedy);
const cutOff = (fileName: string): WeftError =>
  refuse('cut-off', fileName, 'is cut off: it ends before the image does');

/** Throws `image.corrupt` and `image.too-large`. */
function checkSize(width: number, height: number, fileName: string): void {
  if (width === 0 || height === 0) {
    throw refuse('corrupt', fileName, `is damaged: it claims a size of ${width} × ${height} pixels`);
  }
  if (width * height > decodedPixelLimit) {
    throw new WeftError(
      'image.too-large',
      `“${fileName}” claims ${width} × ${height} pixels; Weft opens images of at most ${decodedPixelLimit / 1e6} million.`,
      'Save a smaller version of it.',
    );
  }
}

/** Chunks are length, type, content and checksum; the last is IEND. Throws `image.cut-off`. */
function readPng(bytes: Uint8Array, fileName: string): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 33) throw cutOff(fileName);
  if (textOf(bytes, 12, 4) !== 'IHDR') throw refuse('corrupt', fileName, 'is damaged: its header is missing');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  checkSize(width, height, fileName);
  let isAnimated = false;
  let at = pngSignature.length;
  for (;;) {
    if (at + 12 > bytes.byteLength) throw cutOff(fileName);
    const type = textOf(bytes, at + 4, 4);
    isAnimated ||= type === 'acTL';
    at += 12 + view.getUint32(at);
    if (at > bytes.byteLength) throw cutOff(fileName);
    if (type === 'IEND') break;
  }
  return {
    format: 'PNG',
    width,
    height,
    depth: view.getUint8(24),
    isAnimated,
    isCmyk: false,
  };
}

/** Start of frame: every kind of compression but the markers of tables (C4, C8, CC) among them. */
const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without content. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Whether the marker for the end of the image comes after `start`. */
function hasEnd(bytes: Uint8Array, start: number): boolean {
  for (let at = bytes.byteLength - 2; at >= start; at -= 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  }
  return false;
}

/** Segments are FF, a marker, a length and content, up to the scan. Throws `image.cut-off` and `image.corrupt`. */
function readJpeg(bytes: Uint8Array, fileName: string): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  let header: ImageHeader | null = null;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (at + 4 > bytes.byteLength) throw cutOff(fileName);
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) throw refuse('corrupt', fileName, `is damaged at byte ${at}`);
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2) throw refuse('corrupt', fileName, `is damaged at byte ${at}`);
    if (at + 2 + length > bytes.byteLength) throw cutOff(fileName);
    if (isStartOfFrame(marker) && length >= 8) {
      const height = view.getUint16(at + 5);
      const width = view.getUint16(at + 7);
      checkSize(width, height, fileName);
      header = {
        format: 'JPEG',
        width,
        height,
        depth: view.getUint8(at + 4),
        isAnimated: false,
        isCmyk: view.getUint8(at + 9) === 4,
      };
    }
    at += 2 + length;
    if (marker === 0xda) break;
  }
  if (header === null) throw refuse('corrupt', fileName, 'is damaged: it does not say how large it is');
  if (!hasEnd(bytes, at)) throw cutOff(fileName);
  return header;
}

/**
 * What the file's header says of the image. `fileName` is for the errors: `image.empty`, `image.not-image`,
 * `image.other-format`, `image.cut-off`, `image.corrupt`, `image.too-large`.
 */
export function readImageHeader(bytes: Uint8Array, fileName: string): ImageHeader {
  if (bytes.byteLength === 0) throw refuse('empty', fileName, 'is empty: it has no bytes');
  if (pngSignature.every((byte, place) => bytes[place] === byte)) return readPng(bytes, fileName);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(bytes, fileName);
  const other = otherFormats.find(({ begins }) => begins(bytes));
  if (other !== undefined) {
    throw refuse('other-format', fileName, `is ${other.name}; Weft opens PNG and JPEG`);
  }
  throw refuse('not-image', fileName, 'is not an image: it begins like neither a PNG nor a JPEG file');
}
