import { describe, expect, it } from 'vitest';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import { summarizeNetwork } from '../../../src-main/engine/summary.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { readTensors, writeTensors } from '../../../src-main/engine/tensors.ts';
import { usableBuilds } from '../../../src-main/engine/kernels/select.ts';
import {
  bandedImages,
  createBareNetwork,
  fillMatrix,
  smallRecipe,
  smallShape,
  smallTrainerOptions,
} from './samples.ts';
import { Random } from '../../../src-shared/random.ts';

const rows = 6;
const batch = { rows, first: 0, startsSum: true, scale: 1 / rows, noise: 1 };

/** Every column of a weight is made alike: some of each row are checked by differences. */
const columnsApart = 3;

interface Window {
  kernel: number;
  stride: number;
  padding: number;
  filters: number;
}

const convolution = (window: Window): Component => ({ type: 'convolution', activation: 'tanh', ...window });

/** The second takes more than one channel, and has a way back through it. */
const stacks: Window[][] = [
  [
    { kernel: 3, stride: 1, padding: 1, filters: 3 },
    { kernel: 3, stride: 1, padding: 1, filters: 18 },
  ],
  [
    { kernel: 1, stride: 1, padding: 0, filters: 17 },
    { kernel: 2, stride: 1, padding: 0, filters: 3 },
  ],
  [
    { kernel: 2, stride: 2, padding: 1, filters: 4 },
    { kernel: 3, stride: 2, padding: 2, filters: 2 },
  ],
  [
    { kernel: 3, stride: 1, padding: 2, filters: 3 },
    { kernel: 2, stride: 3, padding: 0, filters: 16 },
  ],
  [
    { kernel: 5, stride: 1, padding: 4, filters: 2 },
    { kernel: 4, stride: 3, padding: 3, filters: 3 },
  ],
];

type Image = number[][][];

/** A convolution straight from its definition, on images `[y][x][channel]` with zeros around them. */
function convolve(image: Image, weight: Float32Array, bias: Float32Array, window: Window): Image {
  const { kernel, stride, padding, filters } = window;
  const channels = image[0]![0]!.length;
  const outputSide = (side: number): number => Math.floor((side + 2 * padding - kernel) / stride) + 1;
  return Array.from({ length: outputSide(image.length) }, (_line, y) =>
    Array.from({ length: outputSide(image[0]!.length) }, (_place, x) =>
      Array.from({ length: filters }, (_filter, filter) => {
        let sum = bias[filter]!;
        for (let channel = 0; channel < channels; channel += 1) {
          for (let ky = 0; ky < kernel; ky += 1) {
            for (let kx = 0; kx < kernel; kx += 1) {
              const pixel = image[y * stride + ky - padding]?.[x * stride + kx - padding]?.[channel] ?? 0;
              // As PyTorch has them: (filters, channels, height, width).
              sum += pixel * weight[((filter * channels + channel) * kernel + ky) * kernel + kx]!;
            }
          }
        }
        return Math.tanh(sum);
      }),
    ),
  );
}

