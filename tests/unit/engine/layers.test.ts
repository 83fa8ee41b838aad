import { describe, expect, it } from 'vitest';
import { placeLayers } from '../../../src-main/engine/architecture.ts';
import { planNetwork } from '../../../src-main/engine/network.ts';
import { readTensors, writeTensors } from '../../../src-main/engine/tensors.ts';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import {
  bandedImages,
  createBareNetwork,
  fillMatrix,
  smallClassCount,
  smallShape,
  smallTrainerOptions,
  valuesOf,
  type BareNetwork,
} from './samples.ts';

const convolution: Component = { type: 'convolution', filters: 4, kernel: 3, padding: 1 };
const shapesOf = (layers: readonly Component[]): (readonly number[])[] =>
  placeLayers({ shape: smallShape, classCount: smallClassCount, layers }).map(
    ({ outputShape }) => outputShape,
  );

describe('the shapes of layers', () => {
  it('follow from the input; windows that would reach over the edge are left out', () => {
    expect(
      shapesOf([
        convolution,
        { type: 'batch-norm' },
        { type: 'max-pooling' },
        { type: 'prelu' },
        { type: 'average-pooling', size: 2, stride: 1 },
        { type: 'dropout' },
        { type: 'activation' },
        { type: 'flatten' },
      ]),
    ).toEqual([[6, 5, 4], [6, 5, 4], [3, 2, 4], [3, 2, 4], [2, 1, 4], [2, 1, 4], [2, 1, 4], [8], [3]]);
    expect(shapesOf([convolution, { type: 'global-average-pooling' }])).toEqual([[6, 5, 4], [4], [3]]);
  });

  it.each([
    [
      [
        { type: 'max-pooling', size: 3 },
        { type: 'average-pooling', size: 5 },
      ],
      "The recipe's layers.1 can't be there. A pool of 5 x 5 does not fit on an input of 2 x 2.",
    ],
    [
      [{ type: 'flatten' }, { type: 'max-pooling' }],
      "The recipe's layers.1 can't be there. Max pooling needs images; its input is a row of 30 numbers.",
    ],
    [
      [{ type: 'dense', units: 128 }, { type: 'global-average-pooling' }],
      "The recipe's layers.1 can't be there. Global average pooling needs images; its input is a row of 128 numbers.",
    ],
  ])('are refused where a layer does not fit, with the layer and the reason', (layers, message) => {
    expect(() => shapesOf(layers)).toThrow(message);
  });
});

const rows = 6;
const batch = { rows, first: 0, startsSum: true, scale: 1 / rows, noise: 11 };

function networkOf(layers: readonly Component[], imageCount = rows): BareNetwork {
  const network = createBareNetwork({ layers, rows: imageCount, imageCount, precision: 'float64' });
  const images = bandedImages(imageCount, 5);
  network.training.images.data.set(images.pixels);
  network.plan.staged.data.set(images.pixels);
  network.training.labels.data.set(images.labels);
  const random = Random.fromSeed(3, 'layers');
  for (const { values, kind, start } of network.plan.parameters) {
    if (kind === 'statistic') values.data.fill(start, values.first, values.first + values.columns);
    else fillMatrix(values, random, 0.2, 0.9);
  }
  return network;
}

function predictionsOf(network: BareNetwork, images: number): number[] {
  network.run({ ...batch, rows: images }, 'predict');
  return valuesOf(network.plan.probabilities).slice(0, images * smallClassCount);
}

describe('dropout', () => {
  it('drops nothing while predicting, beside training and without it', () => {
    const layers = [{ type: 'dense', units: 9, activation: 'tanh' }];
    const plain = networkOf(layers);
    const dropping = networkOf([...layers, { type: 'dropout', rate: 0.7 }]);
    expect(predictionsOf(dropping, rows)).toEqual(predictionsOf(plain, rows));
    const architecture = { shape: smallShape, classCount: smallClassCount };
    const sizeOf = (all: readonly Component[]): number =>
      planNetwork({
        architecture: { ...architecture, layers: all },
        rows,
        training: null,
        precision: 'float32',
      }).passes.predict.length;
    expect(sizeOf([...layers, { type: 'dropout', rate: 0.7 }])).toBe(sizeOf(layers));
  });

  it('draws other masks in each step, and the same again from the same seed', async () => {
    const layers = [
      { type: 'dense', units: 12, activation: 'relu' },
      { type: 'dropout', rate: 0.5 },
    ];
    // Without a rate nothing is learnt: what changes from step to step is the mask.
    const optimizer = { type: 'gradient-descent', learningRate: 1e-7 };
    const losses = async (seed: number): Promise<number[]> => {
      const trainer = await createTrainer(
        smallTrainerOptions({ layers, optimizer, seed, batchSize: 'full' }),
      );
      const reports = [trainer.train(Infinity), trainer.train(Infinity)].flat();
      await trainer.close();
      return reports.map(({ loss }) => loss);
    };
    const [first, second] = await losses(1);
    expect(Math.abs(first! - second!)).toBeGreaterThan(1e-4);
    expect(await losses(1)).toEqual([first, second]);
  });
});

