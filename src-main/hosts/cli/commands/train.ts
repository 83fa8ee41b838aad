import { recipeLimits } from '../../../../src-shared/schemas/recipe.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import type { Command } from '../command.ts';
import { trainAndReport } from '../trainAndReport.ts';
import { chooseRecipe } from '../trainingRecipe.ts';

const defaultDatasetId = 'fashion-mnist';

export const train: Command = {
  name: 'train',
  summary: 'train a network and measure it on the test set',
  directory: 'changes',
  operands: [],
  options: {
    preset: { value: 'ID', help: 'the ready recipe to train (weft presets lists them)' },
    config: { value: 'FILE.json', help: 'or a recipe of your own' },
    dataset: { value: 'ID', help: `the data set to train on (else ${defaultDatasetId})` },
    epochs: { value: 'N', help: "instead of the recipe's" },
    'batch-size': { value: 'N', help: "images a step, or full, instead of the recipe's" },
    seed: { value: 'N', help: "instead of the recipe's; the same seed gives the same weights" },
    corrections: { help: "train with the data set's corrections: other labels, images left out" },
    threads: { value: 'N', help: 'worker threads; 0, the default, lets Weft choose' },
    'run-id': { value: 'NAME', help: "the run's id: lower-case letters, digits and hyphens, not in use yet" },
    save: { value: 'FILE', help: 'write the model to this file (.safetensors) too' },
    json: { help: 'print one JSON object a line: the start, each epoch, then the result' },
  },
  notes:
    'Ctrl+C stops the run and keeps its weights; "weft resume RUN" goes on with it. The test set is looked at once, at the end.',
  endsInOrder: true,
  async run(context) {
    const { options, openApp } = context;
    const threads = options.integer('threads', recipeLimits.threads) ?? 0;
    const { client } = await openApp();
    const { catalogue } = await client.call('app.describe', {});
    const recipe = await chooseRecipe(options, catalogue);
    const dataset = await chooseReadyDataset(client, options.text('dataset') ?? defaultDatasetId);
    const runId = options.text('run-id');
    const corrections = options.has('corrections') ? 'apply' : 'ignore';
    return trainAndReport({
      begin: () => client.call('run.start', { recipe, datasetId: dataset.id, corrections, threads, runId }),
      dataset,
      client,
      context,
    });
  },
};
