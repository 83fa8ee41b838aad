// The reliability diagram as a picture: how often predictions of each confidence were right, beside what they said.
import type { ReliabilityBin } from '../../../src-shared/metrics/calibration.ts';
import type { Picture, PictureBox, PictureLine, PictureText, PictureWords } from '../picture/picture.ts';
import type { PictureTheme } from '../picture/pictureFile.ts';

export interface ReliabilityStyle extends PictureTheme {
  bar: string;
  gap: string;
  border: string;
}

const left = 52;
const right = 16;
const bottom = 64;
const histogramHeight = 34;
const histogramGap = 8;
const plotSize = { width: 320, height: 220 };
const ticks = [0, 0.25, 0.5, 0.75, 1];

/**
 * Bars reach up to each bin's accuracy; a line in each bin marks its mean confidence, and what lies between the two is
 * the error. Above them is how many images each bin has. Without a text the picture has no heading.
 */
export function layOutReliability(
  bins: readonly ReliabilityBin[],
  text: PictureText | null,
  style: ReliabilityStyle,
): Picture {
  const heading = text === null ? 6 : 64;
  const top = heading + histogramHeight + histogramGap;
  const { width, height } = plotSize;
  const xOf = (value: number): number => left + value * width;
  const yOf = (value: number): number => top + (1 - value) * height;
  const boxes: PictureBox[] = [];
  const lines: PictureLine[] = [];
  const words: PictureWords[] = [];
  const write = (one: string, x: number, y: number, changes: Partial<PictureWords> = {}): void => {
    const plain = { anchor: 'middle', size: 12, weight: 400, colour: style.muted, isUpwards: false } as const;
    words.push({ words: one, x, y, ...plain, ...changes });
  };
  const rule = (
    from: readonly [number, number],
    to: readonly [number, number],
    changes: Partial<PictureLine>,
  ) => lines.push({ from, to, width: 1, colour: style.border, isDashed: false, ...changes });

  if (text !== null) {
    write(text.title, 24, 28, { anchor: 'start', size: 17, weight: 600, colour: style.text });
    write(text.subtitle, 24, 50, { anchor: 'start', size: 13 });
  }
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  for (const bin of bins) {
    if (bin.count === 0) continue;
    const from = xOf(bin.low) + 1;
    const binWidth = xOf(bin.high) - xOf(bin.low) - 2;
    const lower = Math.min(bin.accuracy, bin.confidence);
    const higher = Math.max(bin.accuracy, bin.confidence);
    boxes.push({
      left: from,
      top: yOf(higher),
      width: binWidth,
      height: yOf(lower) - yOf(higher),
      colour: style.gap,
    });
    boxes.push({
      left: from,
      top: yOf(bin.accuracy),
      width: binWidth,
      height: yOf(0) - yOf(bin.accuracy),
      colour: style.bar,
    });
    rule([from, yOf(bin.confidence)], [from + binWidth, yOf(bin.confidence)], {
      width: 2,
      colour: style.text,
    });
    const share = Math.max(1, (bin.count / most) * histogramHeight);
    boxes.push({
      left: from,
      top: heading + histogramHeight - share,
      width: binWidth,
      height: share,
      colour: style.border,
    });
  }
  rule([xOf(0), yOf(0)], [xOf(1), yOf(1)], { colour: style.muted, isDashed: true });
  rule([xOf(0), yOf(0)], [xOf(1), yOf(0)], {});
  rule([xOf(0), yOf(0)], [xOf(0), yOf(1)], {});
  for (const tick of ticks) {
    write(`${tick * 100}`, xOf(tick), yOf(0) + 14);
    write(`${tick * 100}`, xOf(0) - 8, yOf(tick), { anchor: 'end' });
  }
  write('Confidence, %', xOf(0.5), yOf(0) + 36);
  write('Accuracy, %', 12, yOf(0.5), { isUpwards: true });
  return {
    width: left + width + right,
    height: top + height + bottom - (text === null ? 18 : 0),
    background: style.background,
    font: style.font,
    boxes,
    lines,
    words,
  };
}
