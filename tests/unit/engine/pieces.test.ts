import { describe, expect, it } from 'vitest';
import { rowsOfPass } from '../../../src-main/engine/microBatch.ts';
import { passNames, planNetwork, type NetworkPlan } from '../../../src-main/engine/network.ts';
import { rangeStart, type Piece } from '../../../src-main/engine/operation.ts';
import { trainingSpecificationOf } from '../../../src-main/engine/trainingSpecification.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { everyOption, smallRecipe } from './samples.ts';

/** Multiplications and additions that one thread does in some 10 ms. */
const workOfSlice = 4e8;

const wide = { type: 'dense', units: 1024, activation: 'relu' };
const deep: Recipe = { ...smallRecipe, layers: Array.from({ length: 6 }, () => wide), batchSize: 'full' };

const convolutional: Recipe = {
  ...deep,
  layers: [
    { type: 'convolution', filters: 64, kernel: 5, stride: 1, padding: 2, activation: 'relu' },
    { type: 'convolution', filters: 128, kernel: 3, stride: 1, padding: 1, activation: 'relu' },
    { type: 'max-pooling', size: 2, stride: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 256, activation: 'relu' },
  ],
};

function planOf(recipe: Recipe): NetworkPlan {
  const architecture = {
    shape: { height: 28, width: 28, channels: 1 },
    classCount: 10,
    layers: recipe.layers,
  };
  const rows = rowsOfPass(architecture, recipe.batchSize);
  const training = trainingSpecificationOf(recipe, 2000);
  return planNetwork({ architecture, rows, training, precision: 'float32' });
}

/** The arithmetic that the first thread does between two points at which it can stop. */
function workOf({ operation, index, of }: Piece, rows: number): number {
  const { split, unit, work } = operation;
  const count = split === 'rows' ? rows : operation.count;
  return work * (rangeStart(count, unit, index + 1, of) - rangeStart(count, unit, index, of));
}

describe.each([
  ['six dense layers of 1024 units', deep],
  ['the same with every option', { ...deep, ...everyOption }],
  [
    'the same without a limit on all gradients',
    { ...deep, ...everyOption, clipping: { norm: null, value: 1 } },
  ],
  ['wide convolutions', convolutional],
] as const)('a full batch of %s', (_name, recipe) => {
  const plan = planOf(recipe);
  const rows = plan.probabilities.rows;

  it('can be left after every 10 ms of arithmetic of one thread, or after four images that take longer', () => {
    for (const pass of passNames) {
      for (const piece of plan.passes[pass]) {
        const { work, unit } = piece.operation;
        expect(workOf(piece, rows), pass).toBeLessThanOrEqual(Math.max(workOfSlice, unit * work));
      }
    }
  });

  it('is divided no finer than that needs: its pieces are of half of that on average', () => {
    const works = plan.passes.propagate
      .map((piece) => workOf(piece, rows))
      .filter((work) => work > workOfSlice / 100);
    expect(works.reduce((sum, work) => sum + work, 0) / works.length).toBeGreaterThan(workOfSlice / 2);
  });
});
