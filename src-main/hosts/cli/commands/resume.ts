import { recipeLimits } from '../../../../src-shared/schemas/recipe.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import { chooseRun } from '../chooseRun.ts';
import type { Command } from '../command.ts';
import { trainAndReport } from '../trainAndReport.ts';
import { UsageError } from '../usageError.ts';

/** The rate that `--learning-rate` gives. Throws a UsageError. */
function readLearningRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value >= 1e-8 && value <= 1000) return value;
  throw new UsageError(`--learning-rate must be a number from 1e-8 to 1000, not "${text}".`);
}

export const resume: Command = {
  name: 'resume',
  summary: 'go on with a run that was interrupted, stopped or failed',
  directory: 'changes',
  operands: ['RUN'],
  options: {
    'learning-rate': { value: 'X', help: 'from here on; else it stays as it was' },
    threads: { value: 'N', help: 'worker threads; 0, the default, lets Weft choose' },
    save: { value: 'FILE', help: 'write the model to this file (.safetensors) too' },
    json: { help: 'print one JSON object a line: where it goes on, each epoch, then the result' },
  },
  notes:
    'It goes on from the newest checkpoint that is whole and ends with the same weights, bit for bit, as if it had never been cut off.',
  endsInOrder: true,
  async run(context) {
    const { options, operands, openApp } = context;
    const threads = options.integer('threads', recipeLimits.threads) ?? 0;
    const learningRate = readLearningRate(options.text('learning-rate'));
    const { client } = await openApp();
    const run = await chooseRun(client, operands[0] ?? '');
    const dataset = await chooseReadyDataset(client, run.datasetId);
    return trainAndReport({
      begin: () => client.call('run.resume', { runId: run.id, threads, learningRate }),
      dataset,
      client,
      context,
    });
  },
};
