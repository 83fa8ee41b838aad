// Limits on gradients and weights and running averages, on numbers that are set by hand: by their formulas alone.
import { describe, expect, it } from 'vitest';
import { averageKeptAt } from '../../../src-main/engine/keptWeights.ts';
import type { TrainingSpecification } from '../../../src-main/engine/trainingSpecification.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { createBareNetwork, fillMatrix, valuesOf, type BareNetwork } from './samples.ts';

const batch = { rows: 4, first: 0, startsSum: true, scale: 1, noise: 0 };
const rate = 0.5;
/** Of float64: the formulas here and there add in other orders. */
const digits = 12;

/** Wide enough for several blocks of the gradients' sum of squares, and for panels that are not full. */
const layers = [
  { type: 'dense', units: 150, activation: 'tanh' },
  { type: 'dense', units: 21, activation: 'tanh' },
];

interface Tensor {
  name: string;
  rows: number;
  columns: number;
  values: number[];
  gradients: number[];
}

function networkOf(options: Partial<TrainingSpecification>, penalties?: Recipe['penalties']): BareNetwork {
  const network = createBareNetwork({
    layers,
    rows: 4,
    imageCount: 4,
    precision: 'float64',
    optimizer: { type: 'gradient-descent' },
    ...(penalties === undefined ? {} : { penalties }),
    options,
  });
  const random = Random.fromSeed(8, 'update');
  for (const { values, gradient } of network.plan.parameters) {
    fillMatrix(values, random);
    if (gradient !== null) fillMatrix(gradient, random);
  }
  network.training.constants.data[0] = rate;
  return network;
}

const tensorsOf = (network: BareNetwork): Tensor[] =>
  network.plan.parameters.map(({ name, values, gradient }) => ({
    name,
    rows: values.rows,
    columns: values.columns,
    values: valuesOf(values),
    gradients: gradient === null ? [] : valuesOf(gradient),
  }));

/** Compares the values after an update with `expected(tensor before it, place)`. */
function expectValues(network: BareNetwork, expected: (tensor: Tensor, place: number) => number): void {
  const before = tensorsOf(network);
  network.run(batch, 'update');
  tensorsOf(network).forEach(({ values }, index) => {
    values.forEach((value, place) => expect(value).toBeCloseTo(expected(before[index]!, place), digits));
  });
}

const normOf = (numbers: readonly number[]): number =>
  Math.sqrt(numbers.reduce((sum, one) => sum + one * one, 0));

describe('clipping', () => {
  it('scales all gradients down to the norm that they may have together', () => {
    const network = networkOf({ clipping: { norm: 2.5, value: null } });
    const norm = normOf(tensorsOf(network).flatMap(({ gradients }) => gradients));
    expect(norm).toBeGreaterThan(25);
    expectValues(network, ({ values, gradients }, place) => {
      return values[place]! - (rate * gradients[place]! * 2.5) / (norm + 1e-6);
    });
  });

  it('leaves gradients that are shorter as they are', () => {
    expectValues(networkOf({ clipping: { norm: 1000, value: null } }), ({ values, gradients }, place) => {
      return values[place]! - rate * gradients[place]!;
    });
  });

  it("counts the penalties' gradients in the norm, and scales them", () => {
    const penalties = { l1: 0.3, l2: 0.7 };
    const network = networkOf({ clipping: { norm: 2.5, value: null } }, penalties);
    const pulled = ({ name, values, gradients }: Tensor, place: number): number => {
      const value = values[place]!;
      const pull = name === 'weight' ? penalties.l1 * Math.sign(value) + penalties.l2 * value : 0;
      return gradients[place]! + pull;
    };
    const norm = normOf(
      tensorsOf(network).flatMap((one) => one.values.map((_value, place) => pulled(one, place))),
    );
    expectValues(network, (tensor, place) => {
      return tensor.values[place]! - (rate * pulled(tensor, place) * 2.5) / (norm + 1e-6);
    });
  });

  it('limits each number, before the norm is taken', () => {
    const limited = (gradient: number): number => Math.sign(gradient) * Math.min(0.3, Math.abs(gradient));
    expectValues(networkOf({ clipping: { norm: null, value: 0.3 } }), ({ values, gradients }, place) => {
      return values[place]! - rate * limited(gradients[place]!);
    });
    const network = networkOf({ clipping: { norm: 2.5, value: 0.3 } });
    const norm = normOf(tensorsOf(network).flatMap(({ gradients }) => gradients.map(limited)));
    expectValues(network, ({ values, gradients }, place) => {
      return values[place]! - (rate * limited(gradients[place]!) * 2.5) / (norm + 1e-6);
    });
  });
});

