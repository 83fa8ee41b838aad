import { classificationReport } from '../../../../src-shared/metrics/confusion.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import { chooseModel } from '../chooseModel.ts';
import type { Command } from '../command.ts';
import { evaluateChosen, evaluationOptions } from '../evaluateChosen.ts';
import { matrixOf, measuresOf, printEvaluation } from '../evaluationOutput.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure a model on a data set',
  directory: 'notes',
  operands: ['MODEL'],
  options: {
    ...evaluationOptions,
    json: { help: 'print one JSON object' },
  },
  notes: 'MODEL is a .safetensors file, or the id of a run or of a model in the library.',
  async run(context) {
    const { options, operands, terminal, openApp } = context;
    const split = options.choice('split', ['test', 'train', 'validation']) ?? 'test';
    const { client } = await openApp();
    const dataset = await chooseReadyDataset(client, options.text('dataset') ?? '');
    const model = await chooseModel(client, operands[0] ?? '');
    const evaluation = await evaluateChosen(context, model, dataset.id, split);
    if (!options.has('json')) {
      printEvaluation(evaluation, dataset.name, terminal);
      return 0;
    }
    terminal.json({
      event: 'evaluated',
      dataset: dataset.id,
      split,
      images: evaluation.labels.length,
      loss: evaluation.loss,
      accuracy: evaluation.accuracy,
      temperature: evaluation.temperature,
      ...measuresOf(evaluation),
      classes: evaluation.classes,
      confusionMatrix: matrixOf(evaluation),
      report: classificationReport(matrixOf(evaluation)),
    });
    return 0;
  },
};
