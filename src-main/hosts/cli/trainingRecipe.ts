// The recipe that `weft train` was asked for: a preset or a file, with the command line's changes, checked.
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { toFileError } from '../../files/fileError.ts';
import { findRecipeProblems } from '../../../src-shared/components.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Catalogue } from '../../../src-shared/schemas/component.ts';
import { recipeLimits, recipeSchema, type Recipe } from '../../../src-shared/schemas/recipe.ts';
import type { GivenOptions } from './givenOptions.ts';
import { didYouMean } from './suggestion.ts';
import { UsageError } from './usageError.ts';

function findPreset(presetId: string): Recipe {
  const preset = presets.find((one) => one.id === presetId);
  if (preset !== undefined) return preset.recipe;
  const known = presets.map((one) => one.id);
  throw new UsageError(
    `There is no preset "${presetId}".${didYouMean(presetId, known)} Known are ${known.join(', ')}.`,
  );
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw toFileError(error, file, 'read');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The recipe "${file}" is not JSON: ${reason}.`);
  }
}

function describeProblem(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const key = issue.path?.at(-1)?.key;
  if (path !== null && issue.kind === 'schema' && issue.type === 'strict_object') {
    return issue.expected === 'never'
      ? `there is no "${String(key)}" in a recipe (${path})`
      : `${path} is missing`;
  }
  return path === null ? issue.message : `${path} ${issue.message}`;
}

/** Reads a recipe of a file; `source` names it in errors. Throws a UsageError that names the first wrong path. */
export function parseRecipe(value: unknown, catalogue: Catalogue, source: string): Recipe {
  const parsed = v.safeParse(recipeSchema, value);
  if (!parsed.success) throw new UsageError(`${source}: ${describeProblem(parsed.issues[0])}.`);
  const [problem] = findRecipeProblems(catalogue, parsed.output);
  if (problem !== undefined) throw new UsageError(`${source}: ${problem.path} ${problem.message}.`);
  return parsed.output;
}

function readBatchSize(options: GivenOptions): Recipe['batchSize'] | undefined {
  return options.text('batch-size') === 'full'
    ? 'full'
    : options.integer('batch-size', recipeLimits.batchSize);
}

/** Throws a UsageError for a wrong choice, `files.…` for a file that can't be read. */
export async function chooseRecipe(options: GivenOptions, catalogue: Catalogue): Promise<Recipe> {
  const presetId = options.text('preset');
  const file = options.text('config');
  if ((presetId === undefined) === (file === undefined)) {
    throw new UsageError('"weft train" needs either --preset ID or --config FILE.json.');
  }
  const epochs = options.integer('epochs', recipeLimits.epochs);
  const seed = options.integer('seed', recipeLimits.seed);
  const batchSize = readBatchSize(options);
  const recipe =
    file === undefined
      ? findPreset(presetId ?? '')
      : parseRecipe(await readJson(file), catalogue, `The recipe "${file}"`);
  return {
    ...recipe,
    ...(epochs === undefined ? {} : { epochs }),
    ...(seed === undefined ? {} : { seed }),
    ...(batchSize === undefined ? {} : { batchSize }),
  };
}
