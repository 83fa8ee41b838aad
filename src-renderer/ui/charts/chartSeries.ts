// What a line chart is given.
import { toCsv, type CsvCell } from '../../format/csv.ts';

export const chartPointShapes = ['circle', 'triangle', 'rect', 'rectRot', 'cross', 'star'] as const;
export type ChartPointShape = (typeof chartPointShapes)[number];

export interface ChartSeries {
  name: string;
  /** The CSS property with its colour: `--train`. */
  colour: string;
  /** `faint` lies behind others; `thin` is a plain line, `dashed` a broken one; `points` a line with a point at each value. */
  style: 'faint' | 'thin' | 'dashed' | 'points';
  /** The shape of the points, which tells curves apart where colours don't. */
  pointShape?: ChartPointShape;
  /** Ascending. */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Named in the legend, with its value where the pointer is. */
  isInLegend: boolean;
  /** Left out of the CSV file: it is derived from another series. */
  isDerived?: boolean;
}

/** A vertical line across the chart. */
export interface ChartMarker {
  x: number;
  label: string;
}

export interface ChartAxis {
  label: string;
  scale: 'linear' | 'logarithmic';
  /** Ends of the axis where they are known beforehand. */
  minimum?: number;
  maximum?: number;
  /** A value that is read out. */
  format: (value: number) => string;
  /** A number at the axis: shorter. */
  formatTick: (value: number) => string;
}

/** Every point of the chart, one row each: series, x, y. */
export function toChartCsv(series: readonly ChartSeries[], xLabel: string, yLabel: string): Uint8Array {
  function* rows(): Generator<readonly CsvCell[]> {
    for (const one of series) {
      if (one.isDerived === true) continue;
      for (let index = 0; index < one.x.length; index += 1) yield [one.name, one.x[index]!, one.y[index]!];
    }
  }
  return toCsv(['series', xLabel, yLabel], rows());
}
