// Which part of a large grid is in view, and where the arrow keys lead in it.

export interface GridLayout {
  columns: number;
  rows: number;
  /** From one row to the next, the gap included, in CSS pixels. */
  rowHeight: number;
}

/** As many columns as fit into `width`, at least one. Sizes in CSS pixels. */
export function layOutGrid(
  count: number,
  width: number,
  cell: { width: number; height: number },
  gap: number,
): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (cell.width + gap)));
  return { columns, rows: Math.ceil(count / columns), rowHeight: cell.height + gap };
}

/** The rows in view, `first` to before `end`, with `overscan` more on both sides. */
export function rowsInView(
  layout: GridLayout,
  scrollTop: number,
  height: number,
  overscan: number,
): { first: number; end: number } {
  const first = Math.floor(scrollTop / layout.rowHeight) - overscan;
  const end = Math.ceil((scrollTop + height) / layout.rowHeight) + overscan;
  const clamp = (row: number): number => Math.min(layout.rows, Math.max(0, row));
  return { first: clamp(first), end: clamp(end) };
}

/**
 * The row that a reused row element shows: element `slot` of `slots` shows the row in view whose number has this
 * remainder, so that scrolling by one row changes one element and leaves the others as they are.
 */
export function rowOfSlot(slot: number, slots: number, firstRow: number): number {
  return firstRow + ((((slot - firstRow) % slots) + slots) % slots);
}

/** Where a key leads from `position`; null for keys that do not move. */
export function moveByKey(
  key: string,
  position: number,
  count: number,
  columns: number,
  rowsPerPage: number,
): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * rowsPerPage,
    PageDown: columns * rowsPerPage,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return null;
  const target = position + step;
  if (key === 'ArrowUp' && target < 0) return position;
  if (key === 'ArrowDown' && target >= count) {
    const isInLastRow = Math.floor(position / columns) === Math.floor((count - 1) / columns);
    return isInLastRow ? position : count - 1;
  }
  return Math.min(count - 1, Math.max(0, target));
}

/** The scroll position nearest to `scrollTop` at which the row is wholly in view. */
export function scrollToRow(layout: GridLayout, row: number, scrollTop: number, height: number): number {
  const top = row * layout.rowHeight;
  const bottom = top + layout.rowHeight;
  if (top < scrollTop) return top;
  if (bottom > scrollTop + height) return Math.min(top, bottom - height);
  return scrollTop;
}
