// The Strokes dataset: digits written by a simulated hand, the same for the same seed.
import { setImmediate as breathe } from 'node:timers/promises';
import { drawCurve, type Paper, type Point } from '../../../src-shared/pen.ts';
import { Random } from '../../../src-shared/random.ts';
import type { DatasetContent, DatasetImages } from '../types.ts';
import { curveThrough } from './curve.ts';
import { randomDistortion } from './distortion.ts';
import { glyphs } from './glyphs.ts';

/** How many images the set has. */
export const strokesSize = { trainCount: 12_000, testCount: 2000 };

const imagePixels = 28;
const valuesPerImage = imagePixels * imagePixels;
/** The seed of the set that everyone has. */
const standardSeed = 20_240_229;
/** Images drawn before the event loop gets its turn: a few milliseconds. */
const imagesPerSlice = 64;

/** How far each point of a glyph strays, parts of its box. */
const pointDeviation = 0.016;
const penRadiusPixels = { minimum: 0.75, maximum: 1.55 };
/** How much the pen's pressure changes along a stroke, parts of its radius. */
const pressureChange = 0.22;
const inkStrength = { minimum: 0.82, maximum: 1 };
/** Deviation of the noise on every pixel, parts of white; each image has its own. */
const noiseDeviation = { minimum: 0, maximum: 0.06 };

/** About normal, from one draw: the sum of four random bytes, scaled to mean 0 and deviation 1. */
function quickNormal(random: Random): number {
  const word = random.uint32();
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / 147.8;
}

/** A pen whose pressure swings slowly along the stroke and eases at its ends. */
function randomPen(random: Random, radius: number): (part: number) => number {
  const phase = random.uniform(0, 2 * Math.PI);
  const swing = random.uniform(0, pressureChange);
  return (part) => {
    const ends = Math.min(1, 0.72 + 3 * Math.min(part, 1 - part));
    return radius * ends * (1 + swing * Math.sin(phase + 3 * part));
  };
}

function drawDigit(random: Random, label: number, paper: Paper): void {
  paper.ink.fill(0);
  const hands = glyphs[label]!;
  const hand = hands[random.below(hands.length)]!;
  const distort = randomDistortion(random, imagePixels);
  const radius = random.uniform(penRadiusPixels.minimum, penRadiusPixels.maximum);
  // Strokes that meet in a corner must still meet: the same point strays the same way in all of them.
  const strayed = new Map<string, Point>();
  const stray = ([x, y]: Point): Point => {
    const key = `${x} ${y}`;
    const moved = strayed.get(key) ?? [
      x + random.normal(0, pointDeviation),
      y + random.normal(0, pointDeviation),
    ];
    strayed.set(key, moved);
    return moved;
  };
  for (const stroke of hand) {
    drawCurve(paper, curveThrough(stroke.map(stray)).map(distort), randomPen(random, radius));
  }
}

/** Turns ink into bytes: its strength and the noise differ from image to image. */
function develop(random: Random, paper: Paper, pixels: Uint8Array): void {
  const strength = random.uniform(inkStrength.minimum, inkStrength.maximum);
  const noise = random.uniform(noiseDeviation.minimum, noiseDeviation.maximum);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = strength * paper.ink[index]! + noise * quickNormal(random);
    pixels[index] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
}

/** As many of each class, in random order. */
function shuffledLabels(random: Random, count: number): Uint8Array {
  const labels = Uint32Array.from({ length: count }, (_, index) => index % glyphs.length);
  random.shuffle(labels);
  return Uint8Array.from(labels);
}

async function generateSplit(random: Random, count: number): Promise<DatasetImages> {
  const labels = shuffledLabels(random, count);
  const pixels = new Uint8Array(count * valuesPerImage);
  const paper: Paper = { height: imagePixels, width: imagePixels, ink: new Float32Array(valuesPerImage) };
  for (let image = 0; image < count; image += 1) {
    drawDigit(random, labels[image]!, paper);
    develop(random, paper, pixels.subarray(image * valuesPerImage, (image + 1) * valuesPerImage));
    if (image % imagesPerSlice === imagesPerSlice - 1) await breathe();
  }
  return { pixels, labels };
}

/** Draws the set. Train and test images come from streams of their own, so neither depends on the other's size. */
export async function generateStrokes(seed = standardSeed, size = strokesSize): Promise<DatasetContent> {
  return {
    shape: { height: imagePixels, width: imagePixels, channels: 1 },
    train: await generateSplit(Random.fromSeed(seed, 'strokes-train'), size.trainCount),
    test: await generateSplit(Random.fromSeed(seed, 'strokes-test'), size.testCount),
  };
}
