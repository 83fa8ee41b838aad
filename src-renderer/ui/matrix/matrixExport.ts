// A confusion matrix as files: a table for other programs, and a picture for papers and slides.
import { toCsv } from '../../format/csv.ts';
import { toSvg, type Picture, type PictureText } from '../picture/picture.ts';
import { measureWordsIn, readPictureTheme, toPng } from '../picture/pictureFile.ts';
import { readColourScale } from './colourScale.ts';
import { matrixCells, type MatrixView } from './matrixCells.ts';
import { layOutMatrix } from './matrixPicture.ts';

type Matrix = readonly (readonly number[])[];

/** The matrix as it is shown; shares as fractions. Rows are true classes, columns predicted ones. */
export function toMatrixCsv(matrix: Matrix, classes: readonly string[], view: MatrixView): Uint8Array {
  const { rows } = matrixCells(matrix, view);
  return toCsv(
    ['true \\ predicted', ...classes],
    rows.map((row, index) => [classes[index] ?? '', ...row.map((cell) => cell.value)]),
  );
}

/** The picture in the colours of the theme, with title, axes and class names. */
function pictureOf(matrix: Matrix, classes: readonly string[], view: MatrixView, text: PictureText): Picture {
  const theme = readPictureTheme();
  const style = { ...theme, scale: readColourScale() };
  return layOutMatrix(matrix, classes, view, text, style, measureWordsIn(theme.font));
}

/** The matrix as a PNG file. */
export function toMatrixPng(
  matrix: Matrix,
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): Promise<Uint8Array> {
  return toPng(pictureOf(matrix, classes, view, text));
}

/** The matrix as an SVG file, which stays sharp at any size and can be edited. */
export function toMatrixSvg(
  matrix: Matrix,
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): string {
  return toSvg(pictureOf(matrix, classes, view, text));
}
