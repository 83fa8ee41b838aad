// What a model file says of itself in the `__metadata__` of its safetensors header: one JSON value a key.
import * as v from 'valibot';
import { findComponentProblems, findRecipeProblems } from '../../src-shared/components.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { correctionListSchema, correctionsSummarySchema } from '../../src-shared/schemas/correction.ts';
import { componentSchema } from '../../src-shared/schemas/component.ts';
import { imageShapeSchema } from '../../src-shared/schemas/dataset.ts';
import { recipeSchema } from '../../src-shared/schemas/recipe.ts';
import { testResultSchema } from '../../src-shared/schemas/run.ts';
import { temperatureSchema } from '../../src-shared/schemas/model.ts';
import { catalogue } from '../engine/catalogue.ts';
import { summarizeCorrections, type Corrections } from '../files/corrections.ts';

/** The version of the metadata that this build writes; it reads no other. */
export const modelFormatVersion = 1;
/** A pixel of 0 to 255 enters the network as `pixel * scale`. */
export const pixelScale = 1 / 255;
/** Labels are bytes, so there are at most this many classes. */
export const classLimit = 256;
const sideLimit = 4096;

const sideSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(sideLimit));
const textSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const architectureSchema = v.strictObject({
  shape: v.strictObject({
    ...imageShapeSchema.entries,
    height: sideSchema,
    width: sideSchema,
    channels: sideSchema,
  }),
  classCount: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(classLimit)),
  layers: v.array(componentSchema),
});

/** What training made of the model, at the epoch whose weights these are. */
export const modelResultsSchema = v.strictObject({
  /** The epoch (from 1) of the weights; 0 for a network that was not trained. */
  epoch: v.number(),
  trainLoss: v.nullable(v.number()),
  trainAccuracy: v.nullable(v.number()),
  validationLoss: v.nullable(v.number()),
  validationAccuracy: v.nullable(v.number()),
  test: v.nullable(testResultSchema),
});
export type ModelResults = v.InferOutput<typeof modelResultsSchema>;

export const modelMetadataSchema = v.strictObject({
  name: textSchema,
  /** ISO 8601. */
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  /** The Weft that wrote the file. */
  weftVersion: v.string(),
  architecture: architectureSchema,
  preprocessing: v.strictObject({ scale: v.literal(pixelScale) }),
  /** Names in the order of the network's outputs. */
  classes: v.array(textSchema),
  recipe: recipeSchema,
  dataset: v.strictObject({
    id: v.string(),
    fingerprint: v.string(),
    /** Which of its corrections the model was trained with; absent for none. */
    corrections: v.exactOptional(correctionsSummarySchema),
  }),
  results: modelResultsSchema,
  /** What the logits are divided by; absent where none was fitted. */
  temperature: v.exactOptional(temperatureSchema),
  /** The corrections themselves; absent for none. */
  corrections: v.exactOptional(correctionListSchema),
  /** What the person made of the base learning rate after so many steps; absent where it stayed the recipe's. */
  learningRateChanges: v.exactOptional(
    v.array(
      v.strictObject({ step: v.pipe(v.number(), v.integer(), v.minValue(0)), learningRate: v.number() }),
    ),
  ),
});
export type ModelMetadata = v.InferOutput<typeof modelMetadataSchema>;

/** Those of its dataset that the model was trained with; null for none. */
export function correctionsOf({ dataset, corrections }: ModelMetadata): Corrections | null {
  return corrections === undefined ? null : { dataset, list: corrections };
}

/** The key of the format's version; no other tool writes it. */
export const versionKey = 'weftFormat';
const refuse = (what: string, fileName: string, message: string, remedy?: string): WeftError =>
  new WeftError(`model.${what}`, `"${fileName}" can't be used as a model: ${message}.`, remedy);

/** The metadata as the header's map of text: each value is JSON. */
export function writeModelMetadata(metadata: ModelMetadata): Map<string, string> {
  return new Map([
    [versionKey, String(modelFormatVersion)],
    ...Object.entries(metadata).map(([key, value]): [string, string] => [key, JSON.stringify(value)]),
  ]);
}

function readVersion(values: ReadonlyMap<string, string>, fileName: string): void {
  const version = values.get(versionKey);
  if (version === undefined) {
    throw refuse(
      'not-weft',
      fileName,
      `its metadata has no "${versionKey}", so it was not written by Weft`,
      'Choose a model that was saved or exported in Weft.',
    );
  }
  if (version !== String(modelFormatVersion)) {
    throw refuse(
      'unknown-version',
      fileName,
      `it has format version ${version.slice(0, 20)}, and this Weft reads version ${modelFormatVersion}`,
      'Open it with the Weft that wrote it, or a newer one.',
    );
  }
}

/** What a model need not have. */
const optionalKeys: readonly string[] = ['temperature', 'corrections', 'learningRateChanges'];

function parseValues(values: ReadonlyMap<string, string>, fileName: string): ModelMetadata {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(modelMetadataSchema.entries)) {
    const text = values.get(key);
    if (text === undefined && optionalKeys.includes(key)) continue;
    if (text === undefined) throw refuse('wrong-metadata', fileName, `its metadata has no "${key}"`);
    try {
      raw[key] = JSON.parse(text);
    } catch {
      throw refuse('wrong-metadata', fileName, `the "${key}" of its metadata is not JSON`);
    }
  }
  const parsed = v.safeParse(modelMetadataSchema, raw);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const place = v.getDotPath(issue) ?? 'metadata';
    throw refuse('wrong-metadata', fileName, `the ${place} of its metadata is wrong (${issue.message})`);
  }
  return parsed.output;
}

/**
 * The metadata of a model file, checked against everything this build can run. Throws `model.not-weft`,
 * `model.unknown-version`, `model.wrong-metadata`, `model.wrong-recipe`, `model.wrong-architecture`.
 */
export function readModelMetadata(values: ReadonlyMap<string, string>, fileName: string): ModelMetadata {
  readVersion(values, fileName);
  const metadata = parseValues(values, fileName);
  const { architecture, classes, recipe } = metadata;
  const [recipeProblem] = findRecipeProblems(catalogue, recipe);
  if (recipeProblem !== undefined) {
    throw refuse('wrong-recipe', fileName, `${recipeProblem.path} of its recipe ${recipeProblem.message}`);
  }
  const [layerProblem] = architecture.layers.flatMap((layer, index) =>
    findComponentProblems(catalogue.layers, layer, `layers.${index}`),
  );
  if (layerProblem !== undefined) {
    throw refuse('wrong-architecture', fileName, `its ${layerProblem.path} ${layerProblem.message}`);
  }
  if (classes.length !== architecture.classCount) {
    throw refuse(
      'wrong-architecture',
      fileName,
      `it names ${classes.length} classes but its architecture has ${architecture.classCount}`,
    );
  }
  const corrections = correctionsOf(metadata);
  const fingerprint = corrections === null ? null : summarizeCorrections(corrections)?.fingerprint;
  if ((metadata.dataset.corrections?.fingerprint ?? null) !== (fingerprint ?? null)) {
    throw refuse('wrong-metadata', fileName, 'the corrections of its metadata are not those of its dataset');
  }
  return metadata;
}
