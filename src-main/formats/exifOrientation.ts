// How a camera was held, from the EXIF data of a JPEG file (CIPA DC-008, "Exif 2.32", tag 0x0112).
import type { Raster } from '../../src-shared/preprocessing/raster.ts';

const orientationTag = 0x0112;
const exifMarker = 0xe1;
const scanMarker = 0xda;
const entryBytes = 12;

/** The orientation that TIFF data states; 1 where it states none. */
function readTiff(view: DataView): number {
  const isLittleEndian = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittleEndian);
  const count = view.getUint16(directory, isLittleEndian);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * entryBytes;
    if (view.getUint16(at, isLittleEndian) === orientationTag) return view.getUint16(at + 8, isLittleEndian);
  }
  return 1;
}

/** 1 to 8 as EXIF numbers them; 1, upright, where the file says nothing that can be read. */
export function exifOrientation(jpeg: Uint8Array): number {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  try {
    for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== scanMarker;) {
      const length = view.getUint16(at + 2);
      const isExif = view.getUint8(at + 1) === exifMarker && view.getUint32(at + 4) === 0x45786966;
      if (isExif) {
        const orientation = readTiff(new DataView(jpeg.buffer, jpeg.byteOffset + at + 10, length - 8));
        return orientation >= 1 && orientation <= 8 ? orientation : 1;
      }
      at += 2 + length;
    }
  } catch (error) {
    // EXIF data that points outside of itself says nothing.
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/** The image upright. */
export function turnUpright(image: Raster, orientation: number): Raster {
  if (orientation === 1) return image;
  const { height, width, channels, pixels } = image;
  // From 5 on rows and columns are exchanged.
  const isTransposed = orientation >= 5;
  const [newHeight, newWidth] = isTransposed ? [width, height] : [height, width];
  const isMirroredX = [2, 3, 6, 7].includes(orientation);
  const isMirroredY = [3, 4, 7, 8].includes(orientation);
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < newHeight; y += 1) {
    for (let x = 0; x < newWidth; x += 1) {
      const fromX = isMirroredX ? newWidth - 1 - x : x;
      const fromY = isMirroredY ? newHeight - 1 - y : y;
      const from = (isTransposed ? fromX * width + fromY : fromY * width + fromX) * channels;
      turned.set(pixels.subarray(from, from + channels), (y * newWidth + x) * channels);
    }
  }
  return { height: newHeight, width: newWidth, channels, pixels: turned };
}
