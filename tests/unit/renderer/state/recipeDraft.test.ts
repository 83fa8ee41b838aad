import { describe, expect, it } from 'vitest';
import {
  changeType,
  duplicateLayer,
  findDraftProblems,
  insertLayers,
  moveLayer,
  originOf,
  presetOf,
  removeLayer,
  replaceLayer,
  withHonestName,
} from '../../../../src-renderer/state/recipeDraft.ts';
import { presets } from '../../../../src-shared/presets.ts';
import type { Catalogue, ComponentDescription } from '../../../../src-shared/schemas/component.ts';
import type { Recipe } from '../../../../src-shared/schemas/recipe.ts';

const dense: ComponentDescription = {
  type: 'dense',
  label: 'Dense',
  help: '',
  options: [
    { name: 'units', label: 'Units', help: '', kind: 'integer', default: 64, minimum: 1, maximum: 4096 },
    {
      name: 'activation',
      label: 'Activation',
      help: '',
      kind: 'choice',
      default: 'relu',
      choices: [
        { value: 'relu', label: 'ReLU' },
        { value: 'tanh', label: 'tanh' },
      ],
    },
  ],
};
const plain = (type: string): ComponentDescription => ({ type, label: type, help: '', options: [] });
const adam: ComponentDescription = {
  ...plain('adam'),
  options: [
    {
      name: 'learningRate',
      label: 'Learning rate',
      help: '',
      kind: 'number',
      default: 0.001,
      minimum: 1e-8,
      maximum: 10,
      scale: 'log',
    },
  ],
};
const catalogue: Catalogue = {
  layers: [dense],
  initializers: [plain('glorot-uniform'), plain('zeros')],
  optimizers: [adam],
  schedules: [plain('constant')],
};
const recipe: Recipe = presets.find((preset) => preset.id === 'keras-split')!.recipe;
const unitsOf = (draft: Recipe): unknown[] => draft.layers.map((layer) => layer['units']);

describe('findDraftProblems', () => {
  it('finds nothing wrong with a preset', () => {
    expect(findDraftProblems(catalogue, recipe)).toEqual([]);
  });

  it('names the field and what it accepts, once a field', () => {
    const draft: Recipe = {
      ...recipe,
      layers: [{ type: 'dense', units: 5000, activation: 'relu' }],
      batchSize: 0,
      epochs: NaN,
      name: ' ',
      validation: { type: 'stratified', fraction: 0.9 },
    };
    const problems = findDraftProblems(catalogue, draft);
    expect(Object.fromEntries(problems.map((problem) => [problem.path, problem.message]))).toEqual({
      'layers.0.units': 'must be a whole number from 1 to 4096',
      batchSize: 'must be a whole number from 1 to 65536',
      epochs: 'must be a whole number from 1 to 100000',
      name: 'must not be empty',
      'validation.fraction': 'must be a number from 0.01 to 0.5',
    });
    expect(problems.length).toBe(5);
  });
});

describe('editing layers', () => {
  it('inserts layers before one of them or at the end', () => {
    const added = [
      { type: 'dense', units: 8 },
      { type: 'dense', units: 9 },
    ];
    expect(unitsOf(insertLayers(recipe, 0, added))).toEqual([8, 9, 128, 64]);
    expect(unitsOf(insertLayers(recipe, 2, added))).toEqual([128, 64, 8, 9]);
  });

  it('duplicates a layer behind itself, as a layer of its own', () => {
    const { layers } = duplicateLayer(recipe, 0);
    expect(layers[1]).toEqual(layers[0]);
    expect(layers[1]).not.toBe(layers[0]);
    expect(unitsOf(duplicateLayer(recipe, 0))).toEqual([128, 128, 64]);
    expect(duplicateLayer(recipe, 2)).toBe(recipe);
  });

  it('removes, replaces and moves without touching the recipe that it was given', () => {
    expect(unitsOf(removeLayer(recipe, 0))).toEqual([64]);
    expect(unitsOf(replaceLayer(recipe, 1, { type: 'dense', units: 32 }))).toEqual([128, 32]);
    expect(unitsOf(moveLayer(duplicateLayer(recipe, 1), 0, 2))).toEqual([64, 64, 128]);
    expect(unitsOf(recipe)).toEqual([128, 64]);
  });

  it('moves nothing past the ends', () => {
    expect(moveLayer(recipe, 0, -1)).toBe(recipe);
    expect(moveLayer(recipe, 1, 2)).toBe(recipe);
  });

  it('carries over what a layer of another type knows and accepts', () => {
    const changed = changeType(dense, { type: 'other', units: 9999, activation: 'tanh', depth: 3 });
    expect(changed).toEqual({ type: 'dense', units: 64, activation: 'tanh' });
  });
});

describe('the name of an edited preset', () => {
  it('says that the preset was edited, and no longer when the edit is taken back', () => {
    const edited = withHonestName({ ...recipe, epochs: 3 });
    expect(edited.name).toBe('keras-split edited');
    expect(presetOf(edited)).toBeUndefined();
    expect(originOf(edited)?.id).toBe('keras-split');
    expect(withHonestName({ ...edited, epochs: recipe.epochs }).name).toBe('keras-split');
  });

  it('stays with another seed: it is the same recipe', () => {
    expect(withHonestName({ ...recipe, seed: 7 }).name).toBe('keras-split');
  });

  it('stays what the person made it', () => {
    expect(withHonestName({ ...recipe, name: 'mine', epochs: 3 }).name).toBe('mine');
  });

  it('knows every preset by its recipe', () => {
    for (const preset of presets) expect(presetOf(preset.recipe)).toBe(preset);
  });
});
