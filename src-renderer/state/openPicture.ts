// Image files of a person's own, and images of datasets, onto the drawing pad.
import { WeftError } from '../../src-shared/failure.ts';
import { readImageHeader, type ImageHeader } from '../../src-shared/preprocessing/imageHeader.ts';
import { flattenRgba, type Raster } from '../../src-shared/preprocessing/raster.ts';
import { limitPixels } from '../../src-shared/preprocessing/resize.ts';
import { navigation } from './navigation.svelte.ts';
import { pad } from './pad.svelte.ts';

/** For the dialog that chooses a file. */
export const pictureTypes = '.png,.jpg,.jpeg,image/png,image/jpeg';
const endings = /\.(png|jpe?g|gif|webp|bmp|avif|heic|tiff?)$/i;
const fileLimitBytes = 64 * 1024 * 1024;

/** Whether the file is meant as an image, even one of a kind that can't be opened: the refusal then says so. */
export const isPictureFile = (file: File): boolean =>
  file.type.startsWith('image/') || endings.test(file.name);

/** The pixels of a file whose header was read. Throws `image.corrupt`. */
async function decode(file: File): Promise<Raster> {
  try {
    // As the bytes say: neither a colour profile nor the opacity may change the numbers.
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
    const { height, width } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const data = context?.getImageData(0, 0, width, height).data;
    if (data === undefined) throw new Error('There is no memory for its pixels.');
    return flattenRgba(data, height, width);
  } catch (error) {
    throw new WeftError(
      'image.corrupt',
      `“${file.name}” is damaged: its pixels can't be read.`,
      'Save the image again as a PNG or JPEG file.',
      { cause: error },
    );
  }
}

function notesOn(header: ImageHeader, decoded: Raster, taken: Raster): string[] {
  const notes = [`${header.format}, ${decoded.width} × ${decoded.height} pixels`];
  if (taken !== decoded) notes.push(`made smaller: ${taken.width} × ${taken.height}`);
  if (header.depth > 8) notes.push(`${header.depth} bits a channel, read as 8`);
  if (header.isAnimated) notes.push('animated: only its first picture is taken');
  if (header.isCmyk) notes.push('its CMYK colours are read as RGB');
  return notes;
}

/**
 * Puts an image file on the pad and shows it. What is on the pad stays where it can't be opened: throws the errors of
 * `readImageHeader`, `image.file-too-large` and `image.corrupt`.
 */
export async function openPicture(file: File): Promise<void> {
  if (file.size > fileLimitBytes) {
    throw new WeftError(
      'image.file-too-large',
      `“${file.name}” is larger than ${fileLimitBytes / 2 ** 20} MiB.`,
      'Save a smaller version of it.',
    );
  }
  const header = readImageHeader(new Uint8Array(await file.arrayBuffer()), file.name);
  const decoded = await decode(file);
  const raster = limitPixels(decoded);
  pad.show({ raster, name: file.name, notes: notesOn(header, decoded, raster), className: null });
  navigation.open('try');
}

/** Puts an image of a dataset on the pad and shows it. */
export function tryImage(raster: Raster, name: string, className: string): void {
  pad.show({ raster, name, notes: [], className });
  navigation.open('try');
}
