import type { EpochRecord, RunSummary } from '../../../../src-shared/schemas/run.ts';
import { chooseRun } from '../chooseRun.ts';
import { noBatches } from '../followRun.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount, formatDuration, formatLoss, formatPercent } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';

function printFacts(run: RunSummary, folder: string, terminal: Terminal): void {
  const facts: [string, string][] = [
    ['run', run.id],
    ['name', run.name],
    ['recipe', run.recipe.name],
    ['data set', run.datasetId],
    ['state', run.canResume ? `${run.state}; "weft resume ${run.id}" goes on with it` : run.state],
    ['created', run.createdAt],
    ['epochs', `${run.outcome.epochs} of ${run.recipe.epochs}`],
    ['parameters', formatCount(run.parameters)],
    ['kernels', `${run.kernels}, ${run.threads} thread${run.threads === 1 ? '' : 's'}`],
    ['folder', folder],
  ];
  if (run.test !== null) {
    facts.push(['test', `${formatPercent(run.test.accuracy)}, loss ${formatLoss(run.test.loss)}`]);
  }
  if (run.failure !== null) facts.push(['failure', run.failure.message]);
  for (const { at, epoch, batch, notices } of run.resumes) {
    facts.push(['resumed', `${at}, after ${epoch} epochs and ${formatCount(batch)} batches of the next`]);
    for (const notice of notices) facts.push(['', notice]);
  }
  const width = Math.max(...facts.map(([title]) => title.length));
  for (const [title, value] of facts) terminal.line(`${title.padEnd(width)}  ${value}`);
}

function printEpochs(epochs: readonly EpochRecord[], terminal: Terminal): void {
  if (epochs.length === 0) return;
  const titles = ['epoch', 'loss', 'accuracy', 'validation loss', 'validation accuracy', 'rate', 'time'];
  const rows = epochs.map((record) => [
    String(record.epoch),
    formatLoss(record.trainLoss),
    formatPercent(record.trainAccuracy),
    formatLoss(record.validationLoss),
    formatPercent(record.validationAccuracy),
    record.learningRate.toPrecision(3),
    formatDuration(record.seconds),
  ]);
  terminal.line('');
  const columns = titles.map((title) => ({ title, align: 'right' as const }));
  for (const line of formatTable(columns, rows)) terminal.line(line);
}

export const runsShow: Command = {
  name: 'runs show',
  summary: 'show a run: its recipe, where it is, and each epoch',
  directory: 'reads',
  operands: ['RUN'],
  options: { json: { help: 'print one JSON object' } },
  async run({ options, operands, terminal, openApp }) {
    const { client } = await openApp();
    const run = await chooseRun(client, operands[0] ?? '');
    const { folder, files, datasetFingerprint, weftVersion } = await client.call('run.describe', {
      runId: run.id,
    });
    const { epochs } = await client.call('run.history', {
      runId: run.id,
      afterStep: noBatches,
      afterEpoch: 0,
    });
    if (options.has('json')) {
      terminal.json({ ...run, epochs, folder, files, datasetFingerprint, weftVersion });
    } else {
      printFacts(run, folder, terminal);
      printEpochs(epochs, terminal);
    }
    return 0;
  },
};
