// Every command and every event between the page and the core, in one table. The client and the server are derived
// from it: a new command is one row here and one handler in src-main/app, and a compile error wherever it is missing.
import * as v from 'valibot';
import { notesSchema, tagsSchema } from './schemas/annotation.ts';
import { bytesSchema } from './schemas/bytes.ts';
import { catalogueSchema } from './schemas/component.ts';
import {
  datasetDetailsSchema,
  datasetSummarySchema,
  downloadProgressSchema,
  imageShapeSchema,
  splitSchema,
} from './schemas/dataset.ts';
import { idSchema } from './schemas/identifier.ts';
import { evaluationSchema, modelReferenceSchema, modelSummarySchema } from './schemas/model.ts';
import { networkOutlineSchema } from './schemas/network.ts';
import { provenanceSchema } from './schemas/provenance.ts';
import { recipeSchema } from './schemas/recipe.ts';
import { runHistorySchema, runProgressSchema, runSummarySchema } from './schemas/run.ts';
import { settingsSchema } from './schemas/settings.ts';

const nothing = v.strictObject({});
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(120));
const annotationChanges = { tags: v.optional(tagsSchema), notes: v.optional(notesSchema) };

/** Images asked for at once: a few screens of thumbnails. */
export const imagesPerRequest = 2000;
/** The largest model file that is accepted. */
export const modelFileLimitBytes = 512 * 1024 * 1024;

