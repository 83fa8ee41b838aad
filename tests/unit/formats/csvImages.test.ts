import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvImages, type CsvImages, type CsvOptions } from '../../../src-main/formats/csvImages.ts';
import { inPieces, utf16, utf8 } from './textSource.ts';

const read = (text: string, options?: CsvOptions): Promise<CsvImages> =>
  readCsvImages(inPieces(utf8(text)), 'train.csv', options);

/** Two images of 2 x 2 with their labels. */
const expected = {
  shape: { height: 2, width: 2, channels: 1 },
  count: 2,
  pixels: Uint8Array.of(0, 7, 34, 255, 1, 2, 3, 4),
  labels: Uint8Array.of(3, 254),
};
const body = '3,0,7,34,255\n254,1,2,3,4';

describe('a table of images', () => {
  it.each([
    ['without a header', body, false],
    ["with Kaggle's header", `label,pixel0,pixel1,pixel2,pixel3\n${body}\n`, true],
    ["with the header of Fashion-MNIST's tables", `label,pixel1,pixel2,pixel3,pixel4\n${body}\n`, true],
    ['with names of objects in the header', `__proto__,constructor,toString,hasOwnProperty,x\n${body}`, true],
    ["with pandas's numbers as the header", `0,1,2,3,4\n${body}`, true],
    ['with quotes, commas and line breaks in the header', `"the\nlabel","a,b","c""d",e,f\n${body}`, true],
    ['with a byte order mark', `\ufefflabel,a,b,c,d\n${body}`, true],
    ['with CRLF', body.replaceAll('\n', '\r\n'), false],
    ['with CR', `l,a,b,c,d\r${body.replaceAll('\n', '\r')}\r`, true],
    ['with semicolons', body.replaceAll(',', ';'), false],
    ['with tabs and blank lines', `\n${body.replaceAll(',', '\t')}\n\n`, false],
    ['with quoted numbers', body.replaceAll(/\d+/g, '"$&"'), false],
    ["with numpy's numbers", '3.0,0.,7.000e+00,3.4e1, 255.0\n254,1,002,+3,4', false],
  ])('is read %s', async (_what, text, hasHeader) => {
    expect(await read(text)).toEqual({ ...expected, hasHeader });
  });

  it('is read from UTF-16', async () => {
    const source = inPieces(utf16(`label,a,b,c,d\n${body}`, false, true), 3);
    expect(await readCsvImages(source, 'train.csv')).toEqual({ ...expected, hasHeader: true });
  });

  it('without labels is told by its columns', async () => {
    const { labels, shape, pixels } = await read('a,b,c,d\n1,2,3,4\n');
    expect(labels).toBeNull();
    expect(shape).toEqual({ height: 2, width: 2, channels: 1 });
    expect(pixels).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('may be of coloured images, and of the shape that it is said to be of', async () => {
    const twelve = Array.from({ length: 12 }, (_, index) => 20 + index).join(',');
    expect((await read(`9,${twelve}`)).shape).toEqual({ height: 2, width: 2, channels: 3 });
    const shape = { height: 3, width: 4, channels: 1 };
    expect((await read(`9,${twelve}`, { shape })).labels).toEqual(Uint8Array.of(9));
    expect((await read(twelve, { shape })).labels).toBeNull();
    expect((await read(twelve, { shape })).shape).toEqual(shape);
  });

  it('of any values comes back as it was written, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 999 }),
        fc.integer(),
        async (count, pieceBytes, seed) => {
          const value = (index: number): number => Math.abs(Math.imul(index + seed, 2654435761)) % 256;
          const pixels = Uint8Array.from({ length: count * 9 }, (_, index) => value(index));
          const labels = Uint8Array.from({ length: count }, (_, index) => value(index) % 255);
          const text = Array.from(labels, (label, row) =>
            [label, ...pixels.subarray(row * 9, row * 9 + 9)].join(','),
          ).join('\n');
          const table = await readCsvImages(inPieces(utf8(text), pieceBytes), 'train.csv', {
            shape: { height: 3, width: 3, channels: 1 },
          });
          expect(table).toMatchObject({ count, pixels, labels });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of more than one block of rows is put together in order', async () => {
    const rows = 70_000;
    const text = Array.from({ length: rows }, (_, row) => `${row % 10},${row & 255},1,2,${row >> 9}`).join(
      '\n',
    );
    const { pixels, labels, count } = await read(text);
    expect(count).toBe(rows);
    for (const row of [0, 65_535, 65_536, rows - 1]) {
      expect(labels![row]).toBe(row % 10);
      expect([...pixels.subarray(row * 4, row * 4 + 4)]).toEqual([row & 255, 1, 2, row >> 9]);
    }
  });

  it('says how many bytes have been read', async () => {
    const seen: number[] = [];
    const bytes = utf8(body);
    await readCsvImages(inPieces(bytes, 10), 'train.csv', { onBytes: (count) => seen.push(count) });
    expect(seen).toEqual([10, 20, bytes.byteLength]);
  });

  const header = 'label,a,b,c,d\n';
  it.each([
    ['csv.empty', '', '"train.csv" is empty'],
    ['csv.empty', '\n\r\n\n', '"train.csv" is empty'],
    ['csv.header-only', header, '"train.csv", line 1: names of columns'],
    [
      'csv.ragged',
      `${header}1,2,3,4,5\n1,2,3,4\n`,
      'line 3, column 5: the line has 4 columns, but the header has 5',
    ],
    ['csv.ragged', `${header}1,2,3,4,5,6\n`, 'line 2, column 6: the line has 6 columns'],
    [
      'csv.ragged',
      '1,2,3,4,5\n1,2,3,4,5,\n',
      'line 2, column 6: the line has 6 columns, but the first line has 5',
    ],
    ['csv.not-a-number', `${header}1,2,NaN,4,5`, 'line 2, column 3: "NaN" is no number'],
    ['csv.not-a-number', `${header}1,2,"0x10",4,5`, 'line 2, column 3: "0x10" is no number'],
    ['csv.not-a-number', `${header}Sneaker,2,3,4,5`, 'line 2, column 1: "Sneaker" is no number; labels'],
    ['csv.wrong-pixel', `${header}1,2,256,4,5`, 'line 2, column 3: "256" is no pixel value'],
    ['csv.wrong-pixel', `${header}1,2,-1,4,5`, 'line 2, column 3: "-1" is no pixel value'],
    ['csv.wrong-pixel', `${header}1,2,3,4,3.5`, 'line 2, column 5: "3.5" is no pixel value'],
    ['csv.wrong-pixel', `${header}1,2,3,4,1e999`, 'line 2, column 5: "1e999" is no pixel value'],
    ['csv.wrong-label', `${header}255,2,3,4,5`, 'line 2, column 1: "255" is no label'],
    ['csv.empty-field', `${header}1,2,,4,5`, 'line 2, column 3: the field is empty'],
    ['csv.empty-field', `${header},2,3,4,5`, 'line 2, column 1: the field is empty; labels'],
    ['csv.wrong-columns', 'id,label\n1,2\n', 'line 1: the line has 2 columns'],
    ['csv.wrong-columns', 'no table at all', 'line 1: the line has one column'],
    ['csv.wrong-columns', '1,2,3,4,5,6,7,8', 'line 1: the line has 8 columns'],
    ['csv.wrong-columns', '1,'.repeat(1_000_000), 'line 1: the line has 1000001 columns, more than'],
    ['csv.not-a-number', `"l\nl",a,b,c,d\n1,2,3,4,5\n\n1,2,3,x,5`, 'line 5, column 4: "x"'],
    ['csv.not-a-number', `${header}1,2,${'x'.repeat(500)},4,5`, `"${'x'.repeat(24)}…" is no number`],
    ['csv.unclosed-quote', `${header}1,2,"3,4,5`, 'line 2: the quote that opens column 3'],
  ])('is refused with %s: %j', async (code, text, sentence) => {
    const message: unknown = expect.stringContaining(sentence);
    await expect(read(text)).rejects.toMatchObject({ code, message });
  });

  it('of another shape than wanted is refused', async () => {
    await expect(read(body, { shape: { height: 28, width: 28, channels: 1 } })).rejects.toMatchObject({
      code: 'csv.wrong-columns',
      message:
        '"train.csv", line 1: the line has 5 columns, but a label and 28 x 28 pixels of one channel make 785, or 784 without the label.',
    });
  });
});
