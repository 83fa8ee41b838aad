// The curves of several runs in one chart.
import type { EpochRecord } from '../../../src-shared/schemas/run.ts';
import { formatCount, formatLoss, formatPercent } from '../../format/quantities.ts';
import { chartPointShapes, type ChartSeries } from '../../ui/charts/chartSeries.ts';
import { measured, mostTableRows, type Measure } from '../train/runSeries.ts';

/** As many as there are colours that can be told apart (`--series-1` …). */
export const mostOverlaid = 8;

export type OverlayAxis = 'epochs' | 'seconds';

export interface OverlaidRun {
  /** No two alike. */
  name: string;
  epochs: readonly EpochRecord[];
  /** Its place among the compared, from 0: decides colour and shape, also when others are left out. */
  place: number;
}

/** The names, with a number behind those that were there before: `baseline`, `baseline (2)`. */
export function toUniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name} (${number})`;
    taken.add(unique);
    return unique;
  });
}

/** The CSS property with the colour of the run at a place. */
export const colourOf = (place: number): string => `--series-${(place % mostOverlaid) + 1}`;

function positionsOf(epochs: readonly EpochRecord[], axis: OverlayAxis): number[] {
  if (axis === 'epochs') return epochs.map((record) => record.epoch);
  let seconds = 0;
  return epochs.map((record) => (seconds += record.seconds));
}

/** Validation of every run, and behind it their training, dashed in the same colour. */
export function toOverlaySeries(
  runs: readonly OverlaidRun[],
  measure: Measure,
  axis: OverlayAxis,
  withTraining: boolean,
): ChartSeries[] {
  const seriesOf = (run: OverlaidRun, part: keyof typeof measured): ChartSeries => ({
    name: part === 'train' ? `${run.name}, train` : run.name,
    colour: colourOf(run.place),
    style: part === 'train' ? 'dashed' : 'points',
    pointShape: chartPointShapes[run.place % chartPointShapes.length]!,
    x: positionsOf(run.epochs, axis),
    y: run.epochs.map((record) => record[measured[part][measure]]),
    isInLegend: part === 'validation',
  });
  return [
    ...(withTraining ? runs.map((run) => seriesOf(run, 'train')) : []),
    ...runs.map((run) => seriesOf(run, 'validation')),
  ];
}

/** The last position of all runs on the axis: how far it goes. */
export function lastPosition(runs: readonly OverlaidRun[], axis: OverlayAxis): number {
  return Math.max(0, ...runs.map((run) => positionsOf(run.epochs, axis).at(-1) ?? 0)) || 1;
}

/** The validation of every run by epoch, the latest first. */
export function toOverlayTable(
  runs: readonly OverlaidRun[],
  measure: Measure,
): { columns: readonly string[]; rows: string[][]; note?: string } {
  const format = (value: number): string =>
    measure === 'loss' ? formatLoss(value) : formatPercent(value, 2);
  const last = Math.max(0, ...runs.map((run) => run.epochs.at(-1)?.epoch ?? 0));
  const byEpoch = runs.map((run) => new Map(run.epochs.map((record) => [record.epoch, record])));
  const rows = Array.from({ length: Math.min(last, mostTableRows) }, (_, index) => {
    const epoch = last - index;
    const cells = byEpoch.map((records) => {
      const record = records.get(epoch);
      return record === undefined ? '–' : format(record[measured.validation[measure]]);
    });
    return [formatCount(epoch), ...cells];
  });
  const columns = ['Epoch', ...runs.map(({ name }) => name)];
  if (last <= mostTableRows) return { columns, rows };
  return { columns, rows, note: `The latest ${mostTableRows} epochs; the CSV file holds all.` };
}
