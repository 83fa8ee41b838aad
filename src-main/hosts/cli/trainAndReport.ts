// What `train` and `resume` have in common: they follow the run, measure its model on the test set and print what came of it.
import { join, resolve } from 'node:path';
import { runFolder } from '../../files/dataDirectory.ts';
import { writeFileSafely } from '../../files/safeWrite.ts';
import { describeCorrections } from '../../../src-shared/corrections.ts';
import type { ErrorData } from '../../../src-shared/failure.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { DatasetSummary } from '../../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import type { EpochRecord, RunSummary } from '../../../src-shared/schemas/run.ts';
import type { CommandContext } from './command.ts';
import { matrixOf, printEvaluation } from './evaluationOutput.ts';
import { interruptedStatus } from './exitStatus.ts';
import { followRun, type RunListener } from './followRun.ts';
import type { Terminal } from './terminal.ts';
import { formatCount, formatDuration, formatLoss, formatPercent } from './text/numbers.ts';
import { formatRunProgress } from './text/progressBar.ts';

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

const describeTrouble = (trouble: ErrorData | null): string =>
  trouble === null
    ? 'Training goes on.'
    : `${trouble.message}${trouble.remedy === undefined ? '' : ` ${trouble.remedy}`}`;

const jsonListener = (terminal: Terminal): RunListener => ({
  onStart(run) {
    const resume = run.resumes.at(-1);
    if (resume === undefined) terminal.json({ event: 'started', runId: run.id });
    else {
      const { epoch, batch, step, notices } = resume;
      terminal.json({ event: 'resumed', runId: run.id, epoch, batch, step, notices });
    }
  },
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
  onTrouble: (trouble) => {
    terminal.json({ event: 'trouble', code: trouble?.code ?? null, message: describeTrouble(trouble) });
  },
});

const textListener = (terminal: Terminal, datasetName: string): RunListener => ({
  onStart(run) {
    const machine = `${run.threads} thread${run.threads === 1 ? '' : 's'}, ${run.kernels} kernels`;
    terminal.line(
      `Training ${run.recipe.name} on ${datasetName}: ${formatCount(run.parameters)} parameters, ${machine}`,
    );
    if (run.corrections !== null) {
      terminal.line(`With corrections of its training images: ${describeCorrections(run.corrections)}`);
    }
    const resume = run.resumes.at(-1);
    if (resume !== undefined) {
      terminal.line(
        `Going on after ${resume.epoch} epochs and ${formatCount(resume.batch)} batches of the next`,
      );
      for (const notice of resume.notices) terminal.notice(notice);
    }
    if (run.recipe.validation.type === 'test') {
      terminal.line('Validated on the test set, as the recipe says: its accuracy is not an honest estimate.');
    }
    terminal.progress('Preparing');
  },
  onEpoch: (record, run) => terminal.line(formatEpoch(record, run.recipe)),
  onProgress: (progress) => terminal.progress(formatRunProgress(progress)),
  onTrouble: (trouble) => terminal.notice(describeTrouble(trouble)),
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

export interface Training {
  /** Starts the run, or goes on with it. */
  begin: () => Promise<RunSummary>;
  dataset: Pick<DatasetSummary, 'id' | 'name'>;
  client: Client;
  context: CommandContext;
}

/** Resolves to the exit status; throws what made the run fail. */
export async function trainAndReport({ begin, dataset, client, context }: Training): Promise<number> {
  const { options, terminal, dataDirectory, interruption } = context;
  const listener = options.has('json') ? jsonListener(terminal) : textListener(terminal, dataset.name);
  const run = await followRun(client, begin, listener, interruption);
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
}
