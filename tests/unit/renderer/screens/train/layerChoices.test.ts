import { describe, expect, it } from 'vitest';
import {
  divideOptions,
  groupLayers,
  listStartingPoints,
} from '../../../../../src-renderer/screens/train/layerChoices.ts';
import { catalogue } from '../../../../../src-main/engine/catalogue.ts';
import { outlineNetwork } from '../../../../../src-main/engine/summary.ts';
import { findRecipeProblems } from '../../../../../src-shared/components.ts';
import { defaultPreset } from '../../../../../src-shared/presets.ts';

const unknown = { type: 'hologram', label: 'Hologram', help: '', options: [] };
const convolution = catalogue.layers.find(({ type }) => type === 'convolution')!;
const namesOf = (options: readonly { name: string }[]): string[] => options.map(({ name }) => name);

describe('the menu of layers', () => {
  it('offers every layer of the catalogue in a group, each once', () => {
    const groups = groupLayers(catalogue.layers);
    const offered = groups.flatMap(({ layers }) => layers.map(({ type }) => type));
    expect(offered.toSorted()).toEqual(catalogue.layers.map(({ type }) => type).toSorted());
    expect(groups.map(({ title }) => title)).not.toContain('More');
  });

  it('offers layers that it has no group for after the others, and no empty group', () => {
    expect(groupLayers([unknown, convolution])).toEqual([
      { title: 'Convolution & pooling', layers: [convolution] },
      { title: 'More', layers: [unknown] },
    ]);
  });
});

describe("a layer's row", () => {
  it('shows what decides most and folds the rest, every option in one of the two', () => {
    const { inView, folded } = divideOptions(convolution);
    expect(namesOf(inView)).toEqual(['filters', 'kernel', 'activation']);
    expect(namesOf(folded)).toEqual(['stride', 'padding']);
    for (const description of catalogue.layers) {
      const divided = divideOptions(description);
      expect(divided.inView.length + divided.folded.length).toBe(description.options.length);
    }
  });
});

describe('the starting points', () => {
  const shape = { height: 28, width: 28, channels: 1 };

  it.each(listStartingPoints(catalogue.layers))(
    'give a network that can be trained: $title',
    ({ layers }) => {
      const recipe = { ...defaultPreset.recipe, layers };
      expect(findRecipeProblems(catalogue, recipe)).toEqual([]);
      expect(outlineNetwork(recipe, shape, 10).problem).toBeNull();
    },
  );

  it('are both there, and only the dense one where there are no convolutions', () => {
    const titles = listStartingPoints(catalogue.layers).map(({ title }) => title);
    expect(titles).toEqual(['Convolutional network', 'Dense network']);
    const dense = catalogue.layers.filter(({ type }) => type === 'dense');
    expect(listStartingPoints(dense).map(({ title }) => title)).toEqual(['Dense network']);
  });
});
