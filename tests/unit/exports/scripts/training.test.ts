import { beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../../scripts/testing/findPython.mjs';
import { knownRecipeFields } from '../../../../src-main/exports/scripts/obstacles.ts';
import { noAugmentation, recipeSchema } from '../../../../src-shared/schemas/recipe.ts';
import { augmentations, baseRecipe, optionCases, recipeCases } from '../../../python/scriptCases.ts';
import {
  augmentInPython,
  largestDifference,
  trainInPython,
  type TrainedInPython,
} from '../../../python/scriptRuns.ts';
import { augmentCase, trainCase, type TrainedCase } from '../../../python/weftSide.ts';

/** What is promised of ten steps in float32. */
const lossTolerance = 1e-4;
/** A step moves a weight by what its gradient's rounding is worth, times the rate: some ten times the losses' share. */
const tensorTolerance = 1e-3;
/** Less than one image of a batch. */
const accuracyTolerance = 1e-3;
/** The rates are the same formula in float64. */
const rateTolerance = 1e-12;
/** An option that changes a loss by less would go unnoticed where a script left it out. */
const leastChange = 1e-3;
/** Starting a Python with PyTorch takes seconds on a busy machine. */
const timeoutMs = 120_000;
const steps = 10;

const programs = {
  numpy: { python: findPython('numpy'), reason: 'needs a Python with NumPy' },
  pytorch: { python: findPython('torch'), reason: 'needs a Python with NumPy and PyTorch' },
};

/** More images than one pass takes: normalized and mixed pass by pass. */
const large = recipeCases.find(({ name }) => name === 'everything with Adam in one batch')!;
const largeCases = [
  { ...large, name: 'more images than a pass takes', options: { steps: 3, imageCount: 1400 } },
];

/** The rate is set by hand, before the first step and within an epoch. */
const changedCases = ['Adam', 'schedule cosine', 'schedule plateau'].map((name) => ({
  ...recipeCases.find((one) => one.name === name)!,
  name: `${name}, its rate set by hand`,
  options: {
    steps,
    learningRateChanges: [
      { step: 0, learningRate: 0.02 },
      { step: 4, learningRate: 0.007 },
    ],
  },
}));

const cases = [...recipeCases.map((one) => ({ ...one, options: { steps } })), ...largeCases, ...changedCases];

/** What differs by more than is promised, and by how many times that. */
function findDifferences(weft: TrainedCase, own: TrainedInPython): string[] {
  const distances = {
    losses: largestDifference(weft.losses, own.losses) / lossTolerance,
    validations: largestDifference(weft.validations, own.validations) / lossTolerance,
    accuracies: largestDifference(weft.accuracies, own.accuracies) / accuracyTolerance,
    rates: largestDifference(weft.rates, own.rates) / rateTolerance,
    ...Object.fromEntries(
      weft.tensors.map(({ name, data }) => [
        name,
        largestDifference(data, own.tensors[name] ?? []) / tensorTolerance,
      ]),
    ),
  };
  return Object.entries(distances)
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `${what} by ${times.toPrecision(2)} tolerances`);
}

describe('exported training scripts', () => {
  let trained: TrainedCase[];
  beforeAll(async () => {
    trained = await Promise.all(cases.map(({ recipe, options }) => trainCase(recipe, options)));
  }, timeoutMs);

  for (const framework of ['numpy', 'pytorch'] as const) {
    const { python, reason } = programs[framework];
    describe.skipIf(python === undefined)(`in ${framework} (${reason})`, () => {
      let own: TrainedInPython[];
      beforeAll(() => {
        const orders = trained.map(({ archive }, index) => {
          return { files: archive(framework), steps: cases[index]!.options.steps };
        });
        own = trainInPython(python ?? '', orders);
      }, timeoutMs);

      it('take the steps that Weft takes, with every optimizer, schedule, option and layer', () => {
        const differences = cases.flatMap(({ name }, index) => {
          const far = findDifferences(trained[index]!, own[index]!);
          return far.length === 0 ? [] : [`${name}: ${far.join(', ')}`];
        });
        expect(differences).toEqual([]);
      });

      it('are clean Python that has nothing it does not use', () => {
        expect([...new Set(own.flatMap(({ problems }) => problems))]).toEqual([]);
      });
    });
  }

  it.skipIf(programs.numpy.python === undefined)(
    `change images byte for byte as Weft does (${programs.numpy.reason})`,
    () => {
      const [key, first] = [3_000_000_019, 1234];
      const shapes = [
        { height: 28, width: 28, channels: 1 },
        { height: 5, width: 7, channels: 3 },
      ];
      const changed = shapes.flatMap((shape) =>
        augmentations.map((augmentation) =>
          augmentCase({ ...noAugmentation, ...augmentation }, shape, key, first),
        ),
      );
      const own = augmentInPython(
        programs.numpy.python ?? '',
        changed.map(({ archive }) => ({ files: archive('numpy'), key, first })),
      );
      expect(own).toEqual(changed.map(({ pixels }) => [...pixels]));
    },
    timeoutMs,
  );

  it('know every field of a recipe', () => {
    expect(
      Object.keys(recipeSchema.entries).filter((field) => !knownRecipeFields.some((one) => one === field)),
    ).toEqual([]);
  });

  it('are compared on recipes whose options change what Weft computes', async () => {
    const plain = await trainCase(baseRecipe, { steps });
    const idle = optionCases.filter(({ name }) => {
      const weft = trained[cases.findIndex((one) => one.name === name)]!;
      return largestDifference(weft.losses, plain.losses) < leastChange;
    });
    expect(idle).toEqual([]);
  });
});
