import { readFile } from 'node:fs/promises';
import { WeftError } from '../../src-shared/failure.ts';
import {
  predictionsPerRequest,
  type CommandArguments,
  type CommandOutput,
  type Handlers,
} from '../../src-shared/contract.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { findMisfit } from '../../src-shared/modelFit.ts';
import { bytesOf, float32Of } from '../../src-shared/schemas/bytes.ts';
import type { Prediction } from '../../src-shared/schemas/inspection.ts';
import type { Evaluation, ModelReference } from '../../src-shared/schemas/model.ts';
import type { TestResult } from '../../src-shared/schemas/run.ts';
import { toFileError } from '../files/fileError.ts';
import { changeModelFile, decodeModel } from '../runs/modelFile.ts';
import type { TestLook } from '../runs/testLooks.ts';
import { findReadyDataset, type Core } from './core.ts';
import { importForeign } from './foreignModels.ts';

type ModelCommand =
  | 'model.list'
  | 'model.save'
  | 'model.export'
  | 'model.import'
  | 'model.importForeign'
  | 'model.rename'
  | 'model.annotate'
  | 'model.describe'
  | 'model.delete'
  | 'model.evaluate'
  | 'model.setTemperature'
  | 'model.inspect'
  | 'model.inspectPixels'
  | 'model.predict'
  | 'model.predictUnlabelled'
  | 'model.findNeighbours';

/** Where the model's file is, and what is known of it so far. Throws `run.unknown`, `run.no-weights`, `model.unknown`. */
async function locate(
  { runs, models }: Core,
  reference: ModelReference,
): Promise<{ path: string; name: string; datasetId: string; test: TestResult | null }> {
  if (reference.kind === 'model') {
    const { name, datasetId, test } = await models.summary(reference.modelId);
    return { path: models.path(reference.modelId), name, datasetId, test };
  }
  const { name, datasetId, test, keptEpoch } = await runs.record(reference.runId);
  if (keptEpoch === null) {
    throw new WeftError(
      'run.no-weights',
      `Run "${name}" has no weights yet.`,
      'Weights are kept after an epoch and when a run is stopped.',
    );
  }
  return { path: runs.modelPath(reference.runId), name, datasetId, test };
}

