// A recipe while it is edited: its numbers may be out of range or missing (NaN) until the person is done. Every edit
// gives a new draft; nothing is changed in place, so that edits can be undone.
import * as v from 'valibot';
import {
  defaultComponent,
  findRecipeProblems,
  isAccepted,
  type Problem,
} from '../../src-shared/components.ts';
import { presets, type Preset } from '../../src-shared/presets.ts';
import type { Catalogue, Component, ComponentDescription } from '../../src-shared/schemas/component.ts';
import { recipeSchema, type Recipe } from '../../src-shared/schemas/recipe.ts';

/** Everything that is wrong with the draft, at most one message a field. Empty when it can be trained. */
export function findDraftProblems(catalogue: Catalogue, draft: Recipe): Problem[] {
  const problems = new Map<string, Problem>();
  // The catalogue's words go first: they name what the option accepts.
  for (const problem of findRecipeProblems(catalogue, draft)) problems.set(problem.path, problem);
  for (const issue of v.safeParse(recipeSchema, draft).issues ?? []) {
    const path = v.getDotPath(issue) ?? '';
    if (!problems.has(path)) problems.set(path, { path, message: issue.message });
  }
  return [...problems.values()];
}

/** The value with keys in a fixed order: equal text then means equal values. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** The preset that the draft is, but for its name and seed; undefined when it was changed. */
export function presetOf(draft: Recipe): Preset | undefined {
  return presets.find((preset) =>
    isSame({ ...preset.recipe, name: '', seed: 0 }, { ...draft, name: '', seed: 0 }),
  );
}

const editedName = (preset: Preset): string => `${preset.id} edited`;

/** The preset that the draft was made from, as its name tells. */
export function originOf(draft: Recipe): Preset | undefined {
  return presets.find((preset) => draft.name === preset.id || draft.name === editedName(preset));
}

/** A changed preset must not go by the preset's name; a name that the person gave stays. */
export function withHonestName(draft: Recipe): Recipe {
  const origin = originOf(draft);
  if (origin === undefined) return draft;
  return { ...draft, name: presetOf(draft) === origin ? origin.id : editedName(origin) };
}

/** A component of another type: what both know and the new one accepts is carried over. */
export function changeType(description: ComponentDescription, previous: Component): Component {
  const component = defaultComponent(description);
  for (const option of description.options) {
    const value = previous[option.name];
    if (value !== undefined && isAccepted(option, value)) component[option.name] = value;
  }
  return component;
}

/** Puts layers before the one at `index`, or at the end. */
export function insertLayers(draft: Recipe, index: number, layers: readonly Component[]): Recipe {
  return { ...draft, layers: draft.layers.toSpliced(index, 0, ...layers) };
}

/** Puts a copy of the layer behind it. */
export function duplicateLayer(draft: Recipe, index: number): Recipe {
  const layer = draft.layers[index];
  return layer === undefined ? draft : insertLayers(draft, index + 1, [{ ...layer }]);
}

export function removeLayer(draft: Recipe, index: number): Recipe {
  return { ...draft, layers: draft.layers.filter((_, at) => at !== index) };
}

/** Puts the layer at `from` where `to` is; positions past the ends change nothing. */
export function moveLayer(draft: Recipe, from: number, to: number): Recipe {
  const layer = draft.layers[from];
  if (layer === undefined || to < 0 || to >= draft.layers.length || from === to) return draft;
  return { ...draft, layers: removeLayer(draft, from).layers.toSpliced(to, 0, layer) };
}

export function replaceLayer(draft: Recipe, index: number, layer: Component): Recipe {
  return { ...draft, layers: draft.layers.with(index, layer) };
}
