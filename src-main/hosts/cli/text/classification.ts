// The confusion matrix and the classification report as text.
import { classificationReport, type ClassReport } from '../../../../src-shared/metrics/confusion.ts';
import { formatTable, type Column } from './table.ts';

/** Row: true class, column: predicted class. The columns are numbered when the classes' names would be too wide. */
export function formatConfusionMatrix(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  terminalColumns: number,
): string[] {
  const nameWidth = Math.max(...classes.map((name) => name.length));
  const countWidth = Math.max(...matrix.flat().map((count) => String(count).length));
  const wide = nameWidth + classes.length * (Math.max(nameWidth, countWidth) + 2);
  const isNumbered = wide > terminalColumns;
  const columns: Column[] = [
    { title: '', align: isNumbered ? 'left' : 'right' },
    ...classes.map((name, index): Column => ({ title: isNumbered ? String(index) : name, align: 'right' })),
  ];
  const rows = matrix.map((row, index) => {
    const name = classes[index] ?? String(index);
    return [isNumbered ? `${index} ${name}` : name, ...row.map(String)];
  });
  return ['Confusion matrix (row: true class, column: predicted class)', ...formatTable(columns, rows)];
}

const decimals = 4;

/** Precision, recall, F1 and support of each class, then the means. */
export function formatClassificationReport(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
): string[] {
  const report = classificationReport(matrix);
  const row = (name: string, one: ClassReport): string[] => [
    name,
    one.precision.toFixed(decimals),
    one.recall.toFixed(decimals),
    one.f1.toFixed(decimals),
    String(one.support),
  ];
  const titles = ['precision', 'recall', 'f1', 'support'];
  return formatTable(
    [{ title: '', align: 'left' }, ...titles.map((title): Column => ({ title, align: 'right' }))],
    [
      ...report.classes.map((one, index) => row(classes[index] ?? String(index), one)),
      ['accuracy', '', '', report.accuracy.toFixed(decimals), String(report.macro.support)],
      row('macro mean', report.macro),
      row('weighted mean', report.weighted),
    ],
  );
}
