// What stands in the cells of a matrix of counts: the number shown, its text, how strongly the cell is coloured.

/** Counts; shares of a row's total; shares of a column's total. */
export const matrixMeasures = ['counts', 'rows', 'columns'] as const;
export type MatrixMeasure = (typeof matrixMeasures)[number];

export interface MatrixView {
  measure: MatrixMeasure;
  /** Leaves the diagonal empty, so that the colours tell the errors apart. */
  hidesDiagonal: boolean;
}

export interface MatrixCell {
  count: number;
  /** The count or the share, 0 to 1; null where the cell is left empty or there is nothing to share. */
  value: number | null;
  text: string;
  /** Place on the colour scale, 0 to 1. */
  strength: number;
}

export interface MatrixCells {
  rows: MatrixCell[][];
  rowTotals: number[];
  columnTotals: number[];
  /** The value at the end of the colour scale. */
  maximum: number;
}

const countFormat = new Intl.NumberFormat('en-US');

/** `1,234`, or `87.3` for a share (percent; the sign is said once, beside the matrix). */
export function formatCell(value: number, measure: MatrixMeasure): string {
  if (measure === 'counts') return countFormat.format(value);
  return value === 0 ? '0' : (value * 100).toFixed(1);
}

/**
 * The cells of a square matrix of counts. Colours follow the square root of the value: a handful of errors then stays
 * visible beside a thousand right answers.
 */
export function matrixCells(matrix: readonly (readonly number[])[], view: MatrixView): MatrixCells {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rowTotals = matrix.map(sum);
  const columnTotals = matrix.map((_, column) => sum(matrix.map((row) => row[column]!)));
  const valueOf = (row: number, column: number): number | null => {
    if (view.hidesDiagonal && row === column) return null;
    const count = matrix[row]![column]!;
    if (view.measure === 'counts') return count;
    const total = view.measure === 'rows' ? rowTotals[row]! : columnTotals[column]!;
    return total === 0 ? null : count / total;
  };
  const values = matrix.map((row, index) => row.map((_, column) => valueOf(index, column)));
  const maximum = values.flat().reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
  return {
    rows: values.map((row, index) =>
      row.map((value, column) => ({
        count: matrix[index]![column]!,
        value,
        text: value === null ? '' : formatCell(value, view.measure),
        strength: value === null || maximum === 0 ? 0 : Math.sqrt(value / maximum),
      })),
    ),
    rowTotals,
    columnTotals,
    maximum,
  };
}
