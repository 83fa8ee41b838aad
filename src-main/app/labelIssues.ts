import { WeftError } from '../../src-shared/failure.ts';
import type { Handlers } from '../../src-shared/contract.ts';
import { estimateLabelIssues, findLabelIssues } from '../../src-shared/metrics/labelIssues.ts';
import { bytesOf } from '../../src-shared/schemas/bytes.ts';
import type { LabelIssueList } from '../../src-shared/schemas/labelIssues.ts';
import { summarizeNetwork } from '../engine/summary.ts';
import { certainty, PredictionLog, type PredictionLogHead } from '../runs/predictionLog.ts';
import type { RunRecord } from '../runs/runRecord.ts';
import { findReadyDataset, type Core } from './core.ts';

type LabelIssueCommand =
  'labelIssues.find' | 'crossValidation.start' | 'crossValidation.cancel' | 'crossValidation.current';

/** What a run said of its validation images with the weights that it keeps. */
interface JudgedImages {
  run: RunRecord;
  head: PredictionLogHead;
  /** `(images, classes)`, 255 for 1. */
  probabilities: Uint8Array;
}

async function readJudgement({ runs }: Core, runId: string): Promise<JudgedImages> {
  const run = await runs.record(runId);
  const log = await PredictionLog.open(runs.predictionsPath(runId));
  // A log that would grow too large has not every epoch; one that was stopped has no last one.
  const epoch = log.epochs.findLast((one) => one <= (run.keptEpoch ?? Infinity)) ?? log.epochs[0];
  if (epoch === undefined) {
    throw new WeftError(
      'label-issues.no-predictions',
      `Run "${run.name}" has no predictions yet.`,
      'They are kept after each epoch: train it for one at least.',
    );
  }
  return { run, head: log.head, probabilities: await log.probabilities(epoch) };
}

/** Throws `label-issues.other-images` unless the runs judged the same set, and `label-issues.judged-twice`. */
function checkTogether(judged: readonly JudgedImages[]): void {
  const [first, ...others] = judged;
  for (const { run, head } of others) {
    if (first === undefined) return;
    const isSameSet =
      run.datasetFingerprint === first.run.datasetFingerprint &&
      head.imageSplit === first.head.imageSplit &&
      head.classCount === first.head.classCount;
    if (isSameSet) continue;
    throw new WeftError(
      'label-issues.other-images',
      `Runs "${first.run.name}" and "${run.name}" judged images of different sets.`,
      'Ask for runs of one cross-validation.',
    );
  }
  const seen = new Set<number>();
  for (const { run, head } of judged) {
    for (const image of head.imageIndices) {
      if (seen.has(image)) {
        throw new WeftError(
          'label-issues.judged-twice',
          `Run "${run.name}" judged image ${image}, as another of the runs did.`,
          'Ask for one run, or for the folds of one cross-validation.',
        );
      }
      seen.add(image);
    }
  }
}

/**
 * The label issues among the images that the runs held out, all of them together: thresholds are means over classes, so
 * more images make better ones. A byte a probability is fine enough: it finds what 32-bit floats find.
 */
async function findIssues(core: Core, runIds: readonly string[]): Promise<LabelIssueList> {
  const judged: JudgedImages[] = [];
  for (const runId of new Set(runIds)) judged.push(await readJudgement(core, runId));
  checkTogether(judged);
  const [first] = judged;
  if (first === undefined) throw new Error('No runs were asked for.');
  const { classCount, imageSplit } = first.head;
  const imageIndices = Uint32Array.from(judged.flatMap((one) => [...one.head.imageIndices]));
  const labels = Uint8Array.from(judged.flatMap((one) => [...one.head.labels]));
  const probabilities = new Uint8Array(labels.length * classCount);
  let place = 0;
  for (const one of judged) {
    probabilities.set(one.probabilities, place);
    place += one.probabilities.length;
  }
  const predictions = { probabilities, labels, classCount };
  const { positions, suggested, isConfident } = findLabelIssues(predictions);
  const probabilityOf = (position: number, one: number): number =>
    probabilities[position * classCount + one]! / certainty;
  return {
    datasetId: first.run.datasetId,
    imageSplit,
    images: labels.length,
    estimated: estimateLabelIssues(predictions),
    imageIndices: bytesOf(positions.map((position) => imageIndices[position]!)),
    labels: Uint8Array.from(positions, (position) => labels[position]!),
    suggested,
    isConfident,
    labelProbabilities: bytesOf(
      Float32Array.from(positions, (position) => probabilityOf(position, labels[position]!)),
    ),
    suggestedProbabilities: bytesOf(
      Float32Array.from(positions, (position, issue) => probabilityOf(position, suggested[issue]!)),
    ),
  };
}

export function labelIssueHandlers(core: Core): Pick<Handlers, LabelIssueCommand> {
  const { crossValidator } = core;
  return {
    'labelIssues.find': ({ runIds }) => findIssues(core, runIds),
    'crossValidation.start': async ({ datasetId, recipe, folds }) => {
      const dataset = await findReadyDataset(core, datasetId);
      // Refuses what can't be trained before there is a run of it.
      summarizeNetwork(recipe, dataset.shape, dataset.classes.length);
      return crossValidator.start({ datasetId, recipe, folds });
    },
    'crossValidation.cancel': async () => {
      await crossValidator.cancel();
      return {};
    },
    'crossValidation.current': () => crossValidator.current,
  };
}
