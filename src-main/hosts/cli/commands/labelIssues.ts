import { fromErrorData, WeftError } from '../../../../src-shared/failure.ts';
import { defaultFoldRecipe, defaultFolds, findFoldRuns } from '../../../../src-shared/foldRuns.ts';
import type { Client } from '../../../../src-shared/protocol.ts';
import { float32Of, uint32Of } from '../../../../src-shared/schemas/bytes.ts';
import type { CrossValidation } from '../../../../src-shared/schemas/crossValidation.ts';
import type { LabelIssueList } from '../../../../src-shared/schemas/labelIssues.ts';
import { recipeLimits } from '../../../../src-shared/schemas/recipe.ts';
import { chooseDataset, chooseReadyDataset } from '../chooseDataset.ts';
import { chooseRun } from '../chooseRun.ts';
import type { Command, CommandContext } from '../command.ts';
import { interruptedStatus } from '../exitStatus.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { formatRunProgress } from '../text/progressBar.ts';
import { formatTable } from '../text/table.ts';
import { chooseRecipe } from '../trainingRecipe.ts';
import { UsageError } from '../usageError.ts';

const defaultLimit = 20;
const largestLimit = 1_000_000;

/** Trains the folds that are missing, to the end. Returns the runs of all; null when it was interrupted. */
async function judgeAll(
  { options, terminal, interruption }: CommandContext,
  client: Client,
  datasetId: string,
): Promise<string[] | null> {
  const folds = options.integer('folds', recipeLimits.folds) ?? defaultFolds;
  const isChosen = options.has('preset') || options.has('config');
  const { catalogue } = await client.call('app.describe', {});
  const recipe = isChosen ? await chooseRecipe(options, catalogue) : defaultFoldRecipe;
  const find = async () => findFoldRuns(await client.call('run.list', {}), { datasetId, recipe, folds });
  const runIdsOf = ({ runs }: Awaited<ReturnType<typeof find>>): string[] =>
    runs.flatMap((run) => (run === null ? [] : [run.id]));
  const before = await find();
  if (before.missing.length === 0) return runIdsOf(before);

  let fold = 0;
  client.on('run.progressed', (progress) => {
    terminal.progress(`fold ${fold} of ${folds}: ${formatRunProgress(progress)}`);
  });
  const ended = new Promise<CrossValidation>((resolve) => {
    client.on('crossValidation.changed', (changed) => {
      fold = changed.missing[changed.done] ?? fold;
      if (changed.state !== 'running') resolve(changed);
    });
  });
  await client.call('crossValidation.start', { datasetId, recipe, folds });
  const cancel = (): void => void client.call('crossValidation.cancel', {});
  if (interruption.aborted) cancel();
  else interruption.addEventListener('abort', cancel, { once: true });
  const { state, failure } = await ended;
  terminal.endProgress();
  if (failure !== null) throw fromErrorData(failure);
  return state === 'finished' ? runIdsOf(await find()) : null;
}

interface ListedIssue {
  /** In the split that the image is of. */
  index: number;
  label: string;
  suggested: string;
  /** The probability of the label that is given. */
  labelProbability: number;
  suggestedProbability: number;
  isConfident: boolean;
}

/** The first `limit` issues, in their order. */
export function listIssues(issues: LabelIssueList, classes: readonly string[], limit: number): ListedIssue[] {
  const labelProbabilities = float32Of(issues.labelProbabilities);
  const suggestedProbabilities = float32Of(issues.suggestedProbabilities);
  return Array.from(uint32Of(issues.imageIndices).subarray(0, limit), (index, place) => ({
    index,
    label: classes[issues.labels[place] ?? 0] ?? '',
    suggested: classes[issues.suggested[place] ?? 0] ?? '',
    labelProbability: labelProbabilities[place] ?? 0,
    suggestedProbability: suggestedProbabilities[place] ?? 0,
    isConfident: issues.isConfident[place] === 1,
  }));
}

export const labelIssues: Command = {
  name: 'label-issues',
  summary: 'list the images whose label is probably wrong',
  directory: 'notes',
  operands: ['[RUN]'],
  options: {
    dataset: { value: 'ID', help: 'judge every training image of this data set, by cross-validation' },
    folds: {
      value: 'N',
      help: `with --dataset: into how many parts it is divided, ${defaultFolds} where it is left out`,
    },
    preset: { value: 'ID', help: `with --dataset: what is trained on each fold, instead of a quick recipe` },
    config: { value: 'FILE.json', help: 'with --dataset: the same, of a file' },
    limit: { value: 'N', help: `how many are listed: ${defaultLimit} where it is left out` },
    json: { help: 'print one JSON object' },
  },
  endsInOrder: true,
  notes: `With RUN the images that it held out for validation are judged, from its prediction log. With --dataset a network is trained for each fold on the images outside of it (${defaultFoldRecipe.name}, ${defaultFoldRecipe.epochs} epochs); folds that were trained before are taken as they are, so that a search that was interrupted goes on.`,
  async run(context) {
    const { options, operands, terminal, openApp } = context;
    const limit = options.integer('limit', { minimum: 1, maximum: largestLimit }) ?? defaultLimit;
    const [runId] = operands;
    const datasetId = options.text('dataset');
    if ((runId === undefined) === (datasetId === undefined)) {
      throw new UsageError('"weft label-issues" needs either RUN or --dataset ID.');
    }
    const { client } = await openApp();
    const runIds =
      runId === undefined
        ? await judgeAll(context, client, (await chooseReadyDataset(client, datasetId ?? '')).id)
        : [(await chooseRun(client, runId)).id];
    if (runIds === null) {
      if (context.interruption.aborted) return interruptedStatus;
      throw new WeftError(
        'cross-validation.cancelled',
        'The cross-validation was stopped.',
        'Ask again to go on.',
      );
    }
    const issues = await client.call('labelIssues.find', { runIds });
    const { classes, name, id } = await chooseDataset(client, issues.datasetId);
    const found = uint32Of(issues.imageIndices).length;
    const listed = listIssues(issues, classes, limit);
    const { imageSplit, images, estimated } = issues;
    if (options.has('json')) {
      const head = { event: 'labelIssues', dataset: id, runs: runIds, imageSplit, images };
      terminal.json({ ...head, found, estimated, issues: listed });
      return 0;
    }
    terminal.line(
      `${formatCount(found)} of ${formatCount(images)} ${imageSplit} images of ${name} are taken for another class than their label says${listed.length < found ? `, the first ${formatCount(listed.length)}` : ''}; wrong labels by estimate: ${formatCount(Math.round(estimated))}`,
    );
    const table = formatTable(
      [
        { title: 'image', align: 'right' },
        { title: 'label', align: 'left' },
        { title: 'probability', align: 'right' },
        { title: 'suggested', align: 'left' },
        { title: 'probability', align: 'right' },
      ],
      listed.map((one) => [
        String(one.index),
        one.label,
        formatPercent(one.labelProbability),
        one.suggested,
        formatPercent(one.suggestedProbability),
      ]),
    );
    for (const line of table) terminal.line(line);
    return 0;
  },
};
