import { describe, expect, it } from 'vitest';
import { LayerKeys } from '../../../../src-renderer/state/layerKeys.ts';
import { duplicateLayer, moveLayer, replaceLayer } from '../../../../src-renderer/state/recipeDraft.ts';
import { defaultPreset } from '../../../../src-shared/presets.ts';

const { recipe } = defaultPreset;

describe('the keys of the layers', () => {
  it('go with a layer that is moved', () => {
    const keys = new LayerKeys();
    const [first, second] = keys.of(recipe.layers);
    expect(keys.of(moveLayer(recipe, 0, 1).layers)).toEqual([second, first]);
  });

  it('stay with a layer that is edited, and are there again when the edit is undone', () => {
    const keys = new LayerKeys();
    const before = keys.of(recipe.layers);
    const edited = { ...recipe.layers[0]!, units: 50 };
    keys.carryOver(recipe.layers[0]!, edited);
    expect(keys.of(replaceLayer(recipe, 0, edited).layers)).toEqual(before);
    expect(keys.of(recipe.layers)).toEqual(before);
  });

  it('are new for a duplicate', () => {
    const keys = new LayerKeys();
    const [first, second] = keys.of(recipe.layers);
    const duplicated = keys.of(duplicateLayer(recipe, 0).layers);
    expect(duplicated[0]).toBe(first);
    expect(duplicated[2]).toBe(second);
    expect(new Set(duplicated).size).toBe(3);
  });

  it('differ where a recipe names one and the same layer twice', () => {
    const layer = { type: 'flatten' };
    expect(new Set(new LayerKeys().of([layer, layer])).size).toBe(2);
  });
});
