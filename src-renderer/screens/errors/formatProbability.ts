/** `98.21 %`, and `< 0.01 %` for what would round to nothing. */
export function formatProbability(probability: number): string {
  const percent = probability * 100;
  return percent > 0 && percent < 0.01 ? '< 0.01 %' : `${percent.toFixed(2)} %`;
}
