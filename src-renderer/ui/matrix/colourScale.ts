// A scale of one hue from "nothing" to "everything", the same on screen and in exported pictures, with text that
// stays legible on each of its colours.

/** Red, green, blue, each 0 to 1, as sRGB encodes them. */
export type Colour = readonly [number, number, number];

export interface ColourScale {
  low: Colour;
  high: Colour;
  /** The two colours that text on the scale may have. */
  texts: readonly [Colour, Colour];
}

/** Reads `#rrggbb` and `#rgb`, to which style sheets are shortened; black for anything else. */
export function parseColour(text: string): Colour {
  const hex = text.trim();
  const pattern = hex.length === 4 ? /^#(.)(.)(.)$/ : /^#(..)(..)(..)$/;
  const [red, green, blue] = (pattern.exec(hex) ?? [])
    .slice(1)
    .map((digits) => parseInt(digits.length === 1 ? digits + digits : digits, 16) / 255);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

export function formatColour(colour: Colour): string {
  const [red, green, blue] = colour.map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255));
  return `rgb(${red ?? 0}, ${green ?? 0}, ${blue ?? 0})`;
}

const decode = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const encode = (part: number): number =>
  part <= 0.0031308 ? part * 12.92 : 1.055 * Math.max(0, part) ** (1 / 2.4) - 0.055;

/** sRGB as OKLab (Ottosson, 2020), in which equal steps look equally large. */
function toOklab([red, green, blue]: Colour): Colour {
  const [r, g, b] = [decode(red), decode(green), decode(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Colour): Colour {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The scale's colour at `fraction`, 0 to 1. */
export function colourAt(scale: ColourScale, fraction: number): Colour {
  const from = toOklab(scale.low);
  const to = toOklab(scale.high);
  const mix = (part: 0 | 1 | 2): number => from[part] + (to[part] - from[part]) * fraction;
  return fromOklab([mix(0), mix(1), mix(2)]);
}

/** Relative luminance (WCAG 2.2). */
const luminance = ([red, green, blue]: Colour): number =>
  0.2126 * decode(red) + 0.7152 * decode(green) + 0.0722 * decode(blue);

/** Contrast ratio (WCAG 2.2), from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** The one of the scale's text colours that is easier to read on `background`. */
export function textColourOn(scale: ColourScale, background: Colour): Colour {
  const [one, other] = scale.texts;
  return contrast(one, background) >= contrast(other, background) ? one : other;
}

/** The scale of the theme that is on screen now, from app.css. */
export function readColourScale(): ColourScale {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): Colour => parseColour(style.getPropertyValue(name));
  return {
    low: read('--scale-low'),
    high: read('--scale-high'),
    texts: [read('--scale-low-text'), read('--scale-high-text')],
  };
}
