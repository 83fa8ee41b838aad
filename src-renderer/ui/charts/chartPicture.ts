import type { ChartColours } from './chartColours.ts';
import type { ChartSeries } from './chartSeries.ts';

const margin = 12;
const lineHeight = 20;
const titleFont = '600 14px';
const nameFont = '12px';
const swatchWidth = 14;
const gap = 16;

interface Word {
  text: string;
  /** Where its swatch begins; the text follows. */
  left: number;
  line: number;
  series: ChartSeries;
}

/** Places of the legend's names behind the title, in as many lines as they need. */
function layOutLegend(
  context: CanvasRenderingContext2D,
  title: string,
  series: readonly ChartSeries[],
  width: number,
  font: string,
): Word[] {
  context.font = `${titleFont} ${font}`;
  let left = margin + context.measureText(title).width + gap;
  let line = 0;
  context.font = `${nameFont} ${font}`;
  return series
    .filter((candidate) => candidate.isInLegend)
    .map((one) => {
      const needed = swatchWidth + 6 + context.measureText(one.name).width;
      if (left + needed > width - margin && left > margin) {
        left = margin;
        line += 1;
      }
      const word = { text: one.name, left, line, series: one };
      left += needed + gap;
      return word;
    });
}

/** The chart as a PNG file, with its title and legend above it, on the theme's background. */
export async function toChartPng(
  canvas: HTMLCanvasElement,
  title: string,
  series: readonly ChartSeries[],
  colours: ChartColours,
): Promise<Uint8Array> {
  const ratio = canvas.width / canvas.clientWidth;
  const width = canvas.clientWidth + 2 * margin;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  const words = layOutLegend(context, title, series, width, colours.font);
  const headingHeight = lineHeight * ((words.at(-1)?.line ?? 0) + 1) + margin;
  picture.width = width * ratio;
  picture.height = canvas.height + (headingHeight + 2 * margin) * ratio;
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, margin * ratio, (margin + headingHeight) * ratio);

  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  const middleOf = (line: number): number => margin + lineHeight * (line + 0.5);
  context.font = `${titleFont} ${colours.font}`;
  context.fillStyle = colours.text;
  context.fillText(title, margin, middleOf(0));
  context.font = `${nameFont} ${colours.font}`;
  for (const { text, left, line, series: one } of words) {
    const thickness = one.style === 'points' ? 4 : 2;
    context.fillStyle = colours.of(one.colour);
    context.fillRect(left, middleOf(line) - thickness / 2, swatchWidth, thickness);
    context.fillStyle = colours.muted;
    context.fillText(text, left + swatchWidth + 6, middleOf(line));
  }

  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG image of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
