// Columns of text, aligned.

export interface Column {
  title: string;
  align: 'left' | 'right';
}

/** Lines: the titles, then one line a row. Trailing spaces are left out. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map((column) => column.title);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((row) => (row[index] ?? '').length)),
  );
  return [titles, ...rows].map((row) =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? '';
        return column.align === 'left' ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!);
      })
      .join('  ')
      .trimEnd(),
  );
}
