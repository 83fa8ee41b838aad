import { evaluateOnDataset, readModel } from '../../../app/modelFiles.ts';
import { classificationReport } from '../../../../src-shared/metrics/confusion.ts';
import { bytesOf } from '../../../../src-shared/schemas/bytes.ts';
import type { Evaluation } from '../../../../src-shared/schemas/model.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import { chooseModel, type ChosenModel } from '../chooseModel.ts';
import type { Command, CommandContext } from '../command.ts';
import { matrixOf, measuresOf, printEvaluation, type PrintedEvaluation } from '../evaluationOutput.ts';

async function evaluateChosen(
  { openApp, dataDirectory, terminal }: CommandContext,
  model: ChosenModel,
  datasetId: string,
  split: Evaluation['split'],
): Promise<PrintedEvaluation> {
  if (model.kind === 'kept') {
    const { client } = await openApp();
    const { isReadOnly } = await client.call('directory.describe', {});
    if (isReadOnly && split === 'test') {
      terminal.notice('This look at the test set is not counted: another Weft is using the data directory.');
    }
    return client.call('model.evaluate', { model: model.reference, datasetId, split });
  }
  const result = await evaluateOnDataset(await readModel(model.path), dataDirectory, datasetId, split);
  return { ...result, split, probabilities: bytesOf(result.probabilities), testLooks: null };
}

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure a model on a data set',
  directory: 'notes',
  operands: ['MODEL'],
  options: {
    dataset: {
      value: 'ID',
      help: 'the data set, of the shape of the images the model takes',
      isRequired: true,
    },
    split: {
      value: 'NAME',
      help: 'test (the default), train, or validation for a model trained on this set',
    },
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
