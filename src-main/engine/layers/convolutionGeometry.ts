// Where a convolution's windows lie.
import { WeftError } from '../../../src-shared/failure.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import type { Arena } from '../arena.ts';
import type { PaddedImage } from '../kernels/windows.ts';
import type { Operand } from '../matrix.ts';
import { numberOf } from '../options.ts';

/** The sizes of a convolution on an image `(height, width, channels)`; the window is square. */
export interface Geometry {
  height: number;
  width: number;
  channels: number;
  kernel: number;
  stride: number;
  padding: number;
  filters: number;
  outputHeight: number;
  outputWidth: number;
}

/** Throws `layer.impossible` where the input is no image or smaller than the window. */
export function geometryOf(component: Component, inputShape: readonly number[]): Geometry {
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    throw new WeftError(
      'layer.impossible',
      `A convolution needs images, and its input is a row of ${inputShape[0]} numbers.`,
      'Put it before the layers that flatten the image.',
    );
  }
  const kernel = numberOf(component, 'kernel');
  const stride = numberOf(component, 'stride');
  const padding = numberOf(component, 'padding');
  const filters = numberOf(component, 'filters');
  if (kernel > Math.min(height, width) + 2 * padding) {
    const padded = padding === 0 ? '' : ` with ${padding} zeros around it`;
    throw new WeftError(
      'layer.impossible',
      `A window of ${kernel} x ${kernel} does not fit on an input of ${height} x ${width}${padded}.`,
      'Use a smaller window or more padding, or fewer layers that shrink the image before it.',
    );
  }
  const outputSide = (side: number): number => Math.floor((side + 2 * padding - kernel) / stride) + 1;
  return {
    height,
    width,
    channels,
    kernel,
    stride,
    padding,
    filters,
    outputHeight: outputSide(height),
    outputWidth: outputSide(width),
  };
}

/** The padded image, and its windows `(pixels of the output, kernel * kernel * channels)` as a product's left side. */
export interface Windows {
  padded: PaddedImage;
  /** Its region is set to the scratch memory of the thread that uses it. */
  operand: Operand;
}

export function planWindows(arena: Arena, geometry: Geometry): Windows {
  const { height, width, channels, kernel, stride, padding, outputHeight, outputWidth } = geometry;
  const padded = { height, width, channels, above: padding, below: padding, before: padding, after: padding };
  const paddedWidth = width + 2 * padding;
  const placeOf = (y: number, x: number): number => (y * paddedWidth + x) * channels;
  const rowKey = `windows ${paddedWidth} ${channels} ${stride} ${outputWidth} ${outputHeight}`;
  const rowOffsets = arena.table(rowKey, outputHeight * outputWidth, (pixel) =>
    placeOf(stride * Math.floor(pixel / outputWidth), stride * (pixel % outputWidth)),
  );
  const rowOfWindow = kernel * channels;
  const depthKey = `window ${paddedWidth} ${channels} ${kernel}`;
  const depthOffsets = arena.table(
    depthKey,
    kernel * rowOfWindow,
    (index) => placeOf(Math.floor(index / rowOfWindow), 0) + (index % rowOfWindow),
  );
  return { padded, operand: { region: arena.nothing, first: 0, rowOffsets, depthOffsets } };
}
