// A picture as data, so that the same one is drawn onto a canvas, written as SVG and looked at by tests.

export interface PictureText {
  title: string;
  subtitle: string;
}

export interface PictureBox {
  left: number;
  top: number;
  width: number;
  height: number;
  colour: string;
}

export interface PictureLine {
  from: readonly [x: number, y: number];
  to: readonly [x: number, y: number];
  width: number;
  colour: string;
  isDashed: boolean;
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

/** Sizes are in the picture's units: pixels of a screen of usual density. Words lie over lines, lines over boxes. */
export interface Picture {
  width: number;
  height: number;
  background: string;
  font: string;
  boxes: PictureBox[];
  lines: PictureLine[];
  words: PictureWords[];
}

/** Measures words in the picture's font. */
export type MeasureWords = (words: string, size: number, weight: number) => number;

const dashes = [4, 4];

/** Draws the picture onto a canvas, whose units are the picture's. */
export function drawPicture(context: CanvasRenderingContext2D, picture: Picture): void {
  context.fillStyle = picture.background;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const { left, top, width, height, colour } of picture.boxes) {
    context.fillStyle = colour;
    context.fillRect(left, top, width, height);
  }
  for (const { from, to, width, colour, isDashed } of picture.lines) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(isDashed ? dashes : []);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
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
export function toSvg(picture: Picture): string {
  const { width, height, background, font, boxes, lines, words } = picture;
  const elements = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(font)}">`,
    `<rect width="${width}" height="${height}" fill="${escape(background)}"/>`,
    ...boxes.map(
      (box) =>
        `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="${escape(box.colour)}"/>`,
    ),
    ...lines.map(({ from, to, width: thickness, colour, isDashed }) => {
      const dash = isDashed ? ` stroke-dasharray="${dashes.join(' ')}"` : '';
      return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${escape(colour)}" stroke-width="${thickness}"${dash}/>`;
    }),
    ...words.map(({ words: text, x, y, anchor, size, weight, colour, isUpwards }) => {
      const turn = isUpwards ? ` transform="rotate(-90 ${x} ${y})"` : '';
      return `<text x="${x}" y="${y}" dominant-baseline="central" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${escape(colour)}"${turn}>${escape(text)}</text>`;
    }),
    '</svg>',
  ];
  return `${elements.join('\n')}\n`;
}
