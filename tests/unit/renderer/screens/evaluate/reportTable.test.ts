import { describe, expect, it } from 'vitest';
import {
  averageRows,
  classRows,
  nextOrder,
  toReportCsv,
  toReportText,
  type ReportOrder,
} from '../../../../../src-renderer/screens/evaluate/reportTable.ts';
import { classificationReport } from '../../../../../src-shared/metrics/confusion.ts';

const classes = ['Coat', 'Bag', 'Shirt'];
const report = classificationReport([
  [8, 0, 2],
  [0, 4, 0],
  [5, 0, 5],
]);
const unsorted: ReportOrder = { column: null, direction: 'ascending' };
const names = (order: ReportOrder): string[] => classRows(report, classes, order).map((row) => row.name);

describe('the report as a table', () => {
  it('stands in the order of the classes until a column is chosen', () => {
    expect(names(unsorted)).toEqual(['Coat', 'Bag', 'Shirt']);
  });

  it('sorts by any column, both ways', () => {
    expect(names({ column: 'recall', direction: 'ascending' })).toEqual(['Shirt', 'Coat', 'Bag']);
    expect(names({ column: 'recall', direction: 'descending' })).toEqual(['Bag', 'Coat', 'Shirt']);
    expect(names({ column: 'name', direction: 'ascending' })).toEqual(['Bag', 'Coat', 'Shirt']);
  });

  it('leaves equal rows in the order of the classes', () => {
    expect(names({ column: 'support', direction: 'descending' })).toEqual(['Coat', 'Shirt', 'Bag']);
  });

  it('knows which class a row is of, however sorted', () => {
    const rows = classRows(report, classes, { column: 'name', direction: 'ascending' });
    expect(rows.map((row) => row.classIndex)).toEqual([1, 0, 2]);
  });

  it('goes from up to down to unsorted when a heading is pressed again', () => {
    const up = nextOrder(unsorted, 'f1');
    const down = nextOrder(up, 'f1');
    expect([up, down, nextOrder(down, 'f1')]).toEqual([
      { column: 'f1', direction: 'ascending' },
      { column: 'f1', direction: 'descending' },
      unsorted,
    ]);
    expect(nextOrder(down, 'recall')).toEqual({ column: 'recall', direction: 'ascending' });
  });

  it('is saved in full precision and copied in four places', () => {
    const rows = [...classRows(report, classes, unsorted).slice(0, 1), ...averageRows(report).slice(0, 1)];
    const csv = new TextDecoder().decode(toReportCsv(rows)).split('\r\n');
    expect(csv[0]).toBe('class,precision,recall,f1,support');
    expect(csv[1]).toBe(`Coat,${8 / 13},0.8,${16 / 23},10`);
    expect(toReportText(rows).split('\n')[1]).toBe('Coat\t0.6154\t0.8000\t0.6957\t10');
    expect(toReportText(rows).split('\n')[2]).toMatch(/^Macro average\t/);
  });
});
