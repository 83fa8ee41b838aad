export interface Point {
  x: number;
  y: number;
}

/** The values as points of a curve in a box, the largest at the top; a single value or a flat curve lies in the middle. */
export function curvePoints(
  values: readonly number[],
  width: number,
  height: number,
  margin: number,
): Point[] {
  const lowest = Math.min(...values);
  const span = Math.max(...values) - lowest;
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  return values.map((value, index) => ({
    x: Number((margin + index * step).toFixed(1)),
    y: Number((margin + (span === 0 ? 0.5 : 1 - (value - lowest) / span) * (height - 2 * margin)).toFixed(1)),
  }));
}
