// One recipe with several seeds: how much of a result is chance.

export interface Spread {
  count: number;
  mean: number;
  /** The sample's standard deviation, over `count - 1`; null for fewer than two values. */
  deviation: number | null;
  lowest: number;
  highest: number;
}

/** Null where there are no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}
