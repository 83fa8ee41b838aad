// What a run begins with, in the training process: the engine, loaded with the images and, where the run goes on from a
// checkpoint, with that.
import { join } from 'node:path';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { splitCorrected } from '../datasets/correctedDataset.ts';
import type { Dataset } from '../datasets/types.ts';
import { createTrainer } from '../engine/trainer.ts';
import type { Trainer } from '../engine/types.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { readHistory } from '../runs/historyFile.ts';
import { epochsPerPrediction } from '../runs/predictionLog.ts';
import { readRunCorrections } from '../runs/runCorrections.ts';
import { runFiles } from '../runs/runFiles.ts';
import { EarlyStoppingWatch } from './earlyStopping.ts';
import { EpochMeter } from './epochMeter.ts';
import type { FromTraining, TrainingOrder } from './messages.ts';
import { cutToCheckpoint, findResumePoint } from './resumePoint.ts';
import { RunSaver } from './runSaver.ts';

export interface PreparationOptions {
  workerProgram: URL;
  send: (message: FromTraining) => void;
  /** Called when something of the run can't be written, and when it can again. */
  onDiskChange: () => void;
}

export interface PreparedTraining {
  trainer: Trainer;
  meter: EpochMeter;
  watch: EarlyStoppingWatch | undefined;
  saver: RunSaver;
}

function watchOf(
  { earlyStopping }: Recipe,
  checkpoint: Checkpoint | undefined,
): EarlyStoppingWatch | undefined {
  if (earlyStopping === null) return undefined;
  const { watch, bestTensors } = checkpoint ?? { watch: null, bestTensors: null };
  if (watch === null) return new EarlyStoppingWatch(earlyStopping);
  const best =
    watch.best === null || bestTensors === null ? null : { record: watch.best, tensors: bestTensors };
  const { epochsWithoutImprovement } = watch;
  return new EarlyStoppingWatch(earlyStopping, { best, epochsWithoutImprovement });
}

/**
 * Plans and allocates what the order asks for of the set's own images, tells of it with `began`, and begins to save. Throws
 * what `createTrainer`, `findResumePoint`, `readRunCorrections` and `splitCorrected` do.
 */
export async function prepareTraining(
  order: TrainingOrder,
  own: Dataset,
  options: PreparationOptions,
): Promise<PreparedTraining> {
  const { recipe, threads } = order;
  const resumePoint = order.resume === null ? undefined : await findResumePoint(order, own);
  const corrections = await readRunCorrections(order.runFolder, order.corrections);
  const { dataset, split } = splitCorrected(own, recipe, corrections);
  const { train, shape, classes } = dataset;
  const checkpoint = resumePoint?.checkpoint;
  const trainer = await createTrainer({
    recipe,
    shape,
    classCount: classes.length,
    threads,
    workerProgram: options.workerProgram,
    train,
    trainIndices: split.trainIndices,
    validation: dataset[split.validationSplit],
    validationIndices: split.validationIndices,
    state: checkpoint?.trainer,
  });
  const images = split.trainIndices.length;
  const validationImages = split.validationIndices.length;
  const logInterval = epochsPerPrediction(recipe.epochs, validationImages, classes.length);
  const lengths =
    resumePoint === undefined
      ? { historyBytes: 0, predictionsBytes: 0 }
      : await cutToCheckpoint(resumePoint, order.runFolder, {
          validationImages,
          classCount: classes.length,
        });
  const before =
    resumePoint === undefined ? undefined : await readHistory(join(order.runFolder, runFiles.history));
  if (checkpoint !== undefined && checkpoint.kernels !== trainer.kernels) {
    resumePoint?.notices.push(
      `It was trained with ${checkpoint.kernels} kernels and goes on with ${trainer.kernels}: the last bits of its sums may differ.`,
    );
  }
  const batchSize = recipe.batchSize === 'full' ? images : recipe.batchSize;
  const meter = new EpochMeter(images, batchSize, trainer.batchesPerEpoch, checkpoint?.meter);
  const watch = watchOf(recipe, checkpoint);
  let hasBegun = false;
  const early: FromTraining[] = [];
  const saver = new RunSaver({
    order,
    dataset,
    corrections,
    split,
    trainer,
    meter,
    watch,
    epochsPerPrediction: logInterval,
    checkpoint,
    learningRateChanges: before?.learningRateChanges ?? [],
    lengths,
    send: (message) => {
      if (hasBegun) options.send(message);
      else early.push(message);
    },
    onDiskChange: options.onDiskChange,
  });
  // Whatever happens from the moment on that the run has begun, there is a checkpoint to go on from.
  try {
    await saver.flush();
  } catch (error) {
    saver.close();
    await trainer.close();
    throw error;
  }
  options.send({
    kind: 'began',
    facts: {
      parameters: trainer.parameters,
      kernels: trainer.kernels,
      threads: trainer.threads,
      classes,
      shape,
      datasetFingerprint: dataset.fingerprint,
      validationImages,
      batchesPerEpoch: trainer.batchesPerEpoch,
      epochsPerPrediction: logInterval,
    },
    resumed:
      resumePoint === undefined
        ? null
        : {
            step: trainer.step,
            epoch: trainer.epoch,
            batch: trainer.step - trainer.epoch * trainer.batchesPerEpoch,
            notices: resumePoint.notices,
            historyBytes: lengths.historyBytes,
          },
  });
  hasBegun = true;
  for (const message of early) options.send(message);
  return { trainer, meter, watch, saver };
}
