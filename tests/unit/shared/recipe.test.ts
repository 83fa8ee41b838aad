import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../src-shared/presets.ts';
import { noAugmentation, plainOptions, recipeSchema } from '../../../src-shared/schemas/recipe.ts';

const recipe = presets[0]!.recipe;

describe('the schema of a recipe', () => {
  it('reads recipes from before these options as ones without them', () => {
    const older = Object.fromEntries(Object.entries(recipe).filter(([name]) => !(name in plainOptions)));
    expect(Object.keys(older)).not.toContain('mixup');
    expect(v.parse(recipeSchema, older)).toEqual({ ...recipe, ...plainOptions });
  });

  it.each([
    { labelSmoothing: 0.5 },
    { classWeights: 'balanced' },
    { mixup: 2 },
    { augmentation: { ...noAugmentation, horizontalFlip: true, rotation: 10 } },
    { clipping: { norm: 1, value: null } },
    { clipping: { norm: null, value: 0.5 } },
    { maxNorm: 3 },
    { weightAveraging: { decay: 0.999 } },
  ])('takes %j', (option) => {
    expect(v.parse(recipeSchema, { ...recipe, ...option })).toEqual({ ...recipe, ...option });
  });

  it('leaves out every change of images that augmentation does not name', () => {
    const { augmentation } = v.parse(recipeSchema, { ...recipe, augmentation: { noise: 0.1 } });
    expect(augmentation).toEqual({ ...noAugmentation, noise: 0.1 });
  });

  it.each([
    ['labelSmoothing', { labelSmoothing: 0.6 }, 'must be a number from 0 to 0.5'],
    ['classWeights', { classWeights: 'equal' }, 'must be "none" or "balanced"'],
    ['mixup', { mixup: -1 }, 'must be a number from 0 to 2'],
    ['augmentation.horizontalFlip', { augmentation: { horizontalFlip: 1 } }, 'must be true or false'],
    [
      'augmentation.translation',
      { augmentation: { translation: 1.5 } },
      'must be a whole number from 0 to 64',
    ],
    ['augmentation.rotation', { augmentation: { rotation: 181 } }, 'must be a number from 0 to 180'],
    ['clipping.norm', { clipping: { norm: 0, value: null } }, 'must be a number from 0.000001 to 1000000'],
    ['maxNorm', { maxNorm: Number.NaN }, 'must be a number from 0.01 to 1000'],
    ['weightAveraging.decay', { weightAveraging: { decay: 1 } }, 'must be a number from 0 to 0.99999'],
  ])('refuses a wrong %s and says what it must be', (path, option, sentence) => {
    const { issues } = v.safeParse(recipeSchema, { ...recipe, ...option });
    expect(issues!.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([[path, sentence]]);
  });
});
