// A curve of 100,000 points on a chart of 700 pixels: what is drawn is the lowest and the highest value of each
// pixel column, which looks exactly like all of them.

export interface ChartPoint {
  x: number;
  y: number;
}

/** The first position in ascending `x` whose value is at least `limit`. */
export function lowerBound(x: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position in ascending `x` that lies nearest to `target`; -1 when there is none. */
export function nearestIndex(x: ArrayLike<number>, target: number): number {
  if (x.length === 0) return -1;
  const above = Math.min(lowerBound(x, target), x.length - 1);
  if (above === 0) return 0;
  return target - x[above - 1]! <= x[above]! - target ? above - 1 : above;
}

/**
 * At most two points for each of `columns` equal parts of the range: the lowest and the highest value there, in the
 * order they came. `x` ascends; values that are not finite are left out.
 */
export function decimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  range: { minimum: number; maximum: number },
  columns: number,
): ChartPoint[] {
  const first = lowerBound(x, range.minimum);
  let end = lowerBound(x, range.maximum);
  while (end < x.length && x[end]! <= range.maximum) end += 1;
  const points: ChartPoint[] = [];
  const add = (index: number): void => {
    points.push({ x: x[index]!, y: y[index]! });
  };

  if (end - first <= 2 * columns) {
    for (let index = first; index < end; index += 1) if (Number.isFinite(y[index]!)) add(index);
    return points;
  }

  const columnsPerUnit = columns / (range.maximum - range.minimum);
  let column = -1;
  let lowest = -1;
  let highest = -1;
  const closeColumn = (): void => {
    if (lowest < 0) return;
    add(Math.min(lowest, highest));
    if (lowest !== highest) add(Math.max(lowest, highest));
  };
  for (let index = first; index < end; index += 1) {
    const value = y[index]!;
    if (!Number.isFinite(value)) continue;
    const at = Math.min(columns - 1, Math.floor((x[index]! - range.minimum) * columnsPerUnit));
    if (at !== column) {
      closeColumn();
      column = at;
      lowest = index;
      highest = index;
    } else if (value < y[lowest]!) lowest = index;
    else if (value > y[highest]!) highest = index;
  }
  closeColumn();
  return points;
}
