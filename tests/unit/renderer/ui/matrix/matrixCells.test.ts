import { describe, expect, it } from 'vitest';
import { matrixCells } from '../../../../../src-renderer/ui/matrix/matrixCells.ts';
import { toMatrixCsv } from '../../../../../src-renderer/ui/matrix/matrixExport.ts';
import { describeCell } from '../../../../../src-renderer/ui/matrix/matrixText.ts';

const matrix = [
  [1000, 0, 10],
  [5, 45, 0],
  [0, 0, 0],
];
const classes = ['Shirt', 'Coat', 'Bag, large'];
const counts = { measure: 'counts', hidesDiagonal: false } as const;
const texts = (view: Parameters<typeof matrixCells>[1]): string[][] =>
  matrixCells(matrix, view).rows.map((row) => row.map((cell) => cell.text));

describe('matrixCells', () => {
  it('shows counts', () => {
    expect(texts(counts)).toEqual([
      ['1,000', '0', '10'],
      ['5', '45', '0'],
      ['0', '0', '0'],
    ]);
  });

  it('shows percents of each row and of each column, nothing where there is nothing to share', () => {
    expect(texts({ measure: 'rows', hidesDiagonal: false })).toEqual([
      ['99.0', '0', '1.0'],
      ['10.0', '90.0', '0'],
      ['', '', ''],
    ]);
    expect(texts({ measure: 'columns', hidesDiagonal: false })[1]).toEqual(['0.5', '100.0', '0']);
  });

  it('colours by the square root of the value, the highest at the end of the scale', () => {
    const { rows, maximum } = matrixCells(matrix, counts);
    expect(maximum).toBe(1000);
    expect(rows[0]![0]!.strength).toBe(1);
    expect(rows[0]![2]!.strength).toBeCloseTo(0.1, 12);
    expect(rows[2]![2]!.strength).toBe(0);
  });

  it('leaves the diagonal empty for errors only, and the scale to the errors', () => {
    const view = { measure: 'counts', hidesDiagonal: true } as const;
    expect(texts(view)[0]).toEqual(['', '0', '10']);
    expect(matrixCells(matrix, view).maximum).toBe(10);
    expect(matrixCells(matrix, view).rows[0]![2]!.strength).toBe(1);
  });

  it('is all pale, not NaN, without any image', () => {
    const cells = matrixCells([[0]], counts);
    expect(cells.rows[0]![0]!.strength).toBe(0);
  });
});

describe('toMatrixCsv', () => {
  const text = (view: Parameters<typeof toMatrixCsv>[2]): string =>
    new TextDecoder().decode(toMatrixCsv(matrix, classes, view));

  it('names the classes on both sides', () => {
    expect(text(counts)).toBe(
      'true \\ predicted,Shirt,Coat,"Bag, large"\r\nShirt,1000,0,10\r\nCoat,5,45,0\r\n"Bag, large",0,0,0\r\n',
    );
  });

  it('writes what is shown: shares as fractions, hidden cells empty', () => {
    expect(text({ measure: 'rows', hidesDiagonal: true }).split('\r\n')[2]).toBe('Coat,0.1,,0');
  });
});

describe('describeCell', () => {
  const cells = matrixCells(matrix, counts);

  it('says a cell in words', () => {
    expect(describeCell(cells, classes, 1, 0)).toBe('5 of 50 Coat images (10.0 %) were taken for Shirt.');
    expect(describeCell(cells, classes, 1, 1)).toBe('45 of 50 Coat images (90.0 %) were recognised.');
  });

  it('does so for a class without images', () => {
    expect(describeCell(cells, classes, 2, 0)).toBe('0 of 0 Bag, large images (0.0 %) were taken for Shirt.');
  });
});
