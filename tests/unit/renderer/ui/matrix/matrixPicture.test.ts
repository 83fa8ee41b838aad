import { describe, expect, it } from 'vitest';
import { layOutMatrix } from '../../../../../src-renderer/ui/matrix/matrixPicture.ts';
import { toSvg } from '../../../../../src-renderer/ui/picture/picture.ts';

const matrix = [
  [7, 1],
  [0, 12],
];
const style = {
  scale: {
    low: [1, 1, 1],
    high: [0, 0.4, 0.35],
    texts: [
      [0, 0, 0],
      [1, 1, 1],
    ],
  },
  background: '#fff',
  text: '#111',
  muted: '#777',
  font: '"Inter", sans-serif',
} as const;
const picture = layOutMatrix(
  matrix,
  ['Bag <&> "box"', 'Coat'],
  { measure: 'counts', hidesDiagonal: true },
  { title: 'Confusion matrix', subtitle: 'model on images' },
  style,
  (words, size) => words.length * size * 0.6,
);

describe('the picture of a matrix', () => {
  it('has a box and a number for each cell that is shown, inside the picture', () => {
    expect(picture.boxes).toHaveLength(2);
    for (const { left, top, width, height } of picture.boxes) {
      expect(left + width).toBeLessThanOrEqual(picture.width);
      expect(top + height).toBeLessThanOrEqual(picture.height);
    }
    expect(picture.words.map((one) => one.words)).toEqual(expect.arrayContaining(['1', '0', 'Coat']));
    expect(picture.words.map((one) => one.words)).not.toContain('12');
  });

  it('is an SVG file in which names with special signs stay text', () => {
    const svg = toSvg(picture);
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(svg.match(/<rect /g)).toHaveLength(3);
    expect(svg.match(/<text /g)).toHaveLength(picture.words.length);
    expect(svg).toContain('Bag &lt;&amp;&gt; &quot;box&quot;');
    expect(svg).not.toContain('<&>');
  });
});
