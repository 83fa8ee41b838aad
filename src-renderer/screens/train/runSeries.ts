// A run's curves as the two charts draw them.
import type { EpochRecord } from '../../../src-shared/schemas/run.ts';
import { formatCount, formatLoss, formatNumber, formatPercent } from '../../format/quantities.ts';
import type { RunCurves } from '../../state/runCurves.ts';
import type { ChartMarker, ChartSeries } from '../../ui/charts/chartSeries.ts';
import { smooth } from '../../ui/charts/smoothing.ts';

export type Measure = 'loss' | 'accuracy';

/** More rows than this are not worth reading; the CSV file holds all. */
export const mostTableRows = 500;

/** Where an epoch's record has what. */
export const measured = {
  train: { loss: 'trainLoss', accuracy: 'trainAccuracy' },
  validation: { loss: 'validationLoss', accuracy: 'validationAccuracy' },
} as const;

/** Training per batch (thin; as it is, faint, behind its moving average) and per epoch, validation per epoch. */
export function toRunSeries(
  curves: RunCurves,
  measure: Measure,
  smoothing: number,
  validationName = 'validation',
): ChartSeries[] {
  const x = curves.batchEpochs.view();
  const y = (measure === 'loss' ? curves.batchLosses : curves.batchAccuracies).view();
  const isSmoothed = smoothing > 0 && x.length > 1;
  const batches: ChartSeries = {
    name: 'train, each batch',
    colour: '--train',
    style: isSmoothed ? 'faint' : 'thin',
    x,
    y,
    isInLegend: !isSmoothed,
  };
  const smoothed: ChartSeries = {
    name: 'train, batches smoothed',
    colour: '--train',
    style: 'thin',
    x,
    y: isSmoothed ? smooth(y, smoothing) : [],
    isInLegend: true,
    isDerived: true,
  };
  // Later series lie above earlier ones.
  return [
    batches,
    ...(isSmoothed ? [smoothed] : []),
    ...toEpochSeries(curves.epochs, measure, validationName),
  ];
}

/** Training and validation by epoch. */
export function toEpochSeries(
  epochs: readonly EpochRecord[],
  measure: Measure,
  validationName = 'validation',
): ChartSeries[] {
  const x = epochs.map((record) => record.epoch);
  const seriesOf = (name: string, colour: string, part: keyof typeof measured): ChartSeries => ({
    name,
    colour,
    style: 'points',
    x,
    y: epochs.map((record) => record[measured[part][measure]]),
    isInLegend: true,
  });
  return [seriesOf('train', '--train', 'train'), seriesOf(validationName, '--validation', 'validation')];
}

/** Where the learning rate was changed by hand. */
export function toRateMarkers(curves: RunCurves): ChartMarker[] {
  return curves.learningRateChanges.map((change) => ({
    x: change.step / curves.batchesPerEpoch,
    label: `rate ${formatNumber(change.learningRate)}`,
  }));
}

/** The last x value that there is: how far the axis goes. */
export function lastEpochPosition(curves: RunCurves): number {
  return Math.max(curves.batchEpochs.last ?? 0, curves.epochs.at(-1)?.epoch ?? 0) || 1;
}

const tableColumns = [
  'Epoch',
  'Train loss',
  'Validation loss',
  'Train accuracy',
  'Validation accuracy',
  'Rate',
  'Images/s',
];

/** The table behind the charts, the newest epoch first. */
export function toEpochTable(epochs: readonly EpochRecord[]): {
  columns: readonly string[];
  rows: string[][];
  note?: string;
} {
  const rows = epochs
    .slice(-mostTableRows)
    .reverse()
    .map((record) => [
      formatCount(record.epoch),
      formatLoss(record.trainLoss),
      formatLoss(record.validationLoss),
      formatPercent(record.trainAccuracy, 2),
      formatPercent(record.validationAccuracy, 2),
      formatNumber(Number(record.learningRate.toPrecision(4))),
      formatCount(Math.round(record.imagesPerSecond)),
    ]);
  if (epochs.length <= mostTableRows) return { columns: tableColumns, rows };
  return { columns: tableColumns, rows, note: `The latest ${mostTableRows} epochs; the CSV file holds all.` };
}