/** Mean and variance (over n, and over n - 1) of a list. */
function momentsOf(values: readonly number[]): { mean: number; variance: number; unbiased: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squared = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squared / values.length, unbiased: squared / (values.length - 1) };
}

describe('batch normalization', () => {
  const normalization: Component = { type: 'batch-norm', momentum: 0.3, epsilon: 0.01 };
  const parameter = (network: BareNetwork, name: string): number[] => {
    const found = network.plan.parameters.find(({ tensorName }) => tensorName === name);
    return found === undefined ? [] : valuesOf(found.values);
  };

  it('moves the running mean and variance by the momentum towards those of the images, once a pass', () => {
    // Eleven images: the last block has three.
    const images = 11;
    const network = networkOf([normalization], images);
    const pixels = Array.from(network.training.images.data, (byte) => byte / 255);
    const { mean, unbiased } = momentsOf(pixels);
    let [runningMean, runningVariance] = [0, 1];
    for (let pass = 0; pass < 2; pass += 1) {
      network.run({ ...batch, rows: images }, 'propagate', 'gradients');
      runningMean += 0.3 * (mean - runningMean);
      runningVariance += 0.3 * (unbiased - runningVariance);
    }
    expect(parameter(network, 'layers.0.running_mean')[0]).toBeCloseTo(runningMean, 12);
    expect(parameter(network, 'layers.0.running_var')[0]).toBeCloseTo(runningVariance, 12);
    const before = parameter(network, 'layers.0.running_mean');
    predictionsOf(network, images);
    expect(parameter(network, 'layers.0.running_mean')).toEqual(before);
  });

  it('predicts with the running mean and variance, of which one image depends as little as many', () => {
    const network = networkOf([{ type: 'dense', units: 7, activation: 'relu' }, normalization]);
    network.run(batch, 'propagate');
    const all = predictionsOf(network, rows);
    expect(predictionsOf(network, 1)).toEqual(all.slice(0, smallClassCount));
  });

  it('makes nothing infinite of a channel with a single number', () => {
    const network = networkOf([{ type: 'dense', units: 7, activation: 'relu' }, normalization]);
    network.run({ ...batch, rows: 1 }, 'propagate', 'gradients');
    expect([...network.training.gradients.data].every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(network.training.losses.data[0])).toBe(true);
    // There is no spread in one number: the running variance moves towards 0, the running mean towards the number.
    for (const variance of parameter(network, 'layers.1.running_var')) expect(variance).toBeCloseTo(0.7, 12);
  });

  it('keeps what it measures from the optimizer and from the penalties', () => {
    const penalties = { l1: 0.1, l2: 0.1 };
    const network = createBareNetwork({
      layers: [normalization],
      penalties,
      rows,
      imageCount: rows,
      precision: 'float64',
    });
    for (const { values } of network.plan.parameters) values.data.fill(0.5);
    network.training.constants.data[0] = 1;
    network.run(batch, 'update');
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) {
      expect(parameter(network, `layers.0.${name}`), name).toEqual([0.5]);
    }
    expect(parameter(network, 'layers.1.weight')[0]).toBeLessThan(0.5);
  });
});

describe('flattening', () => {
  it("leaves the weights of a file as they are: both ways the numbers are taken in PyTorch's order", () => {
    const [straight, flattened] = [networkOf([convolution]), networkOf([convolution, { type: 'flatten' }])];
    const tensors = readTensors(straight.plan.parameters);
    const renamed = tensors.map(({ name, ...tensor }) => ({
      name: name.replace('layers.1', 'layers.2'),
      ...tensor,
    }));
    writeTensors(flattened.plan.parameters, renamed);
    writeTensors(straight.plan.parameters, tensors);
    const expected = predictionsOf(straight, rows);
    // Sums in another order.
    predictionsOf(flattened, rows).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
  });
});
