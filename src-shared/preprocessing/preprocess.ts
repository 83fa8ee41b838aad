// From an image of any size to the exact one that a network sees, step by step. The screen shows each step; the command
// line takes the same ones.
import type { ImageShape } from '../schemas/dataset.ts';
import { borderBrightness, brightest, centreOfMass, cropTo, inkBox } from './ink.ts';
import type { PreprocessingOptions } from './options.ts';
import { inChannels, toGrey, type Raster } from './raster.ts';
import { resizeToFit } from './resize.ts';

/** MNIST's digits take up 20 of 28 pixels. */
const shareWithMargin = 20 / 28;
/** An edge at least this bright is light. */
const lightBorder = 128;

export type PreprocessingStepId = keyof PreprocessingOptions;

export interface PreprocessingStep {
  id: PreprocessingStepId;
  /** What the step made. */
  image: Raster;
  /** Whether it changed anything, or would have if there had been something to change. */
  isApplied: boolean;
  /** What was done and why, or why nothing was. */
  reason: string;
}

export interface Preprocessed {
  /** In the order in which they are done. */
  steps: PreprocessingStep[];
  /** Of the network's own shape. */
  image: Raster;
}

type Done = Omit<PreprocessingStep, 'id'>;

const sizeOf = ({ height, width }: { height: number; width: number }): string => `${width} × ${height}`;
const mapPixels = (image: Raster, change: (value: number) => number): Raster => ({
  ...image,
  pixels: image.pixels.map(change),
});

function makeGrey(image: Raster, isWanted: boolean, channels: number): Done {
  if (image.channels === 1) return { image, isApplied: false, reason: 'The image is grey.' };
  if (channels === 1) {
    return { image: toGrey(image), isApplied: true, reason: 'The network takes grey images.' };
  }
  return isWanted
    ? { image: toGrey(image), isApplied: true, reason: 'Brightness by ITU-R BT.601.' }
    : { image, isApplied: false, reason: 'The network takes colours.' };
}

function invert(image: Raster, wish: PreprocessingOptions['invert']): Done {
  const border = borderBrightness(image);
  const isLight = border >= lightBorder;
  const isApplied = wish === 'on' || (wish === 'auto' && isLight);
  const found = `The edge is ${isLight ? 'light' : 'dark'} (${border} of 255)`;
  const reason =
    wish === 'auto'
      ? `${found}: ${isLight ? 'inverted' : 'left as it is'}.`
      : `${found}. ${isApplied ? 'Inverted' : 'Not inverted'}.`;
  return { image: isApplied ? mapPixels(image, (value) => 255 - value) : image, isApplied, reason };
}

function stretch(image: Raster, isWanted: boolean): Done {
  if (!isWanted) return { image, isApplied: false, reason: 'Brightness is left as it is.' };
  const ground = borderBrightness(image);
  const most = brightest(image.pixels);
  if (ground === 0 && most === 255) {
    return { image, isApplied: false, reason: 'It goes from black to white already.' };
  }
  if (inkBox(image, ground) === null) return { image, isApplied: false, reason: 'There is nothing on it.' };
  const scale = 255 / (most - ground);
  return {
    image: mapPixels(image, (value) => Math.round(Math.max(0, value - ground) * scale)),
    isApplied: true,
    reason: `${ground} becomes black, ${most} white.`,
  };
}

function crop(image: Raster, isWanted: boolean): Done {
  if (!isWanted) return { image, isApplied: false, reason: `All ${sizeOf(image)} pixels are taken.` };
  const box = inkBox(image, borderBrightness(image));
  if (box === null) return { image, isApplied: false, reason: 'There is nothing to crop to.' };
  return { image: cropTo(image, box), isApplied: true, reason: `${sizeOf(image)} to ${sizeOf(box)} pixels.` };
}

function scale(image: Raster, hasMargin: boolean, shape: ImageShape): Done {
  const share = hasMargin ? shareWithMargin : 1;
  const height = Math.max(1, Math.round(shape.height * share));
  const width = Math.max(1, Math.round(shape.width * share));
  const scaled = resizeToFit(image, height, width);
  const frame = `${sizeOf({ height, width })} of ${sizeOf(shape)}`;
  return {
    image: scaled,
    isApplied: hasMargin,
    reason: scaled === image ? 'It has that size.' : `To ${sizeOf(scaled)}, to fit ${frame}.`,
  };
}

/** Lays the image on a ground of the network's shape; what is outside of it is cut off. */
function place(image: Raster, shape: ImageShape, left: number, top: number, ground: number): Raster {
  const { channels } = image;
  const pixels = new Uint8Array(shape.height * shape.width * channels).fill(ground);
  for (let y = Math.max(0, -top); y < Math.min(image.height, shape.height - top); y += 1) {
    for (let x = Math.max(0, -left); x < Math.min(image.width, shape.width - left); x += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const to = ((top + y) * shape.width + left + x) * channels + channel;
        pixels[to] = image.pixels[(y * image.width + x) * channels + channel]!;
      }
    }
  }
  return { height: shape.height, width: shape.width, channels, pixels };
}

function centre(image: Raster, isWanted: boolean, shape: ImageShape, ground: number): Done {
  const mass = isWanted ? centreOfMass(image, ground) : null;
  if (mass === null) {
    const left = Math.floor((shape.width - image.width) / 2);
    const top = Math.floor((shape.height - image.height) / 2);
    const reason = isWanted ? 'There is nothing to weigh.' : 'The middle of the image is in the middle.';
    return { image: place(image, shape, left, top, ground), isApplied: false, reason };
  }
  const left = Math.round(shape.width / 2 - mass.x);
  const top = Math.round(shape.height / 2 - mass.y);
  const isCut = left < 0 || top < 0 || left + image.width > shape.width || top + image.height > shape.height;
  return {
    image: place(image, shape, left, top, ground),
    isApplied: true,
    reason: `The centre of mass is in the middle${isCut ? '; what is outside is cut off' : ''}.`,
  };
}

/** The image as the network sees it, of its shape, with what each step made of it. */
export function preprocess(image: Raster, options: PreprocessingOptions, shape: ImageShape): Preprocessed {
  const steps: PreprocessingStep[] = [];
  const add = (id: PreprocessingStepId, done: Done): Raster => {
    steps.push({ id, ...done });
    return done.image;
  };
  const grey = add('grey', makeGrey(image, options.grey, shape.channels));
  const light = add('invert', invert(grey, options.invert));
  const stretched = add('stretch', stretch(light, options.stretch));
  // Where the ink touches the edge of what was cropped, only the edge before cropping says what the ground is.
  const ground = borderBrightness(stretched);
  const cropped = add('crop', crop(stretched, options.crop));
  const scaled = add('margin', scale(cropped, options.margin, shape));
  const centred = add('centre', centre(scaled, options.centre, shape, ground));
  return { steps, image: inChannels(centred, shape.channels) };
}
