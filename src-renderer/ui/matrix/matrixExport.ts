// A confusion matrix as files: a table for other programs, and a picture for papers and slides.
import { toCsv } from '../../format/csv.ts';
import { colourAt, formatColour, readColourScale, textColourOn } from './colourScale.ts';
import { matrixCells, type MatrixView } from './matrixCells.ts';

/** The matrix as it is shown; shares as fractions. Rows are true classes, columns predicted ones. */
export function toMatrixCsv(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  view: MatrixView,
): Uint8Array {
  const { rows } = matrixCells(matrix, view);
  return toCsv(
    ['true \\ predicted', ...classes],
    rows.map((row, index) => [classes[index] ?? '', ...row.map((cell) => cell.value)]),
  );
}

/** Pixels of the picture for one of its units. */
const pixelRatio = 2;
const margin = 24;
const cellWidth = 52;
const cellHeight = 42;
const gap = 2;

interface PictureText {
  title: string;
  subtitle: string;
}

/** The matrix as a PNG file in the colours of the theme, with title, axes and class names, at twice the screen's size. */
export async function toMatrixPng(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  view: MatrixView,
  text: PictureText,
): Promise<Uint8Array> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const font = (size: number, weight = 400): string => `${weight} ${size}px ${token('--font')}`;

  context.font = font(13);
  const nameWidth = Math.max(...classes.map((name) => context.measureText(name).width));
  const left = margin + 20 + nameWidth + 10;
  const top = margin + 56 + 20 + nameWidth + 10;
  const gridWidth = classes.length * (cellWidth + gap);
  context.font = font(17, 600);
  const titleWidth = Math.max(context.measureText(text.title).width, 320);
  const width = Math.max(left + gridWidth, margin + titleWidth) + margin;
  const height = top + classes.length * (cellHeight + gap) + margin;
  canvas.width = Math.ceil(width) * pixelRatio;
  canvas.height = Math.ceil(height) * pixelRatio;
  context.scale(pixelRatio, pixelRatio);

  context.fillStyle = token('--surface-raised');
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const write = (words: string, x: number, y: number, size: number, colour: string, weight = 400): void => {
    context.font = font(size, weight);
    context.fillStyle = colour;
    context.fillText(words, x, y);
  };
  const writeUpwards = (words: string, x: number, y: number, size: number): void => {
    context.save();
    context.translate(x, y);
    context.rotate(-Math.PI / 2);
    write(words, 0, 0, size, token('--text-muted'));
    context.restore();
  };

  write(text.title, margin, margin + 10, 17, token('--text'), 600);
  write(text.subtitle, margin, margin + 34, 13, token('--text-muted'));
  context.textAlign = 'center';
  write('Predicted', left + gridWidth / 2, margin + 66, 12, token('--text-muted'));
  writeUpwards('True', margin + 6, top + (classes.length * (cellHeight + gap)) / 2, 12);

  const scale = readColourScale();
  matrixCells(matrix, view).rows.forEach((row, rowIndex) => {
    const y = top + rowIndex * (cellHeight + gap);
    context.textAlign = 'end';
    write(classes[rowIndex] ?? '', left - 10, y + cellHeight / 2, 13, token('--text-muted'));
    context.textAlign = 'start';
    writeUpwards(classes[rowIndex] ?? '', left + rowIndex * (cellWidth + gap) + cellWidth / 2, top - 10, 13);
    context.textAlign = 'center';
    row.forEach((cell, column) => {
      if (cell.value === null) return;
      const x = left + column * (cellWidth + gap);
      const background = colourAt(scale, cell.strength);
      context.fillStyle = formatColour(background);
      context.fillRect(x, y, cellWidth, cellHeight);
      const colour = cell.count === 0 ? token('--text-muted') : formatColour(textColourOn(scale, background));
      write(cell.text, x + cellWidth / 2, y + cellHeight / 2, 13, colour);
    });
  });

  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG image of the matrix.');
  return new Uint8Array(await blob.arrayBuffer());
}