describe('a maximum norm', () => {
  it('scales down the weights into units that have longer ones, and no others', () => {
    const maxNorm = 3.5;
    const network = networkOf({ maxNorm });
    const moved = ({ values, gradients }: Tensor, place: number): number =>
      values[place]! - rate * gradients[place]!;
    let [limited, spared] = [0, 0];
    expectValues(network, (tensor, place) => {
      const value = moved(tensor, place);
      if (tensor.name !== 'weight') return value;
      const column = place % tensor.columns;
      const norm = normOf(
        Array.from({ length: tensor.rows }, (_one, row) => moved(tensor, row * tensor.columns + column)),
      );
      if (norm > maxNorm) limited += 1;
      else spared += 1;
      return norm > maxNorm ? (value * maxNorm) / norm : value;
    });
    expect(Math.min(limited, spared)).toBeGreaterThan(0);
  });
});

describe.each([null, 3.5])('averaged weights with a maximum norm of %s', (maxNorm) => {
  it('follow what is trained, weights as well as biases, and change places with it', () => {
    const network = networkOf({ weightAveraging: { decay: 0.8 }, maxNorm });
    const { averages, averageKept, values } = network.training;
    averages!.data.fill(0.25);
    averageKept.data[0] = 0.8;
    const before = values.data.slice(0, averages!.length);
    network.run(batch, 'update');
    const trained = values.data.slice(0, averages!.length);
    expect(trained).not.toEqual(before);
    averages!.data.forEach((average, index) => {
      expect(average).toBeCloseTo(0.25 * 0.8 + trained[index]! * 0.2, digits);
    });
    const expected = averages!.data.slice();
    network.run(batch, 'swap');
    expect(values.data.slice(0, averages!.length)).toEqual(expected);
    expect(averages!.data).toEqual(trained);
  });
});

it('an average forgets the start in its first steps, and then keeps the share that it is given', () => {
  expect(averageKeptAt(1, 0.99)).toBeCloseTo(2 / 11, digits);
  expect(averageKeptAt(100, 0.99)).toBeCloseTo(101 / 110, digits);
  expect(averageKeptAt(10_000, 0.99)).toBe(0.99);
  expect(averageKeptAt(1, 0.1)).toBe(0.1);
});

it.each([
  {},
  { maxNorm: 3.5 },
  { clipping: { norm: null, value: 0.01 } },
  { weightAveraging: { decay: 0.9 } },
])(
  'a step that moves each parameter at once gives the bits of one that moves all at the end: %o',
  (options) => {
    const [atOnce, atTheEnd] = [networkOf(options), networkOf(options)];
    for (const network of [atOnce, atTheEnd]) {
      network.training.images.data.forEach((_pixel, index, pixels) => (pixels[index] = (index * 37) % 256));
      network.training.averageKept.data[0] = 0.9;
      network.run(batch, 'propagate');
    }
    atOnce.run(batch, 'step');
    atTheEnd.run(batch, 'gradients', 'update');
    expect(tensorsOf(atOnce).map(({ values }) => values)).toEqual(
      tensorsOf(atTheEnd).map(({ values }) => values),
    );
    expect(atOnce.training.averages?.data).toEqual(atTheEnd.training.averages?.data);
  },
);
