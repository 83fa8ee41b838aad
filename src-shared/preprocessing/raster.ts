// An image as bytes, of any size: what a person draws, opens or takes out of a dataset.

/** `pixels` is `(height, width, channels)`, 0 black to 255 white; one channel is grey, three are red, green and blue. */
export interface Raster {
  height: number;
  width: number;
  channels: number;
  pixels: Uint8Array;
}

/** Brightness of a colour, ITU-R BT.601: what most tools take for grey. */
export const luma = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** The image in one channel; a grey one as it is. */
export function toGrey({ height, width, channels, pixels }: Raster): Raster {
  if (channels === 1) return { height, width, channels, pixels };
  const grey = new Uint8Array(height * width);
  for (let pixel = 0; pixel < grey.length; pixel += 1) {
    const start = pixel * channels;
    grey[pixel] = Math.round(luma(pixels[start]!, pixels[start + 1]!, pixels[start + 2]!));
  }
  return { height, width, channels: 1, pixels: grey };
}

/** A grey image in as many equal channels; any other as it is. */
export function inChannels(image: Raster, channels: number): Raster {
  if (image.channels === channels) return image;
  const { height, width, pixels } = toGrey(image);
  const spread = new Uint8Array(pixels.length * channels);
  pixels.forEach((value, pixel) => spread.fill(value, pixel * channels, (pixel + 1) * channels));
  return { height, width, channels, pixels: spread };
}

/** Whether every pixel of an RGBA image has three equal colours. */
function isGrey(rgba: ArrayLike<number>): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) return false;
  }
  return true;
}

/** What shows through where the image is transparent: the opposite of what is drawn on it, black where nothing is transparent. */
function backgroundOf(rgba: ArrayLike<number>): number {
  let brightness = 0;
  let opacity = 0;
  let hasClear = false;
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3]!;
    hasClear ||= alpha < 255;
    brightness += alpha * luma(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!);
    opacity += alpha;
  }
  return hasClear && opacity > 0 && brightness / opacity < 128 ? 255 : 0;
}

/**
 * RGBA bytes `(height, width, 4)`, their colours not multiplied by the opacity, as an image without transparency: dark
 * ink on a transparent ground lies on white, all else on black. Grey where every colour is.
 */
export function flattenRgba(rgba: ArrayLike<number>, height: number, width: number): Raster {
  const background = backgroundOf(rgba);
  const channels = isGrey(rgba) ? 1 : 3;
  const pixels = new Uint8Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    const opacity = rgba[pixel * 4 + 3]! / 255;
    for (let channel = 0; channel < channels; channel += 1) {
      const value = opacity * rgba[pixel * 4 + channel]! + (1 - opacity) * background;
      pixels[pixel * channels + channel] = Math.round(value);
    }
  }
  return { height, width, channels, pixels };
}
