// The cells of a confusion matrix in words, for the line below it and for screen readers.
import type { MatrixCells } from './matrixCells.ts';

const countFormat = new Intl.NumberFormat('en-US');
const percent = (part: number, total: number): string =>
  total === 0 ? '0.0 %' : `${((part / total) * 100).toFixed(1)} %`;

/** `12 of 600 Shirt images (2.0 %) were taken for Coat.` */
export function describeCell(
  cells: MatrixCells,
  classes: readonly string[],
  row: number,
  column: number,
): string {
  const count = cells.rows[row]?.[column]?.count ?? 0;
  const total = cells.rowTotals[row] ?? 0;
  const trueName = classes[row] ?? '';
  const predictedName = classes[column] ?? '';
  const outcome = row === column ? 'recognised' : `taken for ${predictedName}`;
  const verb = count === 1 ? 'was' : 'were';
  return `${countFormat.format(count)} of ${countFormat.format(total)} ${trueName} images (${percent(count, total)}) ${verb} ${outcome}.`;
}
