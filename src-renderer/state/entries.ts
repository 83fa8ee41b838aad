// Runs and models of the library, seen as one kind of thing: the entries of Models & runs.
import { findDescription } from '../../src-shared/components.ts';
import type { Catalogue } from '../../src-shared/schemas/component.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { ModelReference, ModelSummary } from '../../src-shared/schemas/model.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunState, RunSummary } from '../../src-shared/schemas/run.ts';
import { describeRecipe } from '../format/recipe.ts';
import { modelKey } from './modelKey.ts';

/** What a list can be narrowed to: how a run ended, or that it is no run but a model that was kept. */
export const entryStates = ['under-way', 'finished', 'stopped', 'interrupted', 'failed', 'library'] as const;
export type EntryState = (typeof entryStates)[number];

export const entryStateLabels: Record<EntryState, string> = {
  'under-way': 'Under way',
  finished: 'Finished',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
  library: 'In the library',
};

const runStateLabels: Record<RunState, string> = {
  preparing: 'Preparing',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

export interface Entry {
  /** The same run or model again, as a plain string. */
  key: string;
  reference: ModelReference;
  /** Null for a model of the library. */
  run: RunSummary | null;
  /** Null for a run. */
  model: ModelSummary | null;
  name: string;
  /** `784-128-64-10 · Adam 0.001 · batch 32` */
  summary: string;
  recipe: Recipe;
  datasetId: string;
  datasetName: string;
  /** ISO 8601. */
  createdAt: string;
  state: EntryState;
  /** `Finished, 10 of 10 epochs` */
  stateText: string;
  tags: readonly string[];
  notes: string;
  /** Of the weights that are kept; null while there are none. */
  validationAccuracy: number | null;
  testAccuracy: number | null;
  testLooks: number;
  parameters: number;
  /** That training took; null where it is not known. */
  seconds: number | null;
  /** Whether there are weights to evaluate, save and export. */
  hasWeights: boolean;
  /** Everything that it can be found by, in small letters. */
  searchText: string;
}

/** The names that the form has for what the recipe is made of. */
function componentLabels({ layers, optimizer, schedule }: Recipe, catalogue: Catalogue): string[] {
  const labelOf = (descriptions: Catalogue['layers'], type: string): string =>
    `${type} ${findDescription(descriptions, type)?.label ?? ''}`;
  return [
    ...new Set(layers.map(({ type }) => labelOf(catalogue.layers, type))),
    labelOf(catalogue.optimizers, optimizer.type),
    labelOf(catalogue.schedules, schedule.type),
  ];
}

/** Letters as they are searched: small and without accents. */
export function toSearchText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function withSearchText(entry: Omit<Entry, 'searchText'>, catalogue: Catalogue): Entry {
  const parts = [
    entry.name,
    ...entry.tags.map((tag) => `#${tag}`),
    entry.notes,
    entry.datasetId,
    entry.datasetName,
    entry.summary,
    entry.stateText,
    entryStateLabels[entry.state],
    ...componentLabels(entry.recipe, catalogue),
  ];
  return { ...entry, searchText: toSearchText(parts.join('\n')) };
}

const stateOfRun: Record<RunState, EntryState> = {
  preparing: 'under-way',
  running: 'under-way',
  paused: 'under-way',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** `dataset` is null where the run's set is not known here. */
export function entryOfRun(run: RunSummary, catalogue: Catalogue, dataset: DatasetSummary | null): Entry {
  const reference: ModelReference = { kind: 'run', runId: run.id };
  const { outcome, recipe, test } = run;
  return withSearchText(
    {
      key: modelKey(reference),
      reference,
      run,
      model: null,
      name: run.name,
      summary: describeRecipe(recipe, catalogue, dataset?.shape ?? null, dataset?.classes.length ?? null),
      recipe,
      datasetId: run.datasetId,
      datasetName: dataset?.name ?? run.datasetId,
      createdAt: run.createdAt,
      state: stateOfRun[run.state],
      stateText: `${runStateLabels[run.state]}, ${outcome.epochs} of ${recipe.epochs} epochs`,
      tags: run.tags,
      notes: run.notes,
      validationAccuracy: outcome.kept?.validationAccuracy ?? null,
      testAccuracy: test?.accuracy ?? null,
      testLooks: test?.looks ?? 0,
      parameters: run.parameters,
      seconds: outcome.epochs === 0 ? null : outcome.seconds,
      hasWeights: run.keptEpoch !== null,
    },
    catalogue,
  );
}

export function entryOfModel(
  model: ModelSummary,
  catalogue: Catalogue,
  dataset: DatasetSummary | null,
): Entry {
  const reference: ModelReference = { kind: 'model', modelId: model.id };
  return withSearchText(
    {
      key: modelKey(reference),
      reference,
      run: null,
      model,
      name: model.name,
      summary: describeRecipe(model.recipe, catalogue, model.shape, model.classes.length),
      recipe: model.recipe,
      datasetId: model.datasetId,
      datasetName: dataset?.name ?? model.datasetId,
      createdAt: model.createdAt,
      state: 'library',
      stateText: entryStateLabels.library,
      tags: model.tags,
      notes: model.notes,
      validationAccuracy: model.validationAccuracy,
      testAccuracy: model.test?.accuracy ?? null,
      testLooks: model.test?.looks ?? 0,
      parameters: model.network.parameters,
      seconds: null,
      hasWeights: true,
    },
    catalogue,
  );
}
