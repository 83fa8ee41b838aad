// Every command and every event between the page and the core, in one table. The client and the server are derived
// from it: a new command is one row here and one handler in src-main/app, and a compile error wherever it is missing.
// It is longer than other files because one place to look is worth more than several short ones.
import * as v from 'valibot';
import { notesSchema, tagsSchema } from './schemas/annotation.ts';
import { bytesSchema } from './schemas/bytes.ts';
import { catalogueSchema } from './schemas/component.ts';
import {
  datasetCheckSchema,
  datasetDetailsSchema,
  datasetInfoSchema,
  datasetSummarySchema,
  downloadProgressSchema,
  imageShapeSchema,
  splitSchema,
} from './schemas/dataset.ts';
import {
  importOptionsSchema,
  importPreviewSchema,
  importProgressSchema,
  importSourceSchema,
  mostClasses,
} from './schemas/datasetImport.ts';
import { crossValidationSchema } from './schemas/crossValidation.ts';
import { defaultFoldRecipe, defaultFolds } from './foldRuns.ts';
import {
  defaultSimilarity,
  duplicatesSchema,
  duplicateSearchSchema,
  similarityLimits,
} from './schemas/duplicates.ts';
import { foreignAnswersSchema, foreignSketchSchema } from './schemas/foreignModel.ts';
import { correctionChangeSchema, correctionLimit, datasetCorrectionsSchema } from './schemas/correction.ts';
import { exportFormatSchema, ownFormat } from './exportFormats.ts';
import { exportedModelSchema } from './schemas/export.ts';
import { directoryAccessSchema } from './schemas/directory.ts';
import { idSchema } from './schemas/identifier.ts';
import { inspectionSchema, neighboursSchema, predictionSchema } from './schemas/inspection.ts';
import { labelIssuesSchema } from './schemas/labelIssues.ts';
import {
  evaluationSchema,
  modelReferenceSchema,
  modelSummarySchema,
  temperatureSchema,
} from './schemas/model.ts';
import { networkOutlineSchema } from './schemas/network.ts';
import { noticeSchema } from './schemas/notice.ts';
import { provenanceSchema } from './schemas/provenance.ts';
import { augmentationSchema, recipeLimits, recipeSchema } from './schemas/recipe.ts';
import {
  runHistorySchema,
  runPredictionsSchema,
  runProgressSchema,
  runSummarySchema,
} from './schemas/run.ts';
import { mostRepetitions, repetitionSchema } from './schemas/repetition.ts';
import { settingsSchema } from './schemas/settings.ts';

const nothing = v.strictObject({});
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(120));
const fileName = v.pipe(v.string(), v.maxLength(255));
/** An image of a dataset, by its number in a split. */
const datasetImage = { datasetId: idSchema, split: splitSchema, index };
const learningRate = v.pipe(v.number(), v.minValue(1e-8), v.maxValue(1000));
/** The corrections that are in force by now, and the changes that undo what was done. */
const changedCorrections = v.strictObject({
  corrections: datasetCorrectionsSchema,
  undo: v.array(correctionChangeSchema),
});
const annotationChanges = { tags: v.optional(tagsSchema), notes: v.optional(notesSchema) };

/** Images asked for at once: a few screens of thumbnails. */
export const imagesPerRequest = 2000;
/** Copies of one image asked for at once. */
export const copiesPerRequest = 64;
/** Images of a person's own predicted at once: a slider's whole range. */
export const predictionsPerRequest = 256;
/** The largest model file that is accepted. */
export const modelFileLimitBytes = 512 * 1024 * 1024;

/** The largest project file: what a zip archive can hold. */
export const projectLimitBytes = 0xffffffff;
/** How much of a file travels in one message. */
export const projectPartBytes = 4 * 1024 * 1024;
const partSchema = v.pipe(
  bytesSchema,
  v.check((bytes) => bytes.byteLength <= projectPartBytes, `must be at most ${projectPartBytes} bytes`),
);

/** One row of the table. */
interface Command {
  /**
   * Whether it writes to the data directory or steers training. Only the Weft that owns the data directory may then
   * be asked; every other one refuses.
   */
  changes: boolean;
  input: v.GenericSchema;
  output: v.GenericSchema;
}

