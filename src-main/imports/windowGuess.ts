// What shapes of tensors don't say of a network with convolutions: how large its images are, and how its windows move.
// The first combination of usual choices that gives the numbers the dense layer takes is the one that is suggested.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { LayerAnswer } from '../../src-shared/schemas/foreignModel.ts';

export type WindowAnswer = Required<Pick<LayerAnswer, 'stride' | 'padding' | 'pooling'>>;

export interface WindowGuess {
  shape: ImageShape;
  /** One a convolution. */
  windows: WindowAnswer[];
}

/** Sides of images, the usual ones first. */
const usualSides = [28, 32, 64, 16, 8, 24, 48, 96, 128];
const poolSide = 2;
/** With more convolutions, only the usual ways of pooling are tried. */
const maskLimit = 8;

/** Which convolutions are pooled after: all, every second, the last, none, then any. */
function* poolingMasks(count: number): Generator<boolean[]> {
  const at = (isPooled: (index: number) => boolean): boolean[] =>
    Array.from({ length: count }, (_, index) => isPooled(index));
  yield at(() => true);
  yield at((index) => index % 2 === 1);
  yield at((index) => index === count - 1);
  yield at(() => false);
  if (count > maskLimit) return;
  for (let mask = 0; mask < 2 ** count; mask += 1) yield at((index) => ((mask >> index) & 1) === 1);
}

/** Zeros around the image: as many as keep its size, none, or, as LeNet on 28 x 28, only before the first convolution. */
type Padding = (kernel: number, index: number) => number;
const keepsSize: Padding = (kernel) => Math.floor(kernel / 2);
const paddings: readonly Padding[] = [
  keepsSize,
  () => 0,
  (kernel, index) => (index === 0 ? Math.floor(kernel / 2) : 0),
];

function sideAfter(
  side: number,
  kernels: readonly number[],
  paddingOf: Padding,
  mask: readonly boolean[],
): number {
  return kernels.reduce((length, kernel, index) => {
    const padding = paddingOf(kernel, index);
    const convolved = length + 2 * padding - kernel + 1;
    return mask[index] === true ? Math.floor(convolved / poolSide) : convolved;
  }, side);
}

/**
 * `channels` of the image; `outputs` channels of the last convolution, and `taken` numbers that the dense layer after it
 * takes. `kernels` are the sides of the windows, `saidShape` the image where a person said which.
 */
export function guessWindows(
  kernels: readonly number[],
  channels: number,
  outputs: number,
  taken: number,
  saidShape: ImageShape | undefined,
): WindowGuess {
  const usual = channels === 3 ? [32, ...usualSides] : usualSides;
  const sides = saidShape === undefined ? usual : [saidShape.height];
  const answer = (paddingOf: Padding, mask: readonly boolean[]): WindowAnswer[] =>
    kernels.map((kernel, index) => ({
      stride: 1,
      padding: paddingOf(kernel, index),
      pooling: mask[index] === true ? 'max' : 'none',
    }));
  const shapeOf = (side: number): ImageShape => saidShape ?? { height: side, width: side, channels };
  if (taken === outputs) {
    const windows = answer(
      keepsSize,
      kernels.map((_, index) => index % 2 === 1 && index < kernels.length - 1),
    );
    const last = windows.at(-1);
    if (last !== undefined) last.pooling = 'global-average';
    return { shape: shapeOf(sides[0]!), windows };
  }
  const wanted = Math.sqrt(taken / outputs);
  for (const side of sides) {
    for (const mask of poolingMasks(kernels.length)) {
      for (const paddingOf of paddings) {
        if (sideAfter(side, kernels, paddingOf, mask) === wanted) {
          return { shape: shapeOf(side), windows: answer(paddingOf, mask) };
        }
      }
    }
  }
  return {
    shape: shapeOf(sides[0]!),
    windows: answer(
      keepsSize,
      kernels.map(() => true),
    ),
  };
}

/** The image that a flat input of this many numbers most likely is: square, grey before colour. */
export function guessShape(inputs: number): ImageShape {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(inputs / channels);
    if (Number.isInteger(side)) return { height: side, width: side, channels };
  }
  return { height: 1, width: inputs, channels: 1 };
}
