import { parseColour, type Colour } from '../matrix/colourScale.ts';

/** What stands for numbers above and below 0. */
export interface SignedColours {
  above: Colour;
  below: Colour;
}

/** The theme's two colours that everybody can tell apart, from app.css. */
export function readSignedColours(): SignedColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): Colour => parseColour(style.getPropertyValue(name));
  return { above: read('--validation'), below: read('--train') };
}

/**
 * Numbers as pixels to lay over an image, RGBA bytes: the colour says the sign and the opacity the size, in proportion to
 * the largest; clear where all are 0.
 */
export function signedPixels(
  values: ArrayLike<number>,
  { above, below }: SignedColours,
): Uint8ClampedArray<ArrayBuffer> {
  let largest = 0;
  for (let place = 0; place < values.length; place += 1)
    largest = Math.max(largest, Math.abs(values[place]!));
  const pixels = new Uint8ClampedArray(4 * values.length);
  if (largest === 0) return pixels;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place]!;
    const colour = value > 0 ? above : below;
    colour.forEach((part, channel) => (pixels[4 * place + channel] = 255 * part));
    pixels[4 * place + 3] = (255 * Math.abs(value)) / largest;
  }
  return pixels;
}
