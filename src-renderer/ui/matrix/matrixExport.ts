// A confusion matrix as files: a table for other programs, and a picture for papers and slides.
import { toCsv } from '../../format/csv.ts';
import { readColourScale } from './colourScale.ts';
import { matrixCells, type MatrixView } from './matrixCells.ts';
import { drawPicture, layOutMatrix, toSvg, type MatrixPicture, type PictureText } from './matrixPicture.ts';

type Matrix = readonly (readonly number[])[];

/** The matrix as it is shown; shares as fractions. Rows are true classes, columns predicted ones. */
export function toMatrixCsv(matrix: Matrix, classes: readonly string[], view: MatrixView): Uint8Array {
  const { rows } = matrixCells(matrix, view);
  return toCsv(
    ['true \\ predicted', ...classes],
    rows.map((row, index) => [classes[index] ?? '', ...row.map((cell) => cell.value)]),
  );
}

/** Pixels of the PNG picture for one of its units. */
const pixelRatio = 2;

function createContext(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  return context;
}

/** The picture in the colours of the theme, with title, axes and class names. */
function pictureOf(
  context: CanvasRenderingContext2D,
  matrix: Matrix,
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): MatrixPicture {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const font = token('--font');
  const theme = {
    scale: readColourScale(),
    background: token('--surface-raised'),
    text: token('--text'),
    muted: token('--text-muted'),
    font,
  };
  return layOutMatrix(matrix, classes, view, text, theme, (words, size, weight) => {
    context.font = `${weight} ${size}px ${font}`;
    return context.measureText(words).width;
  });
}

/** The matrix as a PNG file, at twice the screen's size. */
export async function toMatrixPng(
  matrix: Matrix,
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): Promise<Uint8Array> {
  const context = createContext();
  const picture = pictureOf(context, matrix, classes, view, text);
  const { canvas } = context;
  canvas.width = picture.width * pixelRatio;
  canvas.height = picture.height * pixelRatio;
  context.scale(pixelRatio, pixelRatio);
  drawPicture(context, picture);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG image of the matrix.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** The matrix as an SVG file, which stays sharp at any size and can be edited. */
export function toMatrixSvg(
  matrix: Matrix,
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): string {
  return toSvg(pictureOf(createContext(), matrix, classes, view, text));
}
