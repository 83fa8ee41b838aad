// The curves of some classes through training, as a chart and a table take them.
import type { ClassCurves, ClassMeasure } from '../../../src-shared/metrics/classCurves.ts';
import { formatCount } from '../../format/quantities.ts';
import { chartPointShapes, type ChartAxis, type ChartSeries } from '../../ui/charts/chartSeries.ts';

/** As many classes as there are colours that can be told apart (`--series-1` …). */
export const mostClassesDrawn = 8;

/** Which class has which of the colours: the place of each class chosen, or null where it is not. */
export type ClassPlaces = readonly (number | null)[];

export interface DrawnCurves {
  /** The epochs of the curves. */
  epochs: readonly number[];
  classes: readonly string[];
  curves: ClassCurves;
  measure: ClassMeasure;
  places: ClassPlaces;
}

/** The places when the class is chosen or left out; those of the others stay. A class too many changes nothing. */
export function toggleClass(places: ClassPlaces, classIndex: number): ClassPlaces {
  if (places[classIndex] !== null) {
    return places.map((place, one) => (one === classIndex ? null : place));
  }
  const free = Array.from({ length: mostClassesDrawn }, (_, place) => place).find(
    (place) => !places.includes(place),
  );
  return free === undefined ? places : places.map((place, one) => (one === classIndex ? free : place));
}

/** The classes that are told apart worst after the last epoch, by their F1, so many of them. */
export function hardestClasses({ f1 }: ClassCurves, classCount: number, count: number): ClassPlaces {
  const last = f1.subarray(f1.length - classCount);
  const ranked = Array.from({ length: classCount }, (_, one) => one).sort(
    (one, other) => (last[one] ?? 0) - (last[other] ?? 0) || one - other,
  );
  const chosen = ranked.slice(0, count).sort((one, other) => one - other);
  return Array.from({ length: classCount }, (_, one) => {
    const place = chosen.indexOf(one);
    return place < 0 ? null : place;
  });
}

/** The plain mean over all classes after each epoch: the report's macro average. */
function macroCurve(values: Float64Array, classCount: number, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const row = values.subarray(epoch * classCount, (epoch + 1) * classCount);
    return row.reduce((sum, one) => sum + one, 0) / Math.max(1, classCount);
  });
}

/** The chosen classes, in their order, before them the mean of all. */
export function toClassSeries({ epochs, classes, curves, measure, places }: DrawnCurves): ChartSeries[] {
  const values = curves[measure];
  const mean: ChartSeries = {
    name: 'mean of all classes',
    colour: '--text-muted',
    style: 'dashed',
    x: epochs,
    y: macroCurve(values, classes.length, epochs.length),
    isInLegend: true,
  };
  const ofClasses = classes.flatMap((name, one): ChartSeries[] => {
    const place = places[one] ?? null;
    if (place === null) return [];
    return [
      {
        name,
        colour: `--series-${place + 1}`,
        style: 'points',
        pointShape: chartPointShapes[place % chartPointShapes.length] ?? 'circle',
        x: epochs,
        y: epochs.map((_epoch, at) => values[at * classes.length + one] ?? NaN),
        isInLegend: true,
      },
    ];
  });
  return [mean, ...ofClasses];
}

const digits = 3;

/** The same numbers as rows, the latest epoch first. */
export function toClassTable(
  series: readonly ChartSeries[],
  epochs: readonly number[],
): { columns: readonly string[]; rows: string[][] } {
  const rows = epochs.map((epoch, at) => [
    formatCount(epoch),
    ...series.map((one) => (one.y[at] ?? NaN).toFixed(digits)),
  ]);
  return { columns: ['Epoch', ...series.map(({ name }) => name)], rows: rows.reverse() };
}

/** The axis of shares: the report's numbers, as it writes them. */
export function shareAxis(label: string): ChartAxis {
  return {
    label,
    scale: 'linear',
    maximum: 1,
    format: (value) => value.toFixed(digits),
    formatTick: (value) => value.toFixed(2),
  };
}
