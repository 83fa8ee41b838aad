import { float32Of, uint32Of } from '../../../../src-shared/schemas/bytes.ts';
import type { Split } from '../../../../src-shared/schemas/dataset.ts';
import { defaultSimilarity, type DuplicatePairs } from '../../../../src-shared/schemas/duplicates.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import type { Command } from '../command.ts';
import { formatCount, formatDuration } from '../text/numbers.ts';
import { bar } from '../text/progressBar.ts';
import { formatTable } from '../text/table.ts';
import { UsageError } from '../usageError.ts';

const defaultLimit = 20;
const largestLimit = 1_000_000;

interface ListedPair {
  first: { split: Split; index: number; class: string };
  second: { split: Split; index: number; class: string };
  isIdentical: boolean;
  similarity: number;
}

/** The labels of each split, and what the classes are called. */
interface Labels {
  classes: readonly string[];
  train: Uint8Array;
  test: Uint8Array;
}

/** The pairs as they are printed; the second image of each is of `secondSplit`. */
export function listPairs(pairs: DuplicatePairs, secondSplit: Split, labels: Labels): ListedPair[] {
  const second = uint32Of(pairs.second);
  const similarities = float32Of(pairs.similarities);
  const image = (split: Split, index: number): ListedPair['first'] => ({
    ...{ split, index },
    class: labels.classes[labels[split][index] ?? 0] ?? '',
  });
  return Array.from(uint32Of(pairs.first), (index, place) => ({
    first: image('train', index),
    second: image(secondSplit, second[place] ?? 0),
    isIdentical: place < pairs.identical,
    similarity: similarities[place] ?? 0,
  }));
}

const haveTwoLabels = ({ first, second }: ListedPair): boolean => first.class !== second.class;

function countPairs(pairs: readonly ListedPair[]): Record<string, number> {
  const identical = pairs.filter(({ isIdentical }) => isIdentical);
  const near = pairs.filter(({ isIdentical }) => !isIdentical);
  return {
    identical: identical.length,
    identicalWithTwoLabels: identical.filter(haveTwoLabels).length,
    near: near.length,
    nearWithTwoLabels: near.filter(haveTwoLabels).length,
  };
}

function readSimilarity(text: string | undefined): number {
  const similarity = text === undefined ? defaultSimilarity : Number(text);
  if (similarity >= 0.9 && similarity <= 1) return similarity;
  throw new UsageError(`--similarity: must be a number from 0.9 to 1, not "${text ?? ''}".`);
}

export const duplicates: Command = {
  name: 'duplicates',
  summary: 'find images that are in a data set twice, and test images that are trained on',
  directory: 'reads',
  operands: [],
  options: {
    dataset: { value: 'ID', help: 'the data set', isRequired: true },
    similarity: {
      value: 'X',
      help: `the least correlation of the pixels of near duplicates: ${defaultSimilarity} where it is left out`,
    },
    limit: {
      value: 'N',
      help: `how many pairs of each kind are listed: ${defaultLimit} where it is left out`,
    },
    json: { help: 'print one JSON object' },
  },
  notes:
    'Identical are images that are equal byte for byte: each that an earlier one is equal to makes one pair, with the first of its equals; a test image only where a training image is equal to it. Near duplicates are pairs whose pixels correlate (Pearson) at least so much, whatever their brightness and contrast.',
  async run({ options, terminal, openApp }) {
    const limit = options.integer('limit', { minimum: 1, maximum: largestLimit }) ?? defaultLimit;
    const similarity = readSimilarity(options.text('similarity'));
    const { client } = await openApp();
    const dataset = await chooseReadyDataset(client, options.text('dataset') ?? '');
    client.on('duplicates.progressed', ({ share, secondsLeft }) => {
      if (share === null) return;
      const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`;
      terminal.progress(`${bar(share)} comparing images${left}`);
    });
    const found = await client.call('duplicates.find', { datasetId: dataset.id, similarity });
    const { trainLabels, testLabels } = await client.call('dataset.describe', { datasetId: dataset.id });
    const labels = { classes: dataset.classes, train: trainLabels, test: testLabels };
    const withinTrain = listPairs(found.withinTrain, 'train', labels);
    const acrossSplits = listPairs(found.acrossSplits, 'test', labels);
    if (options.has('json')) {
      const { trainImages, testImages, seconds } = found;
      const head = { event: 'duplicates', dataset: dataset.id, trainImages, testImages };
      const partOf = (pairs: readonly ListedPair[]): Record<string, unknown> => ({
        ...countPairs(pairs),
        pairs: pairs.slice(0, limit),
      });
      terminal.json({
        ...head,
        similarity: found.similarity,
        seconds,
        withinTrain: partOf(withinTrain),
        acrossSplits: partOf(acrossSplits),
      });
      return 0;
    }
    terminal.line(
      `${dataset.name}: ${formatCount(found.trainImages)} training and ${formatCount(found.testImages)} test images compared in ${formatDuration(found.seconds)}; near means a correlation of ${found.similarity.toFixed(4)} or more`,
    );
    const parts = [
      ['Within train', withinTrain],
      ['Between train and test', acrossSplits],
    ] as const;
    for (const [title, pairs] of parts) {
      const { identical, identicalWithTwoLabels, near, nearWithTwoLabels } = countPairs(pairs);
      terminal.line(
        `${title}: ${formatCount(identical ?? 0)} pairs identical (${formatCount(identicalWithTwoLabels ?? 0)} with two labels), ${formatCount(near ?? 0)} near (${formatCount(nearWithTwoLabels ?? 0)} with two labels)`,
      );
      const table = formatTable(
        [
          { title: 'first', align: 'right' },
          { title: 'class', align: 'left' },
          { title: 'second', align: 'right' },
          { title: 'class', align: 'left' },
          { title: 'correlation', align: 'right' },
        ],
        pairs
          .slice(0, limit)
          .map(({ first, second, isIdentical, similarity: correlation }) => [
            `${first.split} ${first.index}`,
            first.class,
            `${second.split} ${second.index}`,
            second.class,
            isIdentical ? 'identical' : correlation.toFixed(6),
          ]),
      );
      if (pairs.length > 0) for (const line of table) terminal.line(line);
    }
    return 0;
  },
};
