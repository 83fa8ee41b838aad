import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  colourAt,
  contrast,
  formatColour,
  parseColour,
  textColourOn,
  type ColourScale,
} from '../../../../../src-renderer/ui/matrix/colourScale.ts';

const styles = readFileSync(new URL('../../../../../src-renderer/app.css', import.meta.url), 'utf8');
const darkTheme = styles.indexOf("[data-theme='dark']");

/** The scale that app.css gives a theme. */
function scaleOf(theme: 'light' | 'dark'): ColourScale {
  const rules = theme === 'light' ? styles.slice(0, darkTheme) : styles.slice(darkTheme);
  const token = (name: string): string => new RegExp(`${name}: (#\\w+);`).exec(rules)?.[1] ?? '';
  return {
    low: parseColour(token('--scale-low')),
    high: parseColour(token('--scale-high')),
    texts: [parseColour(token('--scale-low-text')), parseColour(token('--scale-high-text'))],
  };
}

describe('the colour scale', () => {
  it('reads colours as style sheets write them, shortened or not', () => {
    expect(parseColour(' #0b5d57')).toEqual([11 / 255, 93 / 255, 87 / 255]);
    expect(parseColour('#fff')).toEqual([1, 1, 1]);
    expect(parseColour('teal')).toEqual([0, 0, 0]);
  });

  it('begins and ends with its own two colours', () => {
    const scale = scaleOf('light');
    expect(formatColour(colourAt(scale, 0))).toBe(formatColour(scale.low));
    expect(formatColour(colourAt(scale, 1))).toBe(formatColour(scale.high));
  });

  it('has the contrast of 21 between black and white', () => {
    expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 6);
  });

  /** What WCAG 2.2 asks of text (success criterion 1.4.3). */
  const leastContrast = 4.5;
  it.each(['light', 'dark'] as const)(
    'keeps numbers legible on each of its colours in the %s theme',
    (theme) => {
      const scale = scaleOf(theme);
      for (let step = 0; step <= 100; step += 1) {
        const background = colourAt(scale, step / 100);
        expect(contrast(textColourOn(scale, background), background)).toBeGreaterThan(leastContrast);
      }
    },
  );

  it.each(['light', 'dark'] as const)('gets steadily further from its start in the %s theme', (theme) => {
    const scale = scaleOf(theme);
    const distances = Array.from({ length: 11 }, (_, step) =>
      contrast(scale.low, colourAt(scale, step / 10)),
    );
    expect(distances).toEqual(distances.toSorted((one, other) => one - other));
  });
});
