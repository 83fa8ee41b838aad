import { keepWithin, orderImages, selectImages } from '../../../../src-shared/metrics/imageSelection.ts';
import {
  confidences,
  crossEntropies,
  margins,
  predictedClasses,
} from '../../../../src-shared/metrics/predictions.ts';
import { float32Of, uint32Of } from '../../../../src-shared/schemas/bytes.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import { chooseModel } from '../chooseModel.ts';
import type { Command } from '../command.ts';
import { evaluateChosen, evaluationOptions, type ChosenEvaluation } from '../evaluateChosen.ts';
import { didYouMean } from '../suggestion.ts';
import { formatCount, formatLoss, formatPercent } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';
import { UsageError } from '../usageError.ts';

const sortings = ['loss', 'confidence', 'margin'] as const;
type Sorting = (typeof sortings)[number];

/** A class by its name, whatever its case, or by its number. Null where none is asked for. Throws a UsageError. */
function classIndex(classes: readonly string[], option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const named = classes.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  const index = named < 0 && /^\d+$/.test(text) ? Number(text) : named;
  if (index >= 0 && index < classes.length) return index;
  throw new UsageError(
    `--${option}: there is no class "${text}".${didYouMean(text, classes)} The classes are ${classes.join(', ')}.`,
  );
}

interface ListedError {
  /** In the split that the image is of. */
  index: number;
  trueClass: string;
  predictedClass: string;
  confidence: number;
  loss: number;
  margin: number;
}

/** The images that the model gets wrong, the worst first: highest loss, highest confidence, or lowest margin. */
export function listErrors(
  evaluation: Pick<ChosenEvaluation, 'classes' | 'labels' | 'probabilities' | 'imageIndices'>,
  filter: { trueClass: number | null; predictedClass: number | null; confidence: [number, number] },
  sorting: Sorting,
): ListedError[] {
  const { classes, labels } = evaluation;
  const probabilities = float32Of(evaluation.probabilities);
  const imageIndices = uint32Of(evaluation.imageIndices);
  const predicted = predictedClasses(probabilities, classes.length);
  const measures = {
    confidence: confidences(probabilities, classes.length),
    loss: crossEntropies(probabilities, labels, classes.length),
    margin: margins(probabilities, labels, classes.length),
  };
  const { trueClass, predictedClass, confidence } = filter;
  const wrong = selectImages(labels, predicted, { trueClass, predictedClass, onlyWrong: true });
  const [minimum, maximum] = confidence;
  const selected = keepWithin(wrong, measures.confidence, { minimum, maximum });
  const direction = sorting === 'margin' ? 'ascending' : 'descending';
  return Array.from(orderImages(selected, measures[sorting], direction), (position) => ({
    index: imageIndices[position] ?? 0,
    trueClass: classes[labels[position] ?? 0] ?? '',
    predictedClass: classes[predicted[position] ?? 0] ?? '',
    confidence: measures.confidence[position] ?? 0,
    loss: measures.loss[position] ?? 0,
    margin: measures.margin[position] ?? 0,
  }));
}

const defaultLimit = 20;
const largestLimit = 1_000_000;

export const errors: Command = {
  name: 'errors',
  summary: 'list the images that a model gets wrong',
  directory: 'notes',
  operands: ['MODEL'],
  options: {
    ...evaluationOptions,
    true: { value: 'CLASS', help: 'only images of this class, by its name or number' },
    predicted: { value: 'CLASS', help: 'only images taken for this class' },
    'min-confidence': { value: 'PERCENT', help: 'only images that the model is at least so sure of' },
    'max-confidence': { value: 'PERCENT', help: 'only images that the model is at most so sure of' },
    sort: { value: 'BY', help: `what comes first: highest loss (the default) or confidence, lowest margin` },
    limit: { value: 'N', help: `how many are listed: ${defaultLimit} where it is left out` },
    json: { help: 'print one JSON object' },
  },
  notes: 'MODEL is a .safetensors file, or the id of a run or of a model in the library.',
  async run(context) {
    const { options, operands, terminal, openApp } = context;
    const split = options.choice('split', ['test', 'train', 'validation']) ?? 'test';
    const sorting = options.choice('sort', sortings) ?? 'loss';
    const limit = options.integer('limit', { minimum: 1, maximum: largestLimit }) ?? defaultLimit;
    const percent = { minimum: 0, maximum: 100 };
    const lowest = options.integer('min-confidence', percent) ?? percent.minimum;
    const highest = options.integer('max-confidence', percent) ?? percent.maximum;
    const { client } = await openApp();
    const dataset = await chooseReadyDataset(client, options.text('dataset') ?? '');
    const filter = {
      trueClass: classIndex(dataset.classes, 'true', options.text('true')),
      predictedClass: classIndex(dataset.classes, 'predicted', options.text('predicted')),
      confidence: [lowest / 100, highest / 100] satisfies [number, number],
    };
    const model = await chooseModel(client, operands[0] ?? '');
    const evaluation = await evaluateChosen(context, model, dataset.id, split);
    const found = listErrors(evaluation, filter, sorting);
    const listed = found.slice(0, limit);
    if (options.has('json')) {
      const { imageSplit } = evaluation;
      const images = evaluation.labels.length;
      terminal.json({
        event: 'errors',
        dataset: dataset.id,
        split,
        imageSplit,
        images,
        found: found.length,
        errors: listed,
      });
      return 0;
    }
    terminal.line(
      `${formatCount(found.length)} of ${formatCount(evaluation.labels.length)} ${split} images of ${dataset.name}${listed.length < found.length ? `, the first ${formatCount(listed.length)}` : ''}`,
    );
    const table = formatTable(
      [
        { title: 'image', align: 'right' },
        { title: 'true', align: 'left' },
        { title: 'predicted', align: 'left' },
        { title: 'confidence', align: 'right' },
        { title: 'loss', align: 'right' },
        { title: 'margin', align: 'right' },
      ],
      listed.map((one) => [
        String(one.index),
        one.trueClass,
        one.predictedClass,
        formatPercent(one.confidence),
        formatLoss(one.loss),
        one.margin.toFixed(4),
      ]),
    );
    for (const line of table) terminal.line(line);
    return 0;
  },
};
