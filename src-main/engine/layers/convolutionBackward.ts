// The way back through a convolution: from the gradient of its sums to that of its input.
//
// In one dimension: the padded input's place `stride * i + phase` met the weight `phase + stride * a` for the output
// `i - a`. So the places of one phase get their gradient by a convolution of stride 1 over the gradient of the output,
// with those weights turned around: `dInput[stride * i + phase] = sum over a of dSum[i - a] * weight[phase + stride * a]`.
// At stride 1 there is one phase; at stride s there are s in each direction, and no product with a zero is made.
import type { Arena } from '../arena.ts';
import type { Part } from '../kernels/kernels.ts';
import { paddedLength, type PaddedImage } from '../kernels/windows.ts';
import { panelMatrix, roomForPanels, rowMatrix, type Matrix, type Operand } from '../matrix.ts';
import { rowUnit, type Operation } from '../operation.ts';
import type { Geometry } from './convolutionGeometry.ts';

/** The places of one phase in one direction. */
interface PhaseSide {
  phase: number;
  /** How many weights meet them. */
  taps: number;
  /** The first and the number of the places, counted in strides: those that are not padding. */
  first: number;
  count: number;
}

function phasesOf(size: number, { kernel, stride, padding }: Geometry): PhaseSide[] {
  return Array.from({ length: stride }, (_value, phase) => {
    const first = Math.max(0, Math.ceil((padding - phase) / stride));
    const end = Math.floor((padding + size - 1 - phase) / stride) + 1;
    return { phase, taps: Math.ceil((kernel - phase) / stride), first, count: Math.max(0, end - first) };
  });
}

interface Phase {
  y: PhaseSide;
  x: PhaseSide;
  /** `(taps, taps, filters)` rows and `channels` columns. */
  weights: Matrix;
  /** Its places in the padded gradient of the output: of `linesAtOnce` lines of the image. */
  operand: Operand;
  /** At stride 1 all lines lie side by side in the input's gradient; else one is taken at a time. */
  linesAtOnce: number;
}

/** How far beyond its ends the gradient of the output is read, before and after. */
function borderOf(sides: readonly PhaseSide[], outputSize: number): { before: number; after: number } {
  const ends = sides.filter(({ taps, count }) => taps > 0 && count > 0);
  const before = Math.max(0, ...ends.map(({ taps, first }) => taps - 1 - first));
  const after = Math.max(0, ...ends.map(({ first, count }) => first + count - outputSize));
  return { before, after };
}

/** The operations from `dSum (rows, pixels * filters)` to `dInput`, and the scratch numbers that a thread needs for them. */
export function planInputGradient(
  arena: Arena,
  geometry: Geometry,
  weight: Matrix,
  dSum: Matrix,
  dInput: Matrix,
): { operations: Operation[]; scratchLength: number } {
  const { height, width, channels, kernel, stride, padding, filters, outputHeight, outputWidth } = geometry;
  const ySides = phasesOf(height, geometry);
  const xSides = phasesOf(width, geometry);
  const vertical = borderOf(ySides, outputHeight);
  const horizontal = borderOf(xSides, outputWidth);
  const padded: PaddedImage = {
    height: outputHeight,
    width: outputWidth,
    channels: filters,
    above: vertical.before,
    below: vertical.after,
    ...horizontal,
  };
  const paddedWidth = horizontal.before + outputWidth + horizontal.after;

  const phases = ySides.flatMap((y) =>
    xSides.map((x): Phase => {
      const depth = y.taps * x.taps * filters;
      const rowOfTaps = x.taps * filters;
      const linesAtOnce = stride === 1 ? y.count : 1;
      const depthOffsets = arena.table(
        `taps ${paddedWidth} ${filters} ${x.taps} ${y.taps}`,
        depth,
        (index) => Math.floor(index / rowOfTaps) * paddedWidth * filters + (index % rowOfTaps),
      );
      const rowOffsets = arena.table(
        `places ${paddedWidth} ${filters} ${x.count} ${linesAtOnce}`,
        linesAtOnce * x.count,
        (index) => (Math.floor(index / x.count) * paddedWidth + (index % x.count)) * filters,
      );
      return {
        y,
        x,
        weights: panelMatrix(arena.numbers(roomForPanels(depth, channels)), 0, depth, channels),
        operand: { region: arena.nothing, first: 0, rowOffsets, depthOffsets },
        linesAtOnce,
      };
    }),
  );

  /** Turns the weights of one place of the window, which belongs to one phase. */
  const turn: Operation = {
    split: 'parameters',
    count: kernel * kernel,
    unit: 1,
    work: channels * filters,
    run: ({ kernels }, from, to) => {
      for (let place = from; place < to; place += 1) {
        const ky = Math.floor(place / kernel);
        const kx = place - ky * kernel;
        const { y, x, weights } = phases[(ky % stride) * stride + (kx % stride)]!;
        const tapY = y.taps - 1 - Math.floor(ky / stride);
        const tapX = x.taps - 1 - Math.floor(kx / stride);
        kernels.transpose(
          weight,
          place * channels,
          weights,
          (tapY * x.taps + tapX) * filters,
          channels,
          filters,
        );
      }
    },
  };

  // The phase's places in the input's gradient, moved along by `first`.
  const places = rowMatrix(dInput.region, 0, height * width, channels, stride * channels);
  const part: Part = { fromRow: 0, toRow: 0, fromColumn: 0, toColumn: channels };
  const spread: Operation = {
    split: 'rows',
    count: dInput.rows,
    unit: rowUnit,
    // An image of many channels takes long enough.
    pieceUnit: 1,
    work: 2 * kernel * kernel * channels * filters * outputHeight * outputWidth,
    run: ({ kernels, scratch }, from, to) => {
      for (let row = from; row < to; row += 1) {
        kernels.pad(dSum, row, padded, scratch);
        for (const { y, x, weights, operand, linesAtOnce } of phases) {
          operand.region = scratch;
          part.toRow = linesAtOnce * x.count;
          const firstX = x.first - (x.taps - 1) + horizontal.before;
          for (let i = y.first; i < y.first + y.count; i += linesAtOnce) {
            operand.first = ((i - (y.taps - 1) + vertical.before) * paddedWidth + firstX) * filters;
            const inputY = stride * i + y.phase - padding;
            const inputX = stride * x.first + x.phase - padding;
            places.first = row * dInput.stride + (inputY * width + inputX) * channels;
            kernels.multiply(operand, weights, places, weights.rows, false, part);
          }
        }
      }
    },
  };
  return { operations: [turn, spread], scratchLength: paddedLength(padded) };
}
