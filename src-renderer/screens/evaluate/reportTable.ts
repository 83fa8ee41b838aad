// The classification report as rows that can be sorted, copied and saved.
import type { ClassificationReport, ClassReport } from '../../../src-shared/metrics/confusion.ts';
import { toCsv } from '../../format/csv.ts';

export const reportColumns = ['name', 'precision', 'recall', 'f1', 'support'] as const;
export type ReportColumn = (typeof reportColumns)[number];

export interface ReportRow extends ClassReport {
  name: string;
  /** Null for the averages. */
  classIndex: number | null;
}

export interface ReportOrder {
  /** Null keeps the order of the classes. */
  column: ReportColumn | null;
  direction: 'ascending' | 'descending';
}

/** One row a class, sorted; equal ones in the order of the classes. */
export function classRows(
  report: ClassificationReport,
  classes: readonly string[],
  order: ReportOrder,
): ReportRow[] {
  const rows = report.classes.map((one, index): ReportRow => ({
    ...one,
    name: classes[index] ?? '',
    classIndex: index,
  }));
  const { column } = order;
  if (column === null) return rows;
  const sign = order.direction === 'ascending' ? 1 : -1;
  return rows.sort((one, other) =>
    column === 'name' ? sign * one.name.localeCompare(other.name) : sign * (one[column] - other[column]),
  );
}

export function averageRows(report: ClassificationReport): ReportRow[] {
  return [
    { ...report.macro, name: 'Macro average', classIndex: null },
    { ...report.weighted, name: 'Weighted average', classIndex: null },
  ];
}

/** The next order when a column's heading is pressed: up, down, then the order of the classes again. */
export function nextOrder(order: ReportOrder, column: ReportColumn): ReportOrder {
  if (order.column !== column) return { column, direction: 'ascending' };
  return order.direction === 'ascending'
    ? { column, direction: 'descending' }
    : { column: null, direction: 'ascending' };
}

const header = ['class', 'precision', 'recall', 'f1', 'support'];

export function toReportCsv(rows: readonly ReportRow[]): Uint8Array {
  return toCsv(
    header,
    rows.map((row) => [row.name, row.precision, row.recall, row.f1, row.support]),
  );
}

/** Tab-separated, as spreadsheets and documents take it from the clipboard. */
export function toReportText(rows: readonly ReportRow[]): string {
  const lines = rows.map((row) => [
    row.name,
    row.precision.toFixed(4),
    row.recall.toFixed(4),
    row.f1.toFixed(4),
    String(row.support),
  ]);
  return [header, ...lines].map((line) => line.join('\t')).join('\n');
}
