// What differs between recipes, in the words of the form.
import { findDescription } from '../../src-shared/components.ts';
import type { Catalogue, Component } from '../../src-shared/schemas/component.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { describeLayer, listOptions, listTrainingRows } from './recipeRows.ts';

export interface DifferenceRow {
  /** Tells rows of the same label apart. */
  path: string;
  label: string;
  /** One a recipe; null where the recipe has no such thing. */
  values: (string | null)[];
}

/** What stands at one place of the networks: a layer of each recipe, or null where a recipe has none there. */
type LayerPlace = (Component | null)[];

/** From 0 for layers of different types to 2 for equal ones. */
function likeness(one: Component, other: Component): number {
  if (one.type !== other.type) return 0;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const equal = [...names].filter((name) => one[name] === other[name]).length;
  return 1 + equal / names.size;
}

/**
 * Puts layers of the same type beside one another without changing the order of either network, so that the sum of
 * likenesses is largest (Needleman & Wunsch 1970, gaps for nothing). Layers without a partner stand alone.
 */
function alignLayers(
  places: readonly LayerPlace[],
  layers: readonly Component[],
  networksBefore: number,
): LayerPlace[] {
  const scoreOf = (place: LayerPlace, layer: Component): number =>
    Math.max(...place.map((one) => (one === null ? 0 : likeness(one, layer))));
  // best[i][j]: the largest sum for the places from i and the layers from j on.
  const best = Array.from({ length: places.length + 1 }, () => new Float64Array(layers.length + 1));
  const pairScore = (i: number, j: number): number => {
    const score = scoreOf(places[i]!, layers[j]!);
    return score === 0 ? -1 : score + best[i + 1]![j + 1]!;
  };
  for (let i = places.length - 1; i >= 0; i -= 1) {
    for (let j = layers.length - 1; j >= 0; j -= 1) {
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, pairScore(i, j));
    }
  }
  const aligned: LayerPlace[] = [];
  const absent = Array.from({ length: networksBefore }, () => null);
  let i = 0;
  let j = 0;
  while (i < places.length || j < layers.length) {
    const sum = best[i]![j]!;
    if (i < places.length && j < layers.length && sum === pairScore(i, j)) {
      aligned.push([...places[i]!, layers[j]!]);
      i += 1;
      j += 1;
    } else if (i < places.length && (j === layers.length || sum === best[i + 1]![j])) {
      aligned.push([...places[i]!, null]);
      i += 1;
    } else {
      aligned.push([...absent, layers[j]!]);
      j += 1;
    }
  }
  return aligned;
}

/** The layers of all networks beside one another, those that belong together in one place. */
export function alignNetworks(networks: readonly (readonly Component[])[]): LayerPlace[] {
  return networks.reduce<LayerPlace[]>(alignLayers, []);
}

/** A layer that all have is compared option by option, one that only some have as a whole. */
function layerRows(place: LayerPlace, index: number, catalogue: Catalogue): DifferenceRow[] {
  const known = place.find((layer) => layer !== null);
  if (known === undefined) return [];
  const path = `layers.${index}`;
  const description = findDescription(catalogue.layers, known.type);
  const label = `Layer ${index + 1}: ${description?.label ?? known.type}`;
  const layers = place.filter((layer) => layer !== null);
  if (layers.length < place.length || description === undefined) {
    const values = place.map((layer) =>
      layer === null ? null : describeLayer(catalogue, layer) || 'without options',
    );
    return [{ path, label, values }];
  }
  const options = layers.map((layer) => listOptions(description, layer));
  return description.options.map((option, at) => ({
    path: `${path}.${option.name}`,
    label: `${label}, ${option.label.toLowerCase()}`,
    values: options.map((ofLayer) => ofLayer[at]?.value ?? null),
  }));
}

function trainingRows(recipes: readonly Recipe[], catalogue: Catalogue): DifferenceRow[] {
  const rows: DifferenceRow[] = [];
  recipes.forEach((recipe, column) => {
    for (const { path, label, value } of listTrainingRows(recipe, catalogue)) {
      let row = rows.find((one) => one.path === path);
      if (row === undefined) {
        row = { path, label, values: Array.from({ length: recipes.length }, () => null) };
        rows.splice(placeOf(path, rows), 0, row);
      }
      row.values[column] = value;
    }
  });
  return rows;
}

/** Behind the other options of its component: those that only a later recipe has stand beside those of the first. */
function placeOf(path: string, rows: readonly DifferenceRow[]): number {
  const parent = path.replace(/\.[^.]*$/, '');
  const last = rows.findLastIndex((row) => row.path === parent || row.path.startsWith(`${parent}.`));
  return last < 0 ? rows.length : last + 1;
}

/** Every value that is not the same in all of the recipes. */
export function findRecipeDifferences(recipes: readonly Recipe[], catalogue: Catalogue): DifferenceRow[] {
  const places = alignNetworks(recipes.map(({ layers }) => layers));
  const rows = [
    ...places.flatMap((place, index) => layerRows(place, index, catalogue)),
    ...trainingRows(recipes, catalogue),
  ];
  return rows.filter(({ values }) => values.some((value) => value !== values[0]));
}
