// The rows of the table that lays runs and models side by side: what they came to, and what differs in how.
import { describeCorrections } from '../../../src-shared/corrections.ts';
import type { Catalogue } from '../../../src-shared/schemas/component.ts';
import { findRecipeDifferences, type DifferenceRow } from '../../format/recipeDifferences.ts';
import { formatCount, formatDuration, formatPercent, formatWhen } from '../../format/quantities.ts';
import type { Entry } from '../../state/entries.ts';
import { describeTest } from './entryFacts.ts';

const percent = (fraction: number | null | undefined): string | null =>
  fraction === null || fraction === undefined ? null : formatPercent(fraction, 2);

type Cell = (entry: Entry) => string | null;

const results: readonly { label: string; cell: Cell }[] = [
  { label: 'State', cell: ({ stateText }) => stateText },
  { label: 'Validation accuracy', cell: ({ validationAccuracy }) => percent(validationAccuracy) },
  {
    label: 'Best validation accuracy',
    cell: ({ run }) => {
      const best = run?.outcome.best ?? null;
      return best === null ? null : `${formatPercent(best.validationAccuracy, 2)}, epoch ${best.epoch}`;
    },
  },
  { label: 'Test accuracy', cell: describeTest },
  {
    label: 'Parameters',
    cell: ({ parameters }) => (parameters === 0 ? null : formatCount(parameters)),
  },
  { label: 'Time', cell: ({ seconds }) => (seconds === null ? null : formatDuration(seconds)) },
  { label: 'Trained', cell: ({ createdAt }) => formatWhen(createdAt) },
];

/** What each entry came to; rows that say nothing of any entry are left out. */
export function listResultRows(entries: readonly Entry[]): DifferenceRow[] {
  return results
    .map(({ label, cell }) => ({ path: label, label, values: entries.map(cell) }))
    .filter(({ values }) => values.some((value) => value !== null));
}

const noCorrections = { relabelled: 0, excluded: 0 };

/** What differs in the datasets, their corrections and the recipes. */
export function listDifferenceRows(entries: readonly Entry[], catalogue: Catalogue): DifferenceRow[] {
  const datasets = {
    path: 'dataset',
    label: 'Dataset',
    values: entries.map(({ datasetName }) => datasetName),
  };
  const differsInDataset = new Set(entries.map(({ datasetId }) => datasetId)).size > 1;
  const recipes = findRecipeDifferences(
    entries.map(({ recipe }) => recipe),
    catalogue,
  );
  const corrections = {
    path: 'corrections',
    label: 'Corrections',
    values: entries.map(({ run }) =>
      run === null ? null : describeCorrections(run.corrections ?? noCorrections),
    ),
  };
  const differsInCorrections =
    new Set(entries.map(({ run }) => run?.corrections?.fingerprint ?? null)).size > 1;
  return [
    ...(differsInDataset ? [datasets] : []),
    ...(differsInCorrections ? [corrections] : []),
    ...recipes,
  ];
}
