import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestRecord, readCsvRecords } from '../../../src-main/formats/csvRecords.ts';
import { inPieces, utf16, utf8 } from './textSource.ts';

async function recordsOf(bytes: Uint8Array, pieceBytes?: number): Promise<string[][]> {
  const records: string[][] = [];
  await readCsvRecords(inPieces(bytes, pieceBytes), 'table.csv', (fields) => records.push(fields));
  return records;
}

async function linesOf(text: string): Promise<number[]> {
  const lines: number[] = [];
  await readCsvRecords(inPieces(utf8(text)), 'table.csv', (_fields, line) => lines.push(line));
  return lines;
}

const spectrum = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
const spectrumCases = readdirSync(join(spectrum, 'csvs')).map((name) => name.replace('.csv', ''));

/** Version 2.0.0 gives one object in place of a list for this table, and another telephone number than the table has. */
const corrections = new Map([
  ['location_coordinates', (json: string) => `[${json.replace('1234567890', '2095257564')}]`],
]);

/** As RFC 4180 says: quotes where they are needed or wanted, doubled inside. */
const quoted = (field: string, always: boolean): string =>
  always || /[",;\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

describe('records of delimited text', () => {
  it.each(spectrumCases)('are those that csv-spectrum expects of %s, in pieces of any size', async (name) => {
    const bytes = readFileSync(join(spectrum, 'csvs', `${name}.csv`));
    const json = readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8');
    const expected: unknown = JSON.parse(corrections.get(name)?.(json) ?? json);
    for (const pieceBytes of [1, 2, 3, 7, bytes.byteLength]) {
      const [header = [], ...rows] = await recordsOf(bytes, pieceBytes);
      const objects = rows.map((row) => Object.fromEntries(header.map((key, index) => [key, row[index]])));
      expect(objects, `pieces of ${pieceBytes}`).toEqual(expected);
    }
  });

  it('are the same whatever is quoted, whatever ends a line and wherever the pieces are cut', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '1', '"', ',', '\n', ' ', 'é', '😀'),
      maxLength: 6,
    });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
      );
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (rows, newline, always, endsLine, pieceBytes) => {
          // The first line tells the dialect: it must have no end of line of another kind in it.
          const all = [rows[0]!.map(() => 'name'), ...rows];
          const text = all.map((row) => row.map((one) => quoted(one, always)).join(',')).join(newline);
          expect(await recordsOf(utf8(text + (endsLine ? newline : '')), pieceBytes)).toEqual(all);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['UTF-8 with a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('a,é\n1,2'))],
    ['UTF-16, little-endian', utf16('a,é\n1,2', false, true)],
    ['UTF-16, big-endian', utf16('a,é\n1,2', true, true)],
    ['UTF-16 without a mark', utf16('a,é\n1,2', false, false)],
    ['UTF-16 without a mark, big-endian', utf16('a,é\n1,2', true, false)],
  ])('are read from %s', async (_encoding, bytes) => {
    for (const pieceBytes of [1, 3, bytes.byteLength]) {
      expect(await recordsOf(bytes, pieceBytes)).toEqual([
        ['a', 'é'],
        ['1', '2'],
      ]);
    }
  });

  it.each([
    [';', 'a;b\n1,5;2'],
    ['\t', 'a\tb\n1,5\t2'],
  ])('are told apart by %j where the first line is', async (_delimiter, text) => {
    expect(await recordsOf(utf8(text))).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
  });

  it('may end in different ways, and lines of nothing are passed over', async () => {
    expect(await recordsOf(utf8('a,b\n1,2\r\n\n3,4\n\n'))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('know the line that they begin in, whatever breaks lie in quotes', async () => {
    expect(await linesOf('"a\nb",c\n\n1,2\n"3\n\n",4\n5,6')).toEqual([1, 4, 5, 8]);
    expect(await linesOf('"a\r\nb",c\r\n1,2\r\n')).toEqual([1, 3]);
    expect(await linesOf('a,b\r1,2\r3,4')).toEqual([1, 2, 3]);
  });

  it.each([
    ['csv.unclosed-quote', 'a,b\n1,"2\n3,4\n', '"table.csv", line 2: the quote that opens column 2'],
    ['csv.wrong-quote', 'a,b\n1,"2"x\n3,4\n', '"table.csv", line 2:'],
    ['csv.not-text', 'a,b\nabc\0def', '"table.csv" is not a text file'],
  ])('are refused with %s', async (code, text, sentence) => {
    for (const pieceBytes of [1, 1000]) {
      const message: unknown = expect.stringContaining(sentence);
      await expect(recordsOf(utf8(text), pieceBytes)).rejects.toMatchObject({ code, message });
    }
  });

  it.each([
    ['of digits', '1,'],
    ['inside quotes', '"1,'],
    ['of blanks', '" '],
    ['of quotes', '"""x'],
  ])('without an end are refused before they fill the memory: %s', async (_what, unit) => {
    const piece = utf8(unit[0]! + unit.slice(1).repeat(256 * 1024));
    let pieces = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        pieces += 1;
        yield await Promise.resolve(pieces === 1 ? piece : piece.subarray(1));
      }
    }
    const message: unknown = expect.stringContaining('"table.csv", line 1:');
    await expect(readCsvRecords(endless(), 'table.csv', () => undefined)).rejects.toMatchObject({ message });
    expect(pieces * piece.byteLength).toBeLessThan(longestRecord + 4 * piece.byteLength);
  });
});
