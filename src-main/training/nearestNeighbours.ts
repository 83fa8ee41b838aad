// Exact nearest neighbours by plain comparison with every row: for tens of thousands of rows an index gains nothing.

export interface Neighbours {
  /** Rows, the nearest first; the lower one first where distances are equal. */
  rows: Uint32Array<ArrayBuffer>;
  /** Euclidean. */
  distances: Float32Array<ArrayBuffer>;
}

/** The squared distance between `query` and a row, given up as soon as it is known to exceed `limit`. */
function squaredDistance(features: Float32Array, start: number, query: Float32Array, limit: number): number {
  /** Numbers between two looks at the limit. */
  const stretch = 64;
  const length = query.length;
  let sum = 0;
  for (let from = 0; from < length && sum <= limit; from += stretch) {
    const to = Math.min(length, from + stretch);
    for (let one = from; one < to; one += 1) {
      const difference = features[start + one]! - query[one]!;
      sum += difference * difference;
    }
  }
  return sum;
}

/** The `wanted` rows of `features (rows, query.length)` that are nearest to `query`, without row `left`. */
export function nearestRows(
  features: Float32Array,
  query: Float32Array,
  wanted: number,
  left: number | null = null,
): Neighbours {
  const count = features.length / query.length;
  const rows: number[] = [];
  const squares: number[] = [];
  for (let row = 0; row < count; row += 1) {
    if (row === left) continue;
    const limit = rows.length < wanted ? Infinity : squares.at(-1)!;
    const square = squaredDistance(features, row * query.length, query, limit);
    if (!(square < limit)) continue;
    let place = rows.length;
    while (place > 0 && squares[place - 1]! > square) place -= 1;
    rows.splice(place, 0, row);
    squares.splice(place, 0, square);
    if (rows.length > wanted) {
      rows.pop();
      squares.pop();
    }
  }
  return { rows: Uint32Array.from(rows), distances: Float32Array.from(squares, Math.sqrt) };
}
