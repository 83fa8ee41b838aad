import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../src-renderer/format/csv.ts';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('toCsv', () => {
  it('quotes what holds a comma, a quote or a line break, and nothing else', () => {
    const bytes = toCsv(
      ['plain', 'odd'],
      [
        ['T-shirt/top', 'a,b'],
        ['say "hi"', 'two\nlines'],
      ],
    );
    expect(textOf(bytes)).toBe('plain,odd\r\nT-shirt/top,"a,b"\r\n"say ""hi""","two\nlines"\r\n');
  });

  it('writes numbers with all their digits and null as an empty cell', () => {
    expect(textOf(toCsv(['a', 'b'], [[1 / 3, null]]))).toBe('a,b\r\n0.3333333333333333,\r\n');
  });
});
