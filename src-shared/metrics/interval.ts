export interface Interval {
  low: number;
  high: number;
}

/** The standard normal quantile at 97.5 %: two-sided 95 %. */
const normalQuantile = 1.959963984540054;

/**
 * The 95 % score interval of a proportion (Wilson, 1927), which stays sensible near 0 and 1 and for few trials, where
 * `p ± 1.96 sqrt(p (1 - p) / n)` does not. All of [0, 1] where nothing was tried.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z2 = normalQuantile ** 2;
  const proportion = successes / trials;
  const centre = (proportion + z2 / (2 * trials)) / (1 + z2 / trials);
  const spread =
    (normalQuantile / (1 + z2 / trials)) *
    Math.sqrt((proportion * (1 - proportion)) / trials + z2 / (4 * trials * trials));
  return { low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}
