// What a person types into a number field, and what the arrow keys make of it.

export interface NumberRange {
  minimum: number;
  maximum: number;
  isInteger: boolean;
}

/** The number, or null where the text is none that the range accepts. A decimal comma is understood. */
export function parseNumber(text: string, range: NumberRange): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  const value = Number(trimmed);
  if (!Number.isFinite(value) || value < range.minimum || value > range.maximum) return null;
  return range.isInteger && !Number.isInteger(value) ? null : value;
}

const clamp = (value: number, range: NumberRange): number =>
  Math.min(range.maximum, Math.max(range.minimum, value));

/** The next value in 1, 2, 5, 10, 20, 50 … (or in fractions): how a learning rate is tried out. */
export function nextOnLogScale(value: number, direction: 1 | -1, range: NumberRange): number {
  if (value <= 0) return clamp(direction === 1 ? Math.max(range.minimum, 1e-8) : range.minimum, range);
  const decade = Math.floor(Math.log10(value));
  const candidates = [decade - 1, decade, decade + 1].flatMap((exponent) =>
    [1, 2, 5].map((mantissa) => Number(`${mantissa}e${exponent}`)),
  );
  const isBeyond = (candidate: number): boolean =>
    direction === 1 ? candidate > value * (1 + 1e-9) : candidate < value * (1 - 1e-9);
  const beyond = candidates.filter(isBeyond);
  return clamp((direction === 1 ? beyond[0] : beyond.at(-1)) ?? value, range);
}

/** One step up or down, without the dust that adding fractions leaves (0.1 + 0.2). */
export function nextOnLinearScale(
  value: number,
  direction: 1 | -1,
  step: number,
  range: NumberRange,
): number {
  return clamp(Number((value + direction * step).toPrecision(12)), range);
}