export const commands = {
  'app.describe': {
    changes: false,
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
      notices: v.array(noticeSchema),
    }),
  },
  /** The person has seen it. */
  'app.dismissNotice': {
    changes: false,
    input: v.strictObject({ noticeId: v.number() }),
    output: nothing,
  },
  'directory.describe': { changes: false, input: nothing, output: directoryAccessSchema },
  /** Makes a Weft that only reads the owner of the data directory, once nobody else owns it. */
  'directory.takeOver': { changes: false, input: nothing, output: directoryAccessSchema },

  'settings.read': { changes: false, input: nothing, output: settingsSchema },
  'settings.change': { changes: true, input: v.partial(settingsSchema), output: settingsSchema },

  'dataset.list': { changes: false, input: nothing, output: v.array(datasetSummarySchema) },
  'dataset.describe': {
    changes: false,
    input: v.strictObject({ datasetId: idSchema }),
    output: datasetDetailsSchema,
  },
  /** Pixels of the images asked for, `(count, height, width, channels)`. */
  'dataset.images': {
    changes: false,
    input: v.strictObject({
      datasetId: idSchema,
      split: splitSchema,
      indices: v.pipe(v.array(index), v.maxLength(imagesPerRequest)),
    }),
    output: v.strictObject({ shape: imageShapeSchema, pixels: bytesSchema }),
  },
  /** A training image changed again and again, as a recipe's augmentation does: `(count, height, width, channels)`. */
  'dataset.augment': {
    changes: false,
    input: v.strictObject({
      datasetId: idSchema,
      index,
      augmentation: augmentationSchema,
      seed: recipeSchema.entries.seed,
      count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(copiesPerRequest)),
    }),
    output: v.strictObject({ shape: imageShapeSchema, pixels: bytesSchema }),
  },
  /** Answers when the set is ready, or with the error that stopped it. */
  'dataset.download': {
    changes: true,
    input: v.strictObject({ datasetId: idSchema }),
    output: datasetSummarySchema,
  },
  'dataset.cancelDownload': {
    changes: true,
    input: v.strictObject({ datasetId: idSchema }),
    output: nothing,
  },

  /** Where a set comes from, what it is made of and where its files are. */
  'dataset.info': {
    changes: false,
    input: v.strictObject({ datasetId: idSchema }),
    output: datasetInfoSchema,
  },
  /** Hashes the files of a set again and says which are no longer what they were. Tells how far it is meanwhile. */
  'dataset.verify': {
    changes: false,
    input: v.strictObject({ datasetId: idSchema }),
    output: datasetCheckSchema,
  },
  /** Changes what an imported set is called, or what is said of its licence. */
  'dataset.change': {
    changes: true,
    input: v.strictObject({
      datasetId: idSchema,
      name: v.optional(name),
      licence: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2000))),
    }),
    output: datasetSummarySchema,
  },
  /** Deletes an imported set. */
  'dataset.remove': {
    changes: true,
    input: v.strictObject({ datasetId: idSchema }),
    output: nothing,
  },

  /** Begins an import: of a path on this computer, or of files that are then sent with `import.append`. */
  'import.begin': {
    changes: true,
    input: v.strictObject({ source: importSourceSchema }),
    output: v.strictObject({ importId: v.string() }),
  },
  /** The next bytes of the files announced, one file after the other. */
  'import.append': {
    changes: true,
    input: v.strictObject({ importId: idSchema, bytes: partSchema }),
    output: nothing,
  },
  /**
   * Reads everything and says what was found; nothing of it is a dataset yet. May be asked again with other options,
   * which ends a reading under way.
   */
  'import.preview': {
    changes: true,
    input: v.strictObject({ importId: idSchema, options: v.optional(importOptionsSchema, {}) }),
    output: importPreviewSchema,
  },
  /** Makes a dataset of what the last preview showed. */
  'import.keep': {
    changes: true,
    input: v.strictObject({
      importId: idSchema,
      name,
      /** As many as the preview has classes. */
      classes: v.pipe(v.array(name), v.maxLength(mostClasses)),
      licence: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2000)), ''),
      /** Become the known set that the images are, instead of a set of its own. */
      asKnown: v.optional(v.boolean(), false),
    }),
    output: datasetSummarySchema,
  },
  /** Ends an import at once, whatever it is doing; nothing of it stays. One that is over already is no fault. */
  'import.cancel': { changes: false, input: v.strictObject({ importId: idSchema }), output: nothing },

  /** What the person says of the set's training images: other labels, images left out. The test images are never changed. */
  'corrections.read': {
    changes: false,
    input: v.strictObject({ datasetId: idSchema }),
    output: datasetCorrectionsSchema,
  },
  /** Makes all of the changes, in order, or none. */
  'corrections.change': {
    changes: true,
    input: v.strictObject({
      datasetId: idSchema,
      changes: v.pipe(v.array(correctionChangeSchema), v.minLength(1), v.maxLength(correctionLimit)),
    }),
    output: changedCorrections,
  },
  /** Withdraws every correction of the set. */
  'corrections.clear': {
    changes: true,
    input: v.strictObject({ datasetId: idSchema }),
    output: changedCorrections,
  },

  /** Shapes, parameters and memory of a recipe's network on a dataset, before training; which layer is impossible, if one is. */
  'network.plan': {
    changes: false,
    input: v.strictObject({ recipe: recipeSchema, datasetId: idSchema }),
    output: networkOutlineSchema,
  },

  'run.list': { changes: false, input: nothing, output: v.array(runSummarySchema) },
  /** Starts the only training there can be at a time; answers when it has begun. */
  'run.start': {
    changes: true,
    input: v.strictObject({
      recipe: recipeSchema,
      datasetId: idSchema,
      name: v.optional(name),
      /** 0 lets Weft choose. */
      threads: v.optional(count, 0),
      /** Train with the dataset's corrections as they are now: other labels, images left out. */
      corrections: v.optional(v.picklist(['apply', 'ignore']), 'ignore'),
      /** Begin paused, to go step by step from the first batch. */
      paused: v.optional(v.boolean(), false),
      /** Names the run; else its id is made of the day and the name. */
      runId: v.optional(idSchema),
    }),
    output: runSummarySchema,
  },
  'run.pause': { changes: true, input: v.strictObject({ runId: idSchema }), output: nothing },
  /**
   * Goes on with a run that is paused, or from its newest good checkpoint with one that has ended and has epochs left;
   * answers when it goes on.
   */
  'run.resume': {
    changes: true,
    input: v.strictObject({
      runId: idSchema,
      /** From here on; left out, it stays as it was. */
      learningRate: v.optional(learningRate),
      /** For a run that has ended: as in `run.start`. */
      threads: v.optional(count, 0),
      paused: v.optional(v.boolean(), false),
    }),
    output: runSummarySchema,
  },
  /** One batch, then paused again. */
  'run.step': { changes: true, input: v.strictObject({ runId: idSchema }), output: nothing },
  /** Ends the run and keeps its weights. */
  'run.stop': { changes: true, input: v.strictObject({ runId: idSchema }), output: runSummarySchema },
  /** Ends the run and removes everything of it. */
  'run.discard': { changes: true, input: v.strictObject({ runId: idSchema }), output: nothing },
  /** From the next batch on; the schedule goes on from this base. */
  'run.changeLearningRate': {
    changes: true,
    input: v.strictObject({
      runId: idSchema,
      learningRate,
    }),
    output: nothing,
  },
  /** The run under way, if there is one: what a page that reloads needs to be where it was. */
  'run.current': { changes: false, input: nothing, output: v.nullable(runProgressSchema) },
  'run.history': {
    changes: false,
    input: v.strictObject({ runId: idSchema, afterStep: count, afterEpoch: count }),
    output: runHistorySchema,
  },
  /** What it said of its validation images after those epochs; none asked for gives what there is to ask for. */
  'run.predictions': {
    changes: false,
    input: v.strictObject({ runId: idSchema, epochs: v.pipe(v.array(count), v.maxLength(1000)) }),
    output: runPredictionsSchema,
  },
  /**
   * Trains the run's recipe again with the seeds that follow its own, as many times as asked; answers when the first
   * has begun.
   */
  'run.repeat': {
    changes: true,
    input: v.strictObject({
      runId: idSchema,
      times: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostRepetitions)),
    }),
    output: repetitionSchema,
  },
  /** Stops the run under way, keeps it, and trains no more. */
  'run.cancelRepetition': { changes: true, input: nothing, output: nothing },
  /** The repetition under way, or the last one since Weft was started. */
  'run.repetition': { changes: false, input: nothing, output: v.nullable(repetitionSchema) },
  'run.rename': { changes: true, input: v.strictObject({ runId: idSchema, name }), output: runSummarySchema },
  /** Changes its tags, its notes or both. */
  'run.annotate': {
    changes: true,
    input: v.strictObject({ runId: idSchema, ...annotationChanges }),
    output: runSummarySchema,
  },
  /** Where it comes from and where it lies. */
  'run.describe': { changes: false, input: v.strictObject({ runId: idSchema }), output: provenanceSchema },
  'run.delete': { changes: true, input: v.strictObject({ runId: idSchema }), output: nothing },

  /**
   * The images whose label is probably wrong among those that the runs held out for validation: of one run, or of the
   * folds of a cross-validation. Needs nothing but their prediction logs.
   */
  'labelIssues.find': {
    changes: false,
    input: v.strictObject({
      runIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(recipeLimits.folds.maximum)),
    }),
    output: labelIssuesSchema,
  },
  /**
   * Trains a recipe on the folds of a dataset that no finished run is of yet, one run after the other; answers when the
   * first has begun. The folds take the place of the recipe's own validation.
   */
  'crossValidation.start': {
    changes: true,
    input: v.strictObject({
      datasetId: idSchema,
      recipe: v.optional(recipeSchema, defaultFoldRecipe),
      folds: v.optional(
        v.pipe(
          v.number(),
          v.integer(),
          v.minValue(recipeLimits.folds.minimum),
          v.maxValue(recipeLimits.folds.maximum),
        ),
        defaultFolds,
      ),
    }),
    output: crossValidationSchema,
  },
  /** Stops the fold under way, keeps it to be gone on with, and trains no more. */
  'crossValidation.cancel': { changes: true, input: nothing, output: nothing },
  /** The cross-validation under way, or the last one since Weft was started. */
  'crossValidation.current': { changes: false, input: nothing, output: v.nullable(crossValidationSchema) },

  /**
   * Identical and nearly identical images within the train split and between it and the test split; answers when all are
   * found, which takes some seconds for 70,000 images of 28 x 28.
   */
  'duplicates.find': {
    changes: false,
    input: v.strictObject({
      datasetId: idSchema,
      similarity: v.optional(
        v.pipe(v.number(), v.minValue(similarityLimits.minimum), v.maxValue(similarityLimits.maximum)),
        defaultSimilarity,
      ),
    }),
    output: duplicatesSchema,
  },
  'duplicates.cancel': { changes: false, input: v.strictObject({ datasetId: idSchema }), output: nothing },
  /** The search under way in the set, and what the last one since Weft was started has found. */
  'duplicates.read': {
    changes: false,
    input: v.strictObject({ datasetId: idSchema }),
    output: v.strictObject({
      search: v.nullable(duplicateSearchSchema),
      found: v.nullable(duplicatesSchema),
    }),
  },

  /**
   * Begins to pack everything of a run into one file, to be read with `project.read`. `sizeBytes` is what it has
   * before it is packed.
   */
  'project.export': {
    changes: false,
    input: v.strictObject({ runId: idSchema }),
    output: v.strictObject({ transferId: v.string(), fileName: v.string(), sizeBytes: v.number() }),
  },
  /** The next bytes of the file, a few mebibytes; `isDone` with the last ones. */
  'project.read': {
    changes: false,
    input: v.strictObject({ transferId: idSchema }),
    output: v.strictObject({ bytes: bytesSchema, isDone: v.boolean() }),
  },
  /** Begins to take a project file in, to be sent with `project.append`. */
  'project.begin': {
    changes: true,
    input: v.strictObject({
      fileName,
      sizeBytes: v.pipe(count, v.maxValue(projectLimitBytes, 'must be less than 4 GiB')),
    }),
    output: v.strictObject({ transferId: v.string() }),
  },
  /** The next bytes of the file. */
  'project.append': {
    changes: true,
    input: v.strictObject({
      transferId: idSchema,
      bytes: partSchema,
    }),
    output: nothing,
  },
  /** Checks the file that was sent and makes a run of it, under another id where its own is taken. */
  'project.import': {
    changes: true,
    input: v.strictObject({ transferId: idSchema }),
    output: runSummarySchema,
  },
  /** Ends a transfer in either direction before it is done. */
  'project.cancel': { changes: false, input: v.strictObject({ transferId: idSchema }), output: nothing },

  'model.list': { changes: false, input: nothing, output: v.array(modelSummarySchema) },
  /** Copies a run's weights into the library under a name. */
  'model.save': {
    changes: true,
    input: v.strictObject({ runId: idSchema, name }),
    output: modelSummarySchema,
  },
  /** A model as a file for the page to hand to the person, once it was read back and says what the model says. */
  'model.export': {
    changes: false,
    input: v.strictObject({
      model: modelReferenceSchema,
      format: v.optional(exportFormatSchema, ownFormat),
      withExamples: v.optional(v.boolean(), false),
    }),
    output: exportedModelSchema,
  },
  /** Takes a safetensors file into the library. */
  'model.import': {
    changes: true,
    input: v.strictObject({ fileName, bytes: bytesSchema }),
    output: modelSummarySchema,
  },
  /**
   * Takes a model that another tool wrote (safetensors or `.npz`) into the library, if `accept` says that its layers are
   * recognised and the answers right; else says what was recognised and what the file does not say. Answers that are
   * left out are assumed, as the sketch says.
   */
  'model.importForeign': {
    changes: true,
    input: v.strictObject({
      fileName,
      bytes: bytesSchema,
      answers: v.optional(v.partial(foreignAnswersSchema), {}),
      accept: v.optional(v.boolean(), false),
    }),
    output: v.variant('kind', [
      v.strictObject({ kind: v.literal('imported'), model: modelSummarySchema }),
      v.strictObject({ kind: v.literal('sketch'), sketch: foreignSketchSchema }),
    ]),
  },
  'model.rename': {
    changes: true,
    input: v.strictObject({ modelId: idSchema, name }),
    output: modelSummarySchema,
  },
  /** Changes its tags, its notes or both. */
  'model.annotate': {
    changes: true,
    input: v.strictObject({ modelId: idSchema, ...annotationChanges }),
    output: modelSummarySchema,
  },
  /** Where it comes from and where it lies. */
  'model.describe': {
    changes: false,
    input: v.strictObject({ modelId: idSchema }),
    output: provenanceSchema,
  },
  'model.delete': { changes: true, input: v.strictObject({ modelId: idSchema }), output: nothing },
  /** Runs the model over a split of any dataset of its shape. `validation` needs the run's own dataset. */
  'model.evaluate': {
    changes: false,
    input: v.strictObject({
      model: modelReferenceSchema,
      datasetId: idSchema,
      split: v.picklist(['validation', 'test', 'train']),
    }),
    output: evaluationSchema,
  },
  /** One image as the model sees it: which pixels its answer rests on, and what each layer gives. */
  'model.inspect': {
    changes: false,
    input: v.strictObject({ model: modelReferenceSchema, ...datasetImage }),
    output: inspectionSchema,
  },
  /** `model.inspect` for an image that is in no dataset: its pixels `(height, width, channels)` in the model's shape. */
  'model.inspectPixels': {
    changes: false,
    input: v.strictObject({ model: modelReferenceSchema, pixels: bytesSchema }),
    output: inspectionSchema,
  },
  /**
   * What the model says of images that are in no dataset, at most `predictionsPerRequest`: their pixels
   * `(images, height, width, channels)` in the model's shape. None at all asks only what the model takes.
   */
  'model.predict': {
    changes: false,
    input: v.strictObject({ model: modelReferenceSchema, pixels: bytesSchema }),
    output: predictionSchema,
  },
  /** What the model says of a dataset's images without labels: a class each, and how the dataset's source calls the classes. */
  'model.predictUnlabelled': {
    changes: false,
    input: v.strictObject({ model: modelReferenceSchema, datasetId: idSchema }),
    output: v.strictObject({ predicted: bytesSchema, sourceLabels: v.array(v.string()) }),
  },
  /** The training images that the model's last hidden layer finds most like one. The first search takes longest. */
  'model.findNeighbours': {
    changes: false,
    input: v.strictObject({
      model: modelReferenceSchema,
      ...datasetImage,
      count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    }),
    output: neighboursSchema,
  },
  /**
   * What the model's logits are divided by from now on, in every prediction and export; null takes it away. The
   * weights stay as they are.
   */
  'model.setTemperature': {
    changes: true,
    input: v.strictObject({ model: modelReferenceSchema, temperature: v.nullable(temperatureSchema) }),
    output: nothing,
  },
} as const satisfies Record<string, Command>;

