// Bends in words.
import { noBend, type BendName, type Breaks } from '../../../src-shared/preprocessing/bend.ts';

export const bendLabels: Readonly<Record<BendName, string>> = {
  shiftX: 'Shift sideways',
  shiftY: 'Shift up or down',
  rotation: 'Rotate',
  scale: 'Scale',
};

const unitOf = { shiftX: ' px', shiftY: ' px', rotation: '°' } as const;

/** `+4.5 px`, `−30°`, `120 %`. */
export function formatBend(name: BendName, value: number): string {
  if (name === 'scale') return `${Math.round(value * 100)} %`;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return `${sign}${Math.abs(value)}${unitOf[name]}`;
}

/** Where the answer changes: `Still 7 until −3 px and +4.5 px, where it changes.` */
export function describeBreaks(name: BendName, { below, above }: Breaks, answer: string): string {
  if (below === noBend[name]) return 'The other sliders have changed the answer already.';
  const places = [below, above].filter((place) => place !== null).map((place) => formatBend(name, place));
  if (places.length === 0) return `${answer} over the whole range.`;
  return `No longer ${answer} at ${places.join(' and at ')}.`;
}