export const commands = {
  'app.describe': {
    input: nothing,
    output: v.strictObject({
      version: v.string(),
      host: v.picklist(['electron', 'browser', 'cli']),
      dataDirectory: v.string(),
      /** The arithmetic that training will run on, chosen by a self-check at start. */
      kernels: v.string(),
      /** Every build of that arithmetic that works on this machine, fastest first. */
      usableKernels: v.array(v.string()),
      cores: v.number(),
      catalogue: catalogueSchema,
    }),
  },
  'settings.read': { input: nothing, output: settingsSchema },
  'settings.change': { input: v.partial(settingsSchema), output: settingsSchema },

  'dataset.list': { input: nothing, output: v.array(datasetSummarySchema) },
  'dataset.describe': { input: v.strictObject({ datasetId: idSchema }), output: datasetDetailsSchema },
  /** Pixels of the images asked for, `(count, height, width, channels)`. */
  'dataset.images': {
    input: v.strictObject({
      datasetId: idSchema,
      split: splitSchema,
      indices: v.pipe(v.array(index), v.maxLength(imagesPerRequest)),
    }),
    output: v.strictObject({ shape: imageShapeSchema, pixels: bytesSchema }),
  },
  /** Answers when the set is ready, or with the error that stopped it. */
  'dataset.download': { input: v.strictObject({ datasetId: idSchema }), output: datasetSummarySchema },
  'dataset.cancelDownload': { input: v.strictObject({ datasetId: idSchema }), output: nothing },

  /** Shapes, parameters and memory of a recipe's network on a dataset, before training; which layer is impossible, if one is. */
  'network.plan': {
    input: v.strictObject({ recipe: recipeSchema, datasetId: idSchema }),
    output: networkOutlineSchema,
  },

  'run.list': { input: nothing, output: v.array(runSummarySchema) },
  /** Starts the only training there can be at a time; answers when it has begun. */
  'run.start': {
    input: v.strictObject({
      recipe: recipeSchema,
      datasetId: idSchema,
      name: v.optional(name),
      /** 0 lets Weft choose. */
      threads: v.optional(count, 0),
      /** Begin paused, to go step by step from the first batch. */
      paused: v.optional(v.boolean(), false),
    }),
    output: runSummarySchema,
  },
  'run.pause': { input: v.strictObject({ runId: idSchema }), output: nothing },
  'run.resume': { input: v.strictObject({ runId: idSchema }), output: nothing },
  /** One batch, then paused again. */
  'run.step': { input: v.strictObject({ runId: idSchema }), output: nothing },
  /** Ends the run and keeps its weights. */
  'run.stop': { input: v.strictObject({ runId: idSchema }), output: runSummarySchema },
  /** Ends the run and removes everything of it. */
  'run.discard': { input: v.strictObject({ runId: idSchema }), output: nothing },
  /** From the next batch on; the schedule goes on from this base. */
  'run.changeLearningRate': {
    input: v.strictObject({
      runId: idSchema,
      learningRate: v.pipe(v.number(), v.minValue(1e-8), v.maxValue(1000)),
    }),
    output: nothing,
  },
  /** The run under way, if there is one: what a page that reloads needs to be where it was. */
  'run.current': { input: nothing, output: v.nullable(runProgressSchema) },
  'run.history': {
    input: v.strictObject({ runId: idSchema, afterStep: count, afterEpoch: count }),
    output: runHistorySchema,
  },
  'run.rename': { input: v.strictObject({ runId: idSchema, name }), output: runSummarySchema },
  /** Changes its tags, its notes or both. */
  'run.annotate': {
    input: v.strictObject({ runId: idSchema, ...annotationChanges }),
    output: runSummarySchema,
  },
  /** Where it comes from and where it lies. */
  'run.describe': { input: v.strictObject({ runId: idSchema }), output: provenanceSchema },
  'run.delete': { input: v.strictObject({ runId: idSchema }), output: nothing },

  'model.list': { input: nothing, output: v.array(modelSummarySchema) },
  /** Copies a run's weights into the library under a name. */
  'model.save': { input: v.strictObject({ runId: idSchema, name }), output: modelSummarySchema },
  /** The safetensors file of a model, for the page to hand to the person. */
  'model.export': {
    input: v.strictObject({ model: modelReferenceSchema }),
    output: v.strictObject({ fileName: v.string(), bytes: bytesSchema }),
  },
  /** Takes a safetensors file into the library. */
  'model.import': {
    input: v.strictObject({ fileName: v.pipe(v.string(), v.maxLength(255)), bytes: bytesSchema }),
    output: modelSummarySchema,
  },
  'model.rename': { input: v.strictObject({ modelId: idSchema, name }), output: modelSummarySchema },
  /** Changes its tags, its notes or both. */
  'model.annotate': {
    input: v.strictObject({ modelId: idSchema, ...annotationChanges }),
    output: modelSummarySchema,
  },
  /** Where it comes from and where it lies. */
  'model.describe': { input: v.strictObject({ modelId: idSchema }), output: provenanceSchema },
  'model.delete': { input: v.strictObject({ modelId: idSchema }), output: nothing },
  /** Runs the model over a split of any dataset of its shape. `validation` needs the run's own dataset. */
  'model.evaluate': {
    input: v.strictObject({
      model: modelReferenceSchema,
      datasetId: idSchema,
      split: v.picklist(['validation', 'test', 'train']),
    }),
    output: evaluationSchema,
  },
} as const;

export const events = {
  'dataset.progressed': downloadProgressSchema,
  'dataset.changed': datasetSummarySchema,
  /** At most ten times a second; the page then asks `run.history` for what it lacks. */
  'run.progressed': runProgressSchema,
  /** A run was created, ended, renamed, evaluated … */
  'run.changed': runSummarySchema,
  'run.removed': v.strictObject({ runId: v.string() }),
  'model.changed': modelSummarySchema,
  'model.removed': v.strictObject({ modelId: v.string() }),
  'settings.changed': settingsSchema,
  /** The desktop menu was used. */
  'menu.chosen': v.strictObject({ item: v.picklist(['save-model', 'open-model', 'undo', 'redo']) }),
} as const;

export type CommandName = keyof typeof commands;
/** What a caller passes: optional fields may be left out. */
export type CommandInput<N extends CommandName> = v.InferInput<(typeof commands)[N]['input']>;
/** What a handler gets: validated, defaults filled in. */
export type CommandArguments<N extends CommandName> = v.InferOutput<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = v.InferOutput<(typeof commands)[N]['output']>;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = v.InferOutput<(typeof events)[N]>;

export type Handlers = {
  [N in CommandName]: (input: CommandArguments<N>) => Promise<CommandOutput<N>> | CommandOutput<N>;
};
