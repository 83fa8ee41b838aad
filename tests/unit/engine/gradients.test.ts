import { describe, expect, it } from 'vitest';
import { activations } from '../../../src-main/engine/activations/catalogue.ts';
import { placeWhatFits } from '../../../src-main/engine/architecture.ts';
import { catalogue } from '../../../src-main/engine/catalogue.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import {
  bandedImages,
  createBareNetwork,
  fillMatrix,
  smallClassCount,
  smallShape,
  valuesOf,
  type BareNetwork,
} from './samples.ts';

const rows = 7;
const batch = { rows, first: 0, startsSum: true, scale: 1 / rows, noise: 1 };
/** Half the distance of a central difference: its error is of the order of its square, 1e-10. */
const difference = 1e-5;
/** Rounding of the loss, some 1e-15, over twice that distance, with room for the error of the difference. */
const tolerance = 1e-8;

const meanLoss = (network: BareNetwork): number => {
  network.run(batch, 'propagate', 'gradients');
  return Array.from(network.training.losses.data).reduce((sum, loss) => sum + loss, 0) / rows;
};

function networkOf(layers: readonly Component[]): BareNetwork {
  const network = createBareNetwork({ layers, rows, imageCount: rows, precision: 'float64' });
  const images = bandedImages(rows, 5);
  network.training.images.data.set(images.pixels);
  network.training.labels.data.set(images.labels);
  const random = Random.fromSeed(3, 'gradients');
  for (const { values } of network.plan.parameters) fillMatrix(values, random, -0.6, 0.6);
  return network;
}

/** Compares the gradient of every parameter that is trained with the central difference of the loss. */
function expectTrueGradients(network: BareNetwork): void {
  for (const { values, gradient, kind, tensorName } of network.plan.parameters) {
    if (kind === 'statistic') continue;
    meanLoss(network);
    const computed = gradient === null ? [] : valuesOf(gradient);
    for (let row = 0; row < values.rows; row += 1) {
      for (let column = 0; column < values.columns; column += 1) {
        const value = values.get(row, column);
        values.set(row, column, value + difference);
        const above = meanLoss(network);
        values.set(row, column, value - difference);
        const below = meanLoss(network);
        values.set(row, column, value);
        const expected = (above - below) / (2 * difference);
        expect(
          Math.abs(computed[row * values.columns + column]! - expected),
          `${tensorName}[${row}, ${column}]`,
        ).toBeLessThan(tolerance);
      }
    }
  }
}

/** Where a layer's default is too large to move each of its weights, or leaves out what it can. */
const changes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  dense: { units: 5 },
  convolution: { filters: 3, stride: 2 },
  'max-pooling': { size: 3, stride: 1 },
  'average-pooling': { size: 2, stride: 1 },
};

const ofImages: Component = { type: 'convolution', filters: 3, kernel: 2, padding: 0, activation: 'tanh' };
const ofUnits: Component = { type: 'dense', units: 5, activation: 'tanh' };

/** Stacks with the layer on an image, on channels that weights have made, and on units: those that are possible. */
function stacksWith(layer: Component): Component[][] {
  return [[layer], [ofImages, layer, ofUnits], [ofUnits, layer, ofUnits]].filter(
    (layers) => placeWhatFits({ shape: smallShape, classCount: smallClassCount, layers }).problem === null,
  );
}

describe('the gradients of the reference', () => {
  it.each(catalogue.layers)(
    'are those of the loss through the layer $type, wherever it fits',
    (description) => {
      const stacks = stacksWith({ ...defaultComponent(description), ...changes[description.type] });
      expect(stacks.length).toBeGreaterThanOrEqual(2);
      for (const layers of stacks) expectTrueGradients(networkOf(layers));
    },
  );

  it.each(activations.map(({ type }) => type))(
    'are those of the loss through dense layers with %s',
    (activation) => {
      expectTrueGradients(
        networkOf([
          { type: 'dense', units: 5, activation },
          { type: 'dense', units: 4, activation },
        ]),
      );
    },
  );

  it('are those of the loss without any hidden layer', () => {
    expectTrueGradients(networkOf([]));
  });

  it('give every activation the slope of its value', () => {
    for (const activation of activations) {
      for (const input of [-7.3, -2.1, -0.4, -1e-3, 1e-3, 0.3, 1.7, 6.9]) {
        const expected =
          (activation.value(input + difference) - activation.value(input - difference)) / (2 * difference);
        expect(
          Math.abs(activation.slope(input, activation.value(input)) - expected),
          `${activation.type} at ${input}`,
        ).toBeLessThan(tolerance);
      }
    }
  });

  it('add up over passes to those of one large pass', () => {
    const layers = [ofImages, { type: 'prelu' }, { type: 'dropout', rate: 0.4 }, ofUnits, { type: 'prelu' }];
    const whole = networkOf(layers);
    const parts = networkOf(layers);
    whole.run(batch, 'propagate', 'gradients');
    parts.run({ ...batch, rows: 4 }, 'propagate', 'gradients');
    parts.run({ ...batch, rows: 3, first: 4, startsSum: false }, 'propagate', 'gradients');
    expect(parts.training.gradients.data).toEqual(whole.training.gradients.data);
  });

  it('gain those of the penalties on weights and not on biases', () => {
    const penalties = { l1: 0.03, l2: 0.2 };
    const layers = [{ type: 'dense', units: 5, activation: 'tanh' }];
    const rate = 0.5;
    const options = { layers, rows, imageCount: rows, precision: 'float64' } as const;
    const optimizer = { type: 'gradient-descent' };
    const network = createBareNetwork({ ...options, penalties, optimizer });
    const random = Random.fromSeed(3, 'penalties');
    for (const { values } of network.plan.parameters) fillMatrix(values, random);
    const before = network.plan.parameters.map(({ values }) => valuesOf(values));
    network.training.constants.data[0] = rate;
    network.run(batch, 'update');
    network.plan.parameters.forEach(({ name, values }, place) => {
      valuesOf(values).forEach((value, index) => {
        const weight = before[place]![index]!;
        const penalty = (at: number): number => penalties.l1 * Math.abs(at) + (penalties.l2 / 2) * at * at;
        const slope = (penalty(weight + difference) - penalty(weight - difference)) / (2 * difference);
        expect(value).toBeCloseTo(name === 'weight' ? weight - rate * slope : weight, 8);
      });
    });
  });
});
