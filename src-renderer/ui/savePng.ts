import { toImageData } from './pixels.ts';
import { saveBytes } from './saveBytes.ts';

/** Hands an image, one byte a value, to the person as a PNG file. Throws where the browser can't make one. */
export async function savePng(
  fileName: string,
  {
    pixels,
    height,
    width,
    channels,
  }: { pixels: Uint8Array; height: number; width: number; channels: number },
): Promise<void> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(toImageData(pixels, height, width, channels), 0, 0);
  const file = await canvas.convertToBlob({ type: 'image/png' });
  saveBytes(fileName, new Uint8Array(await file.arrayBuffer()), 'image/png');
}
