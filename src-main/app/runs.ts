import { WeftError } from '../../src-shared/failure.ts';
import type { CommandOutput, Handlers } from '../../src-shared/contract.ts';
import { bytesOf } from '../../src-shared/schemas/bytes.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import { recipeLimits } from '../../src-shared/schemas/recipe.ts';
import { summarizeNetwork } from '../engine/summary.ts';
import type { Corrections } from '../files/corrections.ts';
import { readRunCorrections } from '../runs/runCorrections.ts';
import { PredictionLog } from '../runs/predictionLog.ts';
import { findReadyDataset, type Core } from './core.ts';

type RunCommand =
  | 'run.list'
  | 'run.start'
  | 'run.pause'
  | 'run.resume'
  | 'run.step'
  | 'run.stop'
  | 'run.discard'
  | 'run.changeLearningRate'
  | 'run.current'
  | 'run.history'
  | 'run.predictions'
  | 'run.repeat'
  | 'run.cancelRepetition'
  | 'run.repetition'
  | 'run.rename'
  | 'run.annotate'
  | 'run.describe'
  | 'run.delete';

/** What there is of a log, and the probabilities of the epochs asked for, one after the other. */
async function readPredictions(
  path: string,
  wanted: readonly number[],
): Promise<CommandOutput<'run.predictions'>> {
  const log = await PredictionLog.open(path);
  const { imageSplit, imageIndices, labels, classCount } = log.head;
  const size = labels.length * classCount;
  const probabilities = new Uint8Array(wanted.length * size);
  for (const [place, epoch] of wanted.entries()) {
    probabilities.set(await log.probabilities(epoch), place * size);
  }
  return {
    epochs: [...log.epochs],
    imageSplit,
    imageIndices: bytesOf(Uint32Array.from(imageIndices)),
    labels: Uint8Array.from(labels),
    classCount,
    probabilities,
  };
}

/** Those in force. Throws `corrections.none`. */
async function correctionsOf(
  core: Core,
  { id, name }: Pick<DatasetSummary, 'id' | 'name'>,
): Promise<Corrections> {
  const found = await core.corrections.inForce(id);
  if (found !== null) return found;
  throw new WeftError(
    'corrections.none',
    `There are no corrections of ${name} to train with.`,
    'Relabel or exclude some of its training images first, or train without corrections.',
  );
}

export function runHandlers(core: Core): Pick<Handlers, RunCommand> {
  const { runs, supervisor, emit } = core;
  return {
    'run.list': () => runs.list(),
    'run.start': async ({ recipe, datasetId, name = recipe.name, threads, paused, runId, ...wish }) => {
      const dataset = await findReadyDataset(core, datasetId);
      // Refuses what can't be trained before there is a run of it.
      summarizeNetwork(recipe, dataset.shape, dataset.classes.length);
      const corrections = wish.corrections === 'apply' ? await correctionsOf(core, dataset) : null;
      return supervisor.start({ recipe, dataset, corrections, name, threads, paused, runId });
    },
    'run.pause': async ({ runId }) => {
      await supervisor.pause(runId);
      return {};
    },
    'run.resume': async ({ runId, threads, paused, learningRate = null }) => {
      if (!supervisor.isUnderWay(runId)) await findReadyDataset(core, (await runs.record(runId)).datasetId);
      return supervisor.resume({ runId, threads, paused, learningRate });
    },
    'run.step': async ({ runId }) => {
      await supervisor.step(runId);
      return {};
    },
    'run.stop': ({ runId }) => supervisor.stop(runId),
    'run.discard': async ({ runId }) => {
      await supervisor.discard(runId);
      return {};
    },
    'run.changeLearningRate': async ({ runId, learningRate }) => {
      await supervisor.changeLearningRate(runId, learningRate);
      return {};
    },
    'run.current': () => supervisor.current(),
    'run.history': async ({ runId, afterStep, afterEpoch }) => {
      const inMemory = supervisor.history(runId, afterStep, afterEpoch);
      if (inMemory !== undefined) return inMemory;
      const { batchesPerEpoch } = await runs.record(runId);
      const stored = await runs.history(runId);
      return stored.after(afterStep, afterEpoch, batchesPerEpoch);
    },
    'run.predictions': async ({ runId, epochs }) => {
      await runs.record(runId);
      return readPredictions(runs.predictionsPath(runId), epochs);
    },
    'run.repeat': async ({ runId, times }) => {
      const { recipe, datasetId, name, ...record } = await runs.record(runId);
      const corrections = await readRunCorrections(runs.folder(runId), record.corrections);
      await findReadyDataset(core, datasetId);
      const { maximum } = recipeLimits.seed;
      const seeds = Array.from(
        { length: times },
        (_value, place) => (recipe.seed + 1 + place) % (maximum + 1),
      );
      return core.repeater.start({ runId, recipe, datasetId, corrections, name, seeds });
    },
    'run.cancelRepetition': async () => {
      await core.repeater.cancel();
      return {};
    },
    'run.repetition': () => core.repeater.current,
    'run.rename': async ({ runId, name }) => {
      const run = await runs.change(runId, { name });
      emit('run.changed', run);
      return run;
    },
    'run.annotate': async ({ runId, ...changes }) => {
      const run = await runs.annotate(runId, changes);
      emit('run.changed', run);
      return run;
    },
    'run.describe': ({ runId }) => runs.describe(runId),
    'run.delete': async ({ runId }) => {
      if (supervisor.isUnderWay(runId)) {
        throw new WeftError(
          'run.active',
          "A run that is being trained can't be deleted.",
          'Stop or discard it first.',
        );
      }
      await runs.remove(runId);
      emit('run.removed', { runId });
      return {};
    },
  };
}