export const events = {
  'dataset.progressed': downloadProgressSchema,
  'dataset.changed': datasetSummarySchema,
  'dataset.removed': v.strictObject({ datasetId: v.string() }),
  /** How far `dataset.verify` is. */
  'dataset.verifying': v.strictObject({
    datasetId: v.string(),
    doneBytes: v.number(),
    totalBytes: v.number(),
  }),
  /** At most ten times a second. */
  'import.progressed': importProgressSchema,
  'corrections.changed': datasetCorrectionsSchema,
  /** At most ten times a second; the page then asks `run.history` for what it lacks. */
  'run.progressed': runProgressSchema,
  /** A run was created, ended, renamed, evaluated … */
  'run.changed': runSummarySchema,
  /** A recipe that is being repeated has come further. */
  'repetition.changed': repetitionSchema,
  /** A cross-validation has come further. */
  'crossValidation.changed': crossValidationSchema,
  /** At most ten times a second. */
  'duplicates.progressed': duplicateSearchSchema,
  'run.removed': v.strictObject({ runId: v.string() }),
  'model.changed': modelSummarySchema,
  'model.removed': v.strictObject({ modelId: v.string() }),
  'settings.changed': settingsSchema,
  /** The owner of the data directory came or went, or this Weft became it. */
  'directory.changed': directoryAccessSchema,
  /** The desktop menu was used. */
  'menu.chosen': v.strictObject({
    item: v.picklist(['save-model', 'export-model', 'open-model', 'undo', 'redo']),
  }),
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
