// A confusion matrix as a picture: where everything of it lies, drawn onto a canvas or written as SVG.
import { colourAt, formatColour, textColourOn, type ColourScale } from './colourScale.ts';
import { matrixCells, type MatrixView } from './matrixCells.ts';

export interface PictureText {
  title: string;
  subtitle: string;
}

/** The colours and the font of the theme. */
export interface PictureStyle {
  scale: ColourScale;
  background: string;
  text: string;
  muted: string;
  font: string;
}

export interface PictureBox {
  left: number;
  top: number;
  width: number;
  height: number;
  colour: string;
}

export interface PictureWords {
  words: string;
  /** Where the words begin, end or have their middle, at half their height. */
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  size: number;
  weight: number;
  colour: string;
  /** Whether they run from bottom to top. */
  isUpwards: boolean;
}

/** Sizes are in the picture's units: pixels of a screen of usual density. */
export interface MatrixPicture {
  width: number;
  height: number;
  background: string;
  font: string;
  boxes: PictureBox[];
  words: PictureWords[];
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
  style: PictureStyle,
  widthOf: (words: string, size: number, weight: number) => number,
): MatrixPicture {
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
    words,
  };
}

/** Draws the picture onto a canvas, whose units are the picture's. */
export function drawPicture(context: CanvasRenderingContext2D, picture: MatrixPicture): void {
  context.fillStyle = picture.background;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const { left, top, width, height, colour } of picture.boxes) {
    context.fillStyle = colour;
    context.fillRect(left, top, width, height);
  }
  context.textBaseline = 'middle';
  for (const { words, x, y, anchor, size, weight, colour, isUpwards } of picture.words) {
    context.save();
    context.translate(x, y);
    if (isUpwards) context.rotate(-Math.PI / 2);
    context.font = `${weight} ${size}px ${picture.font}`;
    context.textAlign = anchor === 'middle' ? 'center' : anchor;
    context.fillStyle = colour;
    context.fillText(words, 0, 0);
    context.restore();
  }
}

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => escaped[sign] ?? sign);

/** The picture as the text of an SVG file. */
export function toSvg(picture: MatrixPicture): string {
  const { width, height, background, font, boxes, words } = picture;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(font)}">`,
    `<rect width="${width}" height="${height}" fill="${escape(background)}"/>`,
    ...boxes.map(
      (box) =>
        `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="${escape(box.colour)}"/>`,
    ),
    ...words.map(({ words: text, x, y, anchor, size, weight, colour, isUpwards }) => {
      const turn = isUpwards ? ` transform="rotate(-90 ${x} ${y})"` : '';
      return `<text x="${x}" y="${y}" dominant-baseline="central" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${escape(colour)}"${turn}>${escape(text)}</text>`;
    }),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
