// What the columns of a table of images mean, told by its first line alone.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';

/** What the columns of a table are. */
export interface CsvLayout {
  shape: ImageShape;
  /** Whether the first one is the label. */
  isLabelled: boolean;
}

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that the field is; NaN where it is none. */
export const numberOf = (field: string): number => {
  const text = field.trim();
  return number.test(text) ? Number(text) : NaN;
};

/**
 * Whether these are names rather than values: most are no numbers, or they are the columns' own numbers, which pandas
 * writes for a table without names.
 */
export function isHeader(fields: readonly string[]): boolean {
  const names = fields.filter((field) => field.trim() !== '' && Number.isNaN(numberOf(field))).length;
  const isNumbering = fields.length > 2 && fields.every((field, index) => field === String(index));
  return names * 2 > fields.length || isNumbering;
}

/** A square, grey or coloured, of so many values; undefined where there is none. */
function squareOf(values: number, channels: 1 | 3): ImageShape | undefined {
  const side = Math.sqrt(values / channels);
  return Number.isInteger(side) && side > 0 ? { height: side, width: side, channels } : undefined;
}

/** Where a number of columns can mean several things the likeliest comes first. */
export function guessLayout(columns: number): CsvLayout | undefined {
  for (const channels of [1, 3] as const) {
    for (const isLabelled of [true, false]) {
      const shape = squareOf(isLabelled ? columns - 1 : columns, channels);
      if (shape !== undefined) return { shape, isLabelled };
    }
  }
  return undefined;
}