describe.each(stacks)('convolutions %o and then %o', (first, second) => {
  const layers = [convolution(first), convolution(second)];
  const network = createBareNetwork({ layers, rows, imageCount: rows, precision: 'float64' });
  const images = bandedImages(rows, 5);
  network.training.images.data.set(images.pixels);
  network.training.labels.data.set(images.labels);
  const random = Random.fromSeed(3, 'convolution');
  for (const { values } of network.plan.parameters) fillMatrix(values, random, -0.5, 0.5);

  it('give what the definition gives', () => {
    const tensors = readTensors(network.plan.parameters);
    const [w0, b0, w1, b1, dense, bias] = tensors.map(({ data }) => data);
    network.plan.staged.data.set(images.pixels);
    network.run(batch, 'predict');
    const { height, width } = smallShape;
    for (let row = 0; row < rows; row += 1) {
      const image = Array.from({ length: height }, (_line, y) =>
        Array.from({ length: width }, (_place, x) => [images.pixels[(row * height + y) * width + x]! / 255]),
      );
      const output = convolve(convolve(image, w0!, b0!, first), w1!, b1!, second);
      // The dense layer's file holds its weights in the order (channels, height, width).
      const flat = output[0]![0]!.flatMap((_value, channel) =>
        output.flatMap((line) => line.map((pixel) => pixel[channel]!)),
      );
      const logits = Array.from(bias!, (start, unit) =>
        flat.reduce((sum, value, index) => sum + value * dense![unit * flat.length + index]!, start),
      );
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      logits.forEach((logit, unit) => {
        // The tensors were rounded to float32.
        expect(network.plan.probabilities.get(row, unit)).toBeCloseTo(Math.exp(logit) / sum, 6);
      });
    }
  });

  it('have the gradients of central differences', () => {
    const difference = 1e-5;
    const meanLoss = (): number => {
      network.run(batch, 'propagate', 'gradients');
      return Array.from(network.training.losses.data).reduce((sum, loss) => sum + loss, 0) / rows;
    };
    for (const { values, gradient, tensorName } of network.plan.parameters.slice(0, 4)) {
      meanLoss();
      for (let row = 0; row < values.rows; row += 1) {
        for (let column = row % 3; column < values.columns; column += columnsApart) {
          const value = values.get(row, column);
          values.set(row, column, value + difference);
          const above = meanLoss();
          values.set(row, column, value - difference);
          const below = meanLoss();
          values.set(row, column, value);
          meanLoss();
          const expected = (above - below) / (2 * difference);
          const actual = gradient?.get(row, column) ?? NaN;
          // Rounding of the loss, some 1e-15, over twice the difference, with room for the error of the difference.
          expect(Math.abs(actual - expected), `${tensorName}[${row}, ${column}]`).toBeLessThan(1e-8);
        }
      }
    }
  });

  it.each(usableBuilds())('train alike on the kernels $name', (build) => {
    const bare = (kernels?: typeof build): Float32Array[] => {
      const float32 = createBareNetwork({ layers, rows, imageCount: rows, precision: 'float32', kernels });
      float32.training.images.data.set(images.pixels);
      float32.training.labels.data.set(images.labels);
      float32.training.constants.data[0] = 0.1;
      writeTensors(float32.plan.parameters, readTensors(network.plan.parameters));
      for (let step = 0; step < 3; step += 1) float32.run(batch, 'propagate', 'step');
      return readTensors(float32.plan.parameters).map(({ data }) => data);
    };
    const [actual, expected] = [bare(build), bare()];
    expected.forEach((data, place) => {
      data.forEach((value, index) => expect(actual[place]![index]!).toBeCloseTo(value, 5));
    });
  });
});

describe('a convolution', () => {
  it('counts its shapes, parameters and work', () => {
    const layers = [
      { type: 'convolution', filters: 32, kernel: 3, padding: 1 },
      { type: 'convolution', filters: 64, kernel: 5, stride: 2, padding: 0 },
    ];
    const shape = { height: 28, width: 28, channels: 1 };
    const summary = summarizeNetwork({ ...smallRecipe, layers }, shape, 10);
    expect(summary.layers.map(({ outputShape }) => outputShape)).toEqual([[28, 28, 32], [12, 12, 64], [10]]);
    expect(summary.layers.map(({ parameters }) => parameters)).toEqual([320, 51_264, 92_170]);
    expect(summary.layers[1]!.operationsPerImage).toBe(2 * 12 * 12 * 64 * 5 * 5 * 32);
  });

  it('learns what a dense network learns', async () => {
    const layers = [convolution({ kernel: 3, stride: 1, padding: 1, filters: 6 })];
    const trainer = await createTrainer(smallTrainerOptions({ layers }));
    const before = trainer.validate();
    while (trainer.epoch < 4) trainer.train(100);
    const after = trainer.validate();
    expect(after.loss).toBeLessThan(before.loss / 4);
    expect(after.accuracy).toBeGreaterThan(0.9);
  });
});
