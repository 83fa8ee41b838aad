import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src-main/engine/catalogue.ts';
import { outlineNetwork, summarizeNetwork } from '../../../src-main/engine/summary.ts';
import { findRecipeProblems, isAccepted } from '../../../src-shared/components.ts';
import { defaultPreset, presets } from '../../../src-shared/presets.ts';
import { smallRecipe } from './samples.ts';

const shape = { height: 28, width: 28, channels: 1 };

describe('the summary of a network', () => {
  it('states shapes, parameters and arithmetic', () => {
    const { inputShape, layers, parameters, operationsPerImage } = summarizeNetwork(
      defaultPreset.recipe,
      shape,
      10,
    );
    expect(inputShape).toEqual([28, 28, 1]);
    expect(layers.map(({ label }) => label)).toEqual([
      'Dense 128, ReLU',
      'Dense 64, ReLU',
      'Dense 10, Linear',
    ]);
    expect(layers.map(({ outputShape }) => outputShape)).toEqual([[128], [64], [10]]);
    expect(layers.map((layer) => layer.parameters)).toEqual([784 * 128 + 128, 128 * 64 + 64, 64 * 10 + 10]);
    expect(parameters).toBe(109_386);
    expect(operationsPerImage).toBe(2 * (784 * 128 + 128 * 64 + 64 * 10));
  });

  it('counts weights, gradients, moments and activations as memory', () => {
    const { memoryBytes } = summarizeNetwork(defaultPreset.recipe, shape, 10);
    const least = 4 * 109_386 * 4;
    expect(memoryBytes).toBeGreaterThan(least);
    expect(memoryBytes).toBeLessThan(1.6 * least);
  });

  it('keeps a full batch of any size within bounds', () => {
    const wide = { ...smallRecipe, batchSize: 'full' as const, layers: [{ type: 'dense', units: 4096 }] };
    expect(summarizeNetwork(wide, shape, 10).memoryBytes).toBeLessThan(256 * 2 ** 20);
  });

  it('keeps the activations of a deep network within bounds', () => {
    const layers = Array.from({ length: 60 }, () => ({ type: 'dense', units: 1000 }));
    const deep = {
      ...smallRecipe,
      batchSize: 'full' as const,
      layers,
      optimizer: { type: 'gradient-descent' },
    };
    const { memoryBytes, parameters } = summarizeNetwork(deep, shape, 10);
    const weightsAndGradients = 2 * 4 * parameters;
    expect(memoryBytes - weightsAndGradients).toBeLessThan(384 * 2 ** 20);
  });

  it('says when a network is larger than the engine can address', () => {
    const layers = Array.from({ length: 30 }, () => ({ type: 'dense', units: 4096 }));
    expect(() => summarizeNetwork({ ...smallRecipe, layers }, shape, 10)).toThrow(
      expect.objectContaining({ code: 'network.too-large' }),
    );
  });

  it('refuses what the engine can not train', () => {
    const optimizer = { type: 'adam', learningRate: -1 };
    expect(() => summarizeNetwork({ ...smallRecipe, optimizer }, shape, 10)).toThrow(
      expect.objectContaining({ code: 'recipe.invalid' }),
    );
  });
});

describe('the outline of a network that is still being made', () => {
  const convolution = { type: 'convolution', filters: 4, kernel: 3, padding: 0 };
  const layers = [convolution, { type: 'max-pooling', size: 2, stride: 2 }, { type: 'dense', units: 8 }];

  it('is the summary where every layer fits', () => {
    const recipe = { ...smallRecipe, layers };
    expect(outlineNetwork(recipe, shape, 10)).toEqual({
      ...summarizeNetwork(recipe, shape, 10),
      problem: null,
    });
  });

  it('names the first layer that does not fit and sums up those before it', () => {
    const recipe = { ...smallRecipe, layers: [...layers, { type: 'max-pooling' }, convolution] };
    const outline = outlineNetwork(recipe, shape, 10);
    expect(outline.problem).toMatchObject({ layer: 3, error: { code: 'layer.impossible' } });
    expect(outline.problem?.error.message).toMatch(/a row of 8 numbers/);
    expect(outline.layers.map(({ outputShape }) => outputShape)).toEqual([[26, 26, 4], [13, 13, 4], [8]]);
    expect(outline.parameters).toBe(9 * 4 + 4 + 13 * 13 * 4 * 8 + 8);
  });

  it('says which window does not fit on which input', () => {
    const recipe = { ...smallRecipe, layers: [layers[1]!, { type: 'max-pooling', size: 15, stride: 1 }] };
    const { layers: placed, problem } = outlineNetwork(recipe, shape, 10);
    expect(placed.map(({ outputShape }) => outputShape)).toEqual([[14, 14, 1]]);
    expect(problem?.error.message).toMatch(/15 x 15 does not fit on an input of 14 x 14/);
  });

  it('is never of a network that could be trained: the summary refuses it, naming the layer', () => {
    const recipe = { ...smallRecipe, layers: [{ type: 'dense', units: 8 }, convolution] };
    const summarize = (): unknown => summarizeNetwork(recipe, shape, 10);
    expect(summarize).toThrow(expect.objectContaining({ code: 'recipe.invalid' }));
    expect(summarize).toThrow(/layers\.1 .* a row of 8 numbers/);
  });
});

describe('the catalogue', () => {
  const descriptions = Object.values(catalogue).flat();

  it.each(descriptions)('accepts the defaults of $type', ({ options }) => {
    for (const option of options) expect(isAccepted(option, option.default), option.name).toBe(true);
  });

  it.each(descriptions)('gives logarithmic options of $type a range without zero', ({ options }) => {
    for (const option of options) {
      if (option.kind === 'number' && option.scale === 'log') expect(option.minimum).toBeGreaterThan(0);
    }
  });

  it.each(presets)('knows everything in the preset $id', ({ recipe }) => {
    expect(findRecipeProblems(catalogue, recipe)).toEqual([]);
  });
});
