// From where a run that had ended goes on: its newest good checkpoint, with the files that grow cut to that moment.
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import type { Dataset } from '../datasets/types.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { cutFile } from '../runs/growingFile.ts';
import { readHistoryBytes } from '../runs/historyFile.ts';
import { findNewestCheckpoint } from '../runs/newestCheckpoint.ts';
import { predictionBytesOf } from '../runs/predictionLog.ts';
import { runFiles } from '../runs/runFiles.ts';
import type { RunLengths } from '../runs/runWriter.ts';
import type { TrainingOrder } from './messages.ts';

const newline = 0x0a;

export interface ResumePoint {
  checkpoint: Checkpoint;
  /** What is not as it should be, a sentence each. */
  notices: string[];
}

/**
 * Finds the checkpoint that a run goes on from. Throws `run.no-checkpoint`, and `run.other-dataset`, `run.other-corrections`
 * and `run.other-recipe` when it is not of these images, these corrections or this recipe.
 */
export async function findResumePoint(order: TrainingOrder, dataset: Dataset): Promise<ResumePoint> {
  const { checkpoint, problems } = await findNewestCheckpoint(order.runFolder);
  if (checkpoint.datasetFingerprint !== dataset.fingerprint) {
    throw new WeftError(
      'run.other-dataset',
      `The images of ${dataset.name} are not those that "${order.name}" was trained on so far, so it can't go on with them.`,
      'Bring the images back as they were, or start a new run of the same recipe.',
    );
  }
  if (checkpoint.correctionsFingerprint !== order.corrections?.fingerprint) {
    throw new WeftError(
      'run.other-corrections',
      `The checkpoint of "${order.name}" is of a training with other corrections than its run.json says.`,
      'Start a new run of the recipe.',
    );
  }
  if (JSON.stringify(checkpoint.recipe) !== JSON.stringify(order.recipe)) {
    throw new WeftError(
      'run.other-recipe',
      `The checkpoint of "${order.name}" is of another recipe than its run.json.`,
      'Start a new run of the recipe.',
    );
  }
  const { step } = checkpoint.trainer.position;
  const notices =
    problems.length === 0 ? [] : [...problems, `The run went on from the one before, of step ${step}.`];
  return { checkpoint, notices };
}

/**
 * Cuts history.ndjson and predictions.bin to the checkpoint's moment, so that what follows makes neither gap nor
 * repetition. Returns how long they are, and adds to the notices where something of them is missing.
 */
export async function cutToCheckpoint(
  { checkpoint, notices }: ResumePoint,
  folder: string,
  images: { validationImages: number; classCount: number },
): Promise<RunLengths> {
  const history = join(folder, runFiles.history);
  const predictions = join(folder, runFiles.predictions);
  let historyBytes = await cutFile(history, checkpoint.historyBytes);
  if (historyBytes < checkpoint.historyBytes) {
    const lines = (await readHistoryBytes(history)).lastIndexOf(newline) + 1;
    historyBytes = await cutFile(history, lines);
    notices.push(`A part of "${runFiles.history}" is missing: curves have a gap before this point.`);
  }
  const found = await cutFile(predictions, checkpoint.predictionsBytes);
  if (found === checkpoint.predictionsBytes) return { historyBytes, predictionsBytes: found };
  notices.push(`A part of "${runFiles.predictions}" is missing: some epochs can't be looked back at.`);
  const whole = predictionBytesOf(found, images.validationImages, images.classCount);
  return { historyBytes, predictionsBytes: await cutFile(predictions, whole) };
}
