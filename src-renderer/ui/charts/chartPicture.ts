import type { ChartColours } from './chartColours.ts';
import type { ChartSeries } from './chartSeries.ts';

const margin = 12;
const headingHeight = 30;

/** The chart as a PNG file, with its title and legend above it, on the theme's background. */
export async function toChartPng(
  canvas: HTMLCanvasElement,
  title: string,
  series: readonly ChartSeries[],
  colours: ChartColours,
): Promise<Uint8Array> {
  const ratio = canvas.width / canvas.clientWidth;
  const picture = document.createElement('canvas');
  picture.width = canvas.width + 2 * margin * ratio;
  picture.height = canvas.height + (headingHeight + 2 * margin) * ratio;
  const context = picture.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, margin * ratio, (margin + headingHeight) * ratio);

  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  const middle = margin + headingHeight / 2 - 4;
  let left = margin;
  const write = (text: string, font: string, colour: string): void => {
    context.font = `${font} ${colours.font}`;
    context.fillStyle = colour;
    context.fillText(text, left, middle);
    left += context.measureText(text).width;
  };
  write(title, '600 14px', colours.text);
  for (const one of series.filter((candidate) => candidate.isInLegend)) {
    left += 16;
    context.fillStyle = colours.of(one.colour);
    context.fillRect(left, middle - (one.style === 'points' ? 2 : 1), 14, one.style === 'points' ? 4 : 2);
    left += 20;
    write(one.name, '12px', colours.muted);
  }

  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG image of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
