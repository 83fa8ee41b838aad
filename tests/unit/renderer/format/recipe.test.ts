import { describe, expect, it } from 'vitest';
import { describeAugmentation, describeRecipe } from '../../../../src-renderer/format/recipe.ts';
import { presets } from '../../../../src-shared/presets.ts';
import type { Catalogue } from '../../../../src-shared/schemas/component.ts';
import { noAugmentation, type Augmentation } from '../../../../src-shared/schemas/recipe.ts';

const catalogue: Catalogue = {
  layers: [],
  initializers: [],
  schedules: [],
  optimizers: [
    {
      type: 'adam',
      label: 'Adam',
      help: '',
      options: [
        {
          kind: 'number',
          name: 'learningRate',
          label: 'Learning rate',
          help: '',
          default: 0.002,
          minimum: 0,
          maximum: 1,
          scale: 'log',
        },
      ],
    },
  ],
};
const shape = { height: 28, width: 28, channels: 1 };
const recipeOf = (id: string) => presets.find((preset) => preset.id === id)!.recipe;

describe('augmentation in one line', () => {
  it('names what is changed and how far, but not how what is off would be done', () => {
    expect(describeAugmentation(noAugmentation)).toBe('none');
    expect(describeAugmentation({ ...noAugmentation, erasedArea: 0.3 })).toBe('none');
    expect(
      describeAugmentation({
        ...noAugmentation,
        horizontalFlip: true,
        translation: 2,
        rotation: 10,
        noise: 0.1,
      }),
    ).toBe('flips, translation 2 px, rotation 10°, noise 0.1');
  });

  it('is told shortly beside the rest of a recipe', () => {
    const recipe = recipeOf('keras-split');
    const describeWith = (augmentation: Partial<Augmentation>): string =>
      describeRecipe(
        { ...recipe, augmentation: { ...noAugmentation, ...augmentation } },
        catalogue,
        shape,
        10,
      );
    expect(describeWith({ horizontalFlip: true })).toBe('784-128-64-10 · Adam 0.001 · batch 32 · with flips');
    expect(describeWith({ shear: 5, noise: 0.1 })).toContain(' · with shear and 1 more change');
    expect(describeWith({ shear: 5, noise: 0.1, erasing: 1 })).toContain(' · with shear and 2 more changes');
  });
});

describe('a recipe in one line', () => {
  it('names the widths from the image to the classes, the optimizer and the batch', () => {
    expect(describeRecipe(recipeOf('keras-split'), catalogue, shape, 10)).toBe(
      '784-128-64-10 · Adam 0.001 · batch 32',
    );
  });

  it('names the layers of a convolutional network, but not those that go without saying', () => {
    const layers = [
      { type: 'convolution', filters: 32 },
      { type: 'batch-norm' },
      { type: 'max-pooling' },
      { type: 'flatten' },
      { type: 'dense', units: 128 },
      { type: 'dropout', rate: 0.5 },
    ];
    const described = describeRecipe({ ...recipeOf('keras-split'), layers }, catalogue, shape, 10);
    expect(described).toMatch(/^28×28-conv32-pool-128-10 · /);
  });

  it('says full batch where each step takes every image, and the type of an optimizer it does not know', () => {
    expect(describeRecipe(recipeOf('numpy-full-batch'), catalogue, shape, 10)).toBe(
      '784-10-10 · gradient-descent 0.1 · full batch',
    );
  });

  it('leaves out the ends of a dataset that is gone', () => {
    expect(describeRecipe(recipeOf('numpy-plain'), catalogue, null, null)).toMatch(/^128 · /);
  });

  it("takes the catalogue's learning rate where the recipe leaves it out", () => {
    const recipe = { ...recipeOf('keras-split'), optimizer: { type: 'adam' } };
    expect(describeRecipe(recipe, catalogue, shape, 10)).toContain('Adam 0.002');
  });
});
