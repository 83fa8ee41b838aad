import { join, resolve } from 'node:path';
import { runFolder } from '../../../files/dataDirectory.ts';
import { writeFileSafely } from '../../../files/safeWrite.ts';
import type { Client } from '../../../../src-shared/protocol.ts';
import { recipeLimits, type Recipe } from '../../../../src-shared/schemas/recipe.ts';
import type { EpochRecord, RunSummary } from '../../../../src-shared/schemas/run.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import type { Command } from '../command.ts';
import { matrixOf, printEvaluation } from '../evaluationOutput.ts';
import { interruptedStatus } from '../exitStatus.ts';
import { followRun, type RunListener } from '../followRun.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount, formatDuration, formatLoss, formatPercent } from '../text/numbers.ts';
import { formatRunProgress } from '../text/progressBar.ts';
import { chooseRecipe } from '../trainingRecipe.ts';

const defaultDatasetId = 'fashion-mnist';

function formatEpoch(record: EpochRecord, recipe: Recipe): string {
  const number = String(record.epoch).padStart(String(recipe.epochs).length);
  return [
    `epoch ${number}/${recipe.epochs}`,
    `loss ${formatLoss(record.trainLoss)}`,
    `accuracy ${formatPercent(record.trainAccuracy)}`,
    `validation loss ${formatLoss(record.validationLoss)}`,
    `validation accuracy ${formatPercent(record.validationAccuracy)}`,
    formatDuration(record.seconds),
    `${formatCount(Math.round(record.imagesPerSecond))} images/s`,
  ].join('  ');
}

const jsonListener = (terminal: Terminal): RunListener => ({
  onStart: () => undefined,
  onEpoch: (record) => {
    terminal.json({
      event: 'epoch',
      epoch: record.epoch,
      trainLoss: record.trainLoss,
      trainAccuracy: record.trainAccuracy,
      validationLoss: record.validationLoss,
      validationAccuracy: record.validationAccuracy,
      seconds: record.seconds,
      imagesPerSecond: record.imagesPerSecond,
    });
  },
  onProgress: () => undefined,
});

const textListener = (terminal: Terminal, datasetName: string): RunListener => ({
  onStart(run) {
    const machine = `${run.threads} thread${run.threads === 1 ? '' : 's'}, ${run.kernels} kernels`;
    terminal.line(
      `Training ${run.recipe.name} on ${datasetName}: ${formatCount(run.parameters)} parameters, ${machine}`,
    );
    if (run.recipe.validation.type === 'test') {
      terminal.line('Validated on the test set, as the recipe says: its accuracy is not an honest estimate.');
    }
    terminal.progress('Preparing');
  },
  onEpoch: (record, run) => terminal.line(formatEpoch(record, run.recipe)),
  onProgress: (progress) => terminal.progress(formatRunProgress(progress)),
});

/** Writes the run's model where `--save` says. Returns the path of the model: that one, or the one in the run's folder. */
async function keepModel(
  client: Client,
  run: RunSummary,
  target: string | undefined,
  dataDirectory: string,
): Promise<string> {
  if (target === undefined) return join(runFolder(dataDirectory, run.id), 'model.safetensors');
  const { bytes } = await client.call('model.export', { model: { kind: 'run', runId: run.id } });
  await writeFileSafely(resolve(target), bytes);
  return target;
}

export const train: Command = {
  name: 'train',
  summary: 'train a network and measure it on the test set',
  operands: [],
  options: {
    preset: { value: 'ID', help: 'the ready recipe to train (weft presets lists them)' },
    config: { value: 'FILE.json', help: 'or a recipe of your own' },
    dataset: { value: 'ID', help: `the data set to train on (else ${defaultDatasetId})` },
    epochs: { value: 'N', help: "instead of the recipe's" },
    'batch-size': { value: 'N', help: "images a step, or full, instead of the recipe's" },
    seed: { value: 'N', help: "instead of the recipe's; the same seed gives the same weights" },
    threads: { value: 'N', help: 'worker threads; 0, the default, lets Weft choose' },
    save: { value: 'FILE', help: 'write the model to this file (.safetensors) too' },
    json: { help: 'print one JSON object a line: each epoch, then the result' },
  },
  notes: 'Ctrl+C stops the run and keeps its weights. The test set is looked at once, at the end.',
  endsInOrder: true,
  async run({ options, terminal, dataDirectory, openApp, interruption }) {
    const threads = options.integer('threads', recipeLimits.threads) ?? 0;
    const { client } = await openApp();
    const { catalogue } = await client.call('app.describe', {});
    const recipe = await chooseRecipe(options, catalogue);
    const dataset = await chooseReadyDataset(client, options.text('dataset') ?? defaultDatasetId);
    const listener = options.has('json') ? jsonListener(terminal) : textListener(terminal, dataset.name);
    const run = await followRun(client, { recipe, datasetId: dataset.id, threads }, listener, interruption);
    terminal.endProgress();
    if (run.keptEpoch === null) {
      terminal.notice(`Stopped before the first epoch was done; the run ${run.id} has no weights to keep.`);
      return interruptedStatus;
    }
    const keep = (): Promise<string> => keepModel(client, run, options.text('save'), dataDirectory);
    if (interruption.aborted) {
      const model = await keep();
      terminal.notice(
        `Stopped in epoch ${run.keptEpoch}; the run ${run.id} and its weights are kept: ${model}`,
      );
      return interruptedStatus;
    }
    const reference = { kind: 'run', runId: run.id } as const;
    const evaluation = await client.call('model.evaluate', {
      model: reference,
      datasetId: dataset.id,
      split: 'test',
    });
    // After the evaluation, so that the file holds its result.
    const model = await keep();
    if (options.has('json')) {
      terminal.json({
        event: 'done',
        runId: run.id,
        testLoss: evaluation.loss,
        testAccuracy: evaluation.accuracy,
        confusionMatrix: matrixOf(evaluation),
        model,
      });
      return 0;
    }
    terminal.line('');
    printEvaluation(evaluation, dataset.name, terminal);
    terminal.line('');
    terminal.line(`run    ${run.id}`);
    terminal.line(`model  ${model}`);
    return 0;
  },
};
