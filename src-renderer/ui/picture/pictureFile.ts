// Pictures as files, in the theme that is on screen.
import { drawPicture, type MeasureWords, type Picture } from './picture.ts';

export interface PictureTheme {
  background: string;
  text: string;
  muted: string;
  font: string;
}

/** The theme that is on screen now, from app.css. */
export function readPictureTheme(): PictureTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: token('--surface-raised'),
    text: token('--text'),
    muted: token('--text-muted'),
    font: token('--font'),
  };
}

/** Pixels of a PNG picture for one of its units. */
const pixelRatio = 2;

function createContext(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  return context;
}

/** Measures words as this browser draws them. */
export function measureWordsIn(font: string): MeasureWords {
  const context = createContext();
  return (words, size, weight) => {
    context.font = `${weight} ${size}px ${font}`;
    return context.measureText(words).width;
  };
}

/** The picture as a PNG file, at twice the screen's size. */
export async function toPng(picture: Picture): Promise<Uint8Array> {
  const context = createContext();
  const { canvas } = context;
  canvas.width = picture.width * pixelRatio;
  canvas.height = picture.height * pixelRatio;
  context.scale(pixelRatio, pixelRatio);
  drawPicture(context, picture);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG image.');
  return new Uint8Array(await blob.arrayBuffer());
}
