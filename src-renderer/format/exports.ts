// How an export compares with its model, as a person reads it.
import type { ExportCheck } from '../../src-shared/schemas/export.ts';
import { formatCount, formatPercent } from './quantities.ts';

/** Of a probability: `none`, `3.6e-7`. */
const formatDifference = (difference: number): string =>
  difference === 0 ? 'none' : difference.toExponential(1);

/** What was compared and how it came out, as labels and values. */
export function describeExport(check: ExportCheck): { label: string; value: string }[] {
  const { covers, images, source, largestDifference, ownAccuracy, reloadedAccuracy } = check;
  const count = formatCount(images);
  const facts = [
    {
      label: 'Read back',
      value: covers === 'file' ? 'the whole network' : 'the weights; scripts are not run here',
    },
    {
      label: 'Compared on',
      value:
        source === 'validation'
          ? `${count} held-out images`
          : `${count} pictures drawn by Weft, as the images it was trained with are not here`,
    },
    { label: 'Largest difference', value: `${formatDifference(largestDifference)}, the same classes` },
  ];
  if (ownAccuracy === null || reloadedAccuracy === null) return facts;
  const accuracy = `${formatPercent(reloadedAccuracy, 2)}, the model’s own ${formatPercent(ownAccuracy, 2)}`;
  return [...facts, { label: 'Accuracy', value: accuracy }];
}
