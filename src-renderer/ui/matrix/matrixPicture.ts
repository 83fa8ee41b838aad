// A confusion matrix as a picture.
import type { MeasureWords, Picture, PictureBox, PictureText, PictureWords } from '../picture/picture.ts';
import type { PictureTheme } from '../picture/pictureFile.ts';
import { colourAt, formatColour, textColourOn, type ColourScale } from './colourScale.ts';
import { matrixCells, type MatrixView } from './matrixCells.ts';

/** The colours and the font of the theme. */
export interface MatrixStyle extends PictureTheme {
  scale: ColourScale;
}

const margin = 24;
const cellWidth = 52;
const cellHeight = 42;
const gap = 2;
const nameSize = 13;
const titleSize = 17;

/** Lays the picture out; `widthOf` measures words in the theme's font. */
export function layOutMatrix(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  view: MatrixView,
  { title, subtitle }: PictureText,
  style: MatrixStyle,
  widthOf: MeasureWords,
): Picture {
  const nameWidth = Math.max(...classes.map((name) => widthOf(name, nameSize, 400)));
  const left = margin + 20 + nameWidth + 10;
  const top = margin + 56 + 20 + nameWidth + 10;
  const gridWidth = classes.length * (cellWidth + gap);
  const gridHeight = classes.length * (cellHeight + gap);
  const textWidth = Math.max(widthOf(title, titleSize, 600), widthOf(subtitle, nameSize, 400));
  const boxes: PictureBox[] = [];
  const words: PictureWords[] = [];
  const write = (text: string, x: number, y: number, changes: Partial<PictureWords>): void => {
    const plain = {
      anchor: 'start',
      size: nameSize,
      weight: 400,
      colour: style.muted,
      isUpwards: false,
    } as const;
    words.push({ words: text, x, y, ...plain, ...changes });
  };

  write(title, margin, margin + 10, { size: titleSize, weight: 600, colour: style.text });
  write(subtitle, margin, margin + 34, {});
  write('Predicted', left + gridWidth / 2, margin + 66, { size: 12, anchor: 'middle' });
  write('True', margin + 6, top + gridHeight / 2, { size: 12, anchor: 'middle', isUpwards: true });
  matrixCells(matrix, view).rows.forEach((row, rowIndex) => {
    const name = classes[rowIndex] ?? '';
    const cellTop = top + rowIndex * (cellHeight + gap);
    write(name, left - 10, cellTop + cellHeight / 2, { anchor: 'end' });
    write(name, left + rowIndex * (cellWidth + gap) + cellWidth / 2, top - 10, { isUpwards: true });
    row.forEach((cell, column) => {
      if (cell.value === null) return;
      const cellLeft = left + column * (cellWidth + gap);
      const background = colourAt(style.scale, cell.strength);
      boxes.push({
        left: cellLeft,
        top: cellTop,
        width: cellWidth,
        height: cellHeight,
        colour: formatColour(background),
      });
      write(cell.text, cellLeft + cellWidth / 2, cellTop + cellHeight / 2, {
        anchor: 'middle',
        colour: cell.count === 0 ? style.muted : formatColour(textColourOn(style.scale, background)),
      });
    });
  });
  return {
    width: Math.ceil(Math.max(left + gridWidth, margin + textWidth) + margin),
    height: Math.ceil(top + gridHeight + margin),
    background: style.background,
    font: style.font,
    boxes,
    lines: [],
    words,
  };
}