/** The file of a run's weights, under that name and with the results that the run has by now. */
async function runModelFile(core: Core, runId: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { path, name: runName, test } = await locate(core, { kind: 'run', runId });
  try {
    const bytes = await readFile(path);
    const { results } = decodeModel(bytes, runName);
    return changeModelFile(bytes, { name, results: { ...results, test } }, runName);
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

/** Remembers that the model was run over the test images of its own dataset. Returns how often by now. */
async function recordTest(
  { runs, models, emit }: Core,
  reference: ModelReference,
  look: TestLook,
): Promise<number> {
  if (reference.kind === 'run') {
    const run = await runs.recordTest(reference.runId, look);
    emit('run.changed', run);
    return run.test?.looks ?? 0;
  }
  const model = await models.recordTest(reference.modelId, look);
  emit('model.changed', model);
  return model.test?.looks ?? 0;
}

async function evaluate(
  core: Core,
  { model, datasetId, split }: CommandArguments<'model.evaluate'>,
): Promise<Evaluation> {
  const located = await locate(core, model);
  await findReadyDataset(core, datasetId);
  const result = await core.evaluator.evaluate({
    modelPath: located.path,
    dataDirectory: core.options.dataDirectory,
    datasetId,
    split,
    threads: core.settings.read().threads,
  });
  let testLooks = result.imageSplit === 'test' ? 1 : 0;
  if (result.imageSplit === 'test' && datasetId === located.datasetId) {
    // A Weft that only reads can't count its look.
    testLooks = core.directory.isReadOnly
      ? (located.test?.looks ?? 0)
      : await recordTest(core, model, result);
  }
  return {
    model,
    datasetId,
    split,
    classes: result.classes,
    imageSplit: result.imageSplit,
    imageIndices: bytesOf(result.imageIndices),
    labels: result.labels,
    ...(result.corrections === undefined ? {} : { corrections: result.corrections }),
    probabilities: bytesOf(result.probabilities),
    loss: result.loss,
    accuracy: result.accuracy,
    temperature: result.temperature,
    testLooks,
  };
}

/** What the evaluator is to be told of an image and a model. */
async function orderOf(
  core: Core,
  { model, datasetId, split, index }: CommandArguments<'model.inspect'>,
): Promise<
  { modelPath: string; dataDirectory: string; threads: number } & Pick<
    CommandArguments<'model.inspect'>,
    'datasetId' | 'split' | 'index'
  >
> {
  const { path: modelPath } = await locate(core, model);
  await findReadyDataset(core, datasetId);
  const { settings, options } = core;
  const { dataDirectory } = options;
  return { modelPath, dataDirectory, threads: settings.read().threads, datasetId, split, index };
}

/** What the evaluator is to be told of images that are in no dataset. */
async function pixelsOrderOf(
  core: Core,
  { model, pixels }: CommandArguments<'model.predict'>,
): Promise<{ modelPath: string; threads: number; pixels: Uint8Array<ArrayBuffer> }> {
  const { path: modelPath } = await locate(core, model);
  return { modelPath, threads: core.settings.read().threads, pixels };
}

/** The class of each unlabelled image. Throws `dataset.no-unlabelled`, and `model.…` where the model can't take them. */
async function predictUnlabelled(
  core: Core,
  { model, datasetId }: CommandArguments<'model.predictUnlabelled'>,
): Promise<CommandOutput<'model.predictUnlabelled'>> {
  const { name } = await locate(core, model);
  const dataset = await core.datasets.load(datasetId);
  const { unlabelled, shape } = dataset;
  if (unlabelled === undefined) {
    throw new WeftError('dataset.no-unlabelled', `${dataset.name} has no images without labels.`);
  }
  const { sourceLabels } = await core.datasets.importedRecord(datasetId);
  const predict = async (pixels: Uint8Array<ArrayBuffer>): Promise<Prediction> =>
    core.evaluator.predict(await pixelsOrderOf(core, { model, pixels }));
  const taken = await predict(new Uint8Array(0));
  const misfit = findMisfit({ name, shape: taken.shape, classes: taken.classes }, dataset);
  if (misfit !== null) throw misfit;
  const stepBytes = predictionsPerRequest * shape.height * shape.width * shape.channels;
  const predicted: Uint8Array[] = [];
  for (let offset = 0; offset < unlabelled.length; offset += stepBytes) {
    const { probabilities } = await predict(unlabelled.slice(offset, offset + stepBytes));
    predicted.push(predictedClasses(float32Of(probabilities), dataset.classes.length));
  }
  return { predicted: new Uint8Array(Buffer.concat(predicted)), sourceLabels };
}

async function setTemperature(
  core: Core,
  { model, temperature }: CommandArguments<'model.setTemperature'>,
): Promise<void> {
  await locate(core, model);
  const { runs, models, supervisor, emit } = core;
  if (model.kind === 'model') {
    emit('model.changed', await models.setTemperature(model.modelId, temperature));
    return;
  }
  if (supervisor.isUnderWay(model.runId)) {
    throw new WeftError(
      'run.active',
      'A run that is being trained gets new weights all the time, so none of them can have a temperature yet.',
      'Stop it, or wait until it has finished.',
    );
  }
  emit('run.changed', await runs.setTemperature(model.runId, temperature));
}

export function modelHandlers(core: Core): Pick<Handlers, ModelCommand> {
  const { models, emit } = core;
  return {
    'model.list': () => models.list(),
    'model.save': async ({ runId, name }) => {
      const saved = await models.add(await runModelFile(core, runId, name), name);
      emit('model.changed', saved);
      return saved;
    },
    'model.export': async ({ model, format, withExamples }) => {
      const { path, name, test } = await locate(core, model);
      const { settings, options } = core;
      const { dataDirectory } = options;
      return core.evaluator.export({
        modelPath: path,
        name,
        test,
        dataDirectory,
        threads: settings.read().threads,
        format,
        withExamples,
      });
    },
    'model.import': async ({ fileName, bytes }) => {
      const imported = await models.add(bytes, fileName);
      emit('model.changed', imported);
      return imported;
    },
    'model.importForeign': (input) => importForeign(core, input),
    'model.rename': async ({ modelId, name }) => {
      const renamed = await models.rename(modelId, name);
      emit('model.changed', renamed);
      return renamed;
    },
    'model.annotate': async ({ modelId, ...changes }) => {
      const annotated = await models.annotate(modelId, changes);
      emit('model.changed', annotated);
      return annotated;
    },
    'model.describe': ({ modelId }) => models.describe(modelId),
    'model.delete': async ({ modelId }) => {
      await models.remove(modelId);
      emit('model.removed', { modelId });
      return {};
    },
    'model.evaluate': (input) => evaluate(core, input),
    'model.inspect': async (input) => core.evaluator.inspect(await orderOf(core, input)),
    'model.inspectPixels': async (input) => core.evaluator.inspectPixels(await pixelsOrderOf(core, input)),
    'model.predict': async (input) => core.evaluator.predict(await pixelsOrderOf(core, input)),
    'model.predictUnlabelled': (input) => predictUnlabelled(core, input),
    'model.findNeighbours': async ({ count, ...input }) =>
      core.evaluator.findNeighbours({ ...(await orderOf(core, input)), count }),
    'model.setTemperature': async (input) => {
      await setTemperature(core, input);
      return {};
    },
  };
}
