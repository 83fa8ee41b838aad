// Weights from another tool's layout into that of our files: dense `(out, in)` with flat images in the order (channels,
// height, width), convolutions `(out, in, height, width)`.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { InputScaling, TensorLayout } from '../../src-shared/schemas/foreignModel.ts';

/** `(rows, columns)` as `(columns, rows)`. */
function transpose(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return turned;
}

/** A dense layer's weights as `(outputs, inputs)`. */
export function denseWeights(
  values: Float32Array,
  layout: TensorLayout,
  inputs: number,
  outputs: number,
): Float32Array {
  return layout === 'pytorch' ? values : transpose(values, inputs, outputs);
}

/** A convolution's weights as `(outputs, inputs, kernel, kernel)`: Keras's `(height, width, in, out)` is turned round. */
export function convolutionWeights(
  values: Float32Array,
  layout: TensorLayout,
  inputs: number,
  outputs: number,
  kernel: number,
): Float32Array {
  if (layout === 'pytorch') return values;
  const window = kernel * kernel;
  const turned = new Float32Array(values.length);
  for (let pixel = 0; pixel < window; pixel += 1) {
    for (let input = 0; input < inputs; input += 1) {
      for (let output = 0; output < outputs; output += 1) {
        turned[(output * inputs + input) * window + pixel] =
          values[(pixel * inputs + input) * outputs + output]!;
      }
    }
  }
  return turned;
}

/** The columns of `(outputs, inputs)` from the order (height, width, channels) to (channels, height, width). */
export function toChannelsFirst(
  weights: Float32Array,
  outputs: number,
  { height, width, channels }: ImageShape,
): Float32Array {
  const pixels = height * width;
  const inputs = pixels * channels;
  const turned = new Float32Array(weights.length);
  for (let output = 0; output < outputs; output += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      for (let pixel = 0; pixel < pixels; pixel += 1) {
        turned[output * inputs + channel * pixels + pixel] =
          weights[output * inputs + pixel * channels + channel]!;
      }
    }
  }
  return turned;
}

/** The one number, or that of the channel. */
export const ofChannel = (list: readonly number[], channel: number): number =>
  list[list.length === 1 ? 0 : channel]!;

/**
 * Takes the scaling of the input into the first dense layer: `W (x - m) / d + b = (W / d) x + (b - sum W m / d)`.
 * `weights` is `(outputs, inputs)` with the image in the order (channels, height, width).
 */
export function foldIntoDense(
  weights: Float32Array,
  bias: Float32Array,
  { means, deviations }: InputScaling,
  { height, width }: ImageShape,
): { weights: Float32Array; bias: Float32Array } {
  const pixels = height * width;
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  const folded = new Float32Array(weights.length);
  const shifted = new Float32Array(outputs);
  for (let output = 0; output < outputs; output += 1) {
    let sum = bias[output]!;
    for (let input = 0; input < inputs; input += 1) {
      const channel = Math.floor(input / pixels);
      const weight = weights[output * inputs + input]! / ofChannel(deviations, channel);
      folded[output * inputs + input] = weight;
      sum -= weight * ofChannel(means, channel);
    }
    shifted[output] = sum;
  }
  return { weights: folded, bias: shifted };
}
