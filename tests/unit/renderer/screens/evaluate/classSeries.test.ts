import { describe, expect, it } from 'vitest';
import {
  hardestClasses,
  mostClassesDrawn,
  toClassSeries,
  toClassTable,
  toggleClass,
} from '../../../../../src-renderer/screens/evaluate/classSeries.ts';

const classes = ['cat', 'dog', 'cow'];
const epochs = [1, 3];
/** `(epochs, classes)` */
const values = Float64Array.of(0.5, 0.25, 0.75, 0.9, 0.6, 0.6);
const curves = { recall: values, precision: new Float64Array(6), f1: values };

describe('the classes drawn', () => {
  it('are at first those of the lowest F1 after the last epoch', () => {
    expect(hardestClasses(curves, 3, 2)).toEqual([null, 0, 1]);
    expect(hardestClasses(curves, 3, 1)).toEqual([null, 0, null]);
  });

  it('keep their colours when others come and go, and a class too many is left out', () => {
    const places = toggleClass([0, 1, null], 0);
    expect(places).toEqual([null, 1, null]);
    expect(toggleClass(places, 2)).toEqual([null, 1, 0]);
    const full = [...Array.from({ length: mostClassesDrawn }, (_, place) => place), null];
    expect(toggleClass(full, mostClassesDrawn)).toBe(full);
  });

  it('are in the chart and in the table beside the mean of all classes', () => {
    const series = toClassSeries({ epochs, classes, curves, measure: 'recall', places: [null, 0, 1] });
    expect(series.map(({ name }) => name)).toEqual(['mean of all classes', 'dog', 'cow']);
    expect(Array.from(series[0]!.y)).toEqual([0.5, (0.9 + 0.6 + 0.6) / 3]);
    expect(Array.from(series[1]!.y)).toEqual([0.25, 0.6]);
    expect(series[2]).toMatchObject({ colour: '--series-2', x: epochs });
    expect(toClassTable(series, epochs)).toEqual({
      columns: ['Epoch', 'mean of all classes', 'dog', 'cow'],
      rows: [
        ['3', '0.700', '0.600', '0.600'],
        ['1', '0.500', '0.250', '0.750'],
      ],
    });
  });
});
