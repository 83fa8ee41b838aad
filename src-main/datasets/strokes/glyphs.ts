// How the digits are written: each class has a few hands, each hand a few pen strokes, each stroke the points that a
// smooth curve is drawn through. The box is x 0 (left) to 1 (right), y 0 (top) to 1 (bottom).

import type { Point } from '../../../src-shared/pen.ts';

/** The pen goes through the points without leaving the paper. A corner is two strokes that meet. */
export type PenStroke = readonly Point[];
/** One way to write a digit. */
export type Hand = readonly PenStroke[];

/** The strokes of a hand as they are noted below: each a list of `x,y` in hundredths of the box. */
const hand = (...strokes: readonly string[]): Hand =>
  strokes.map((stroke) =>
    stroke.split(' ').map((pair): Point => {
      const [x = 0, y = 0] = pair.split(',').map((hundredths) => Number(hundredths) / 100);
      return [x, y];
    }),
  );

const zero: readonly Hand[] = [
  hand('57,3 79,17 90,43 85,73 68,93 43,97 21,83 10,57 15,27 32,7 57,3'),
  hand('73,8 85,30 84,59 71,85 49,98 28,93 15,72 15,43 28,17 49,3 70,6 84,26'),
];

const one: readonly Hand[] = [
  hand('52,2 50,50 48,98'),
  hand('28,24 42,14 55,2', '55,2 53,50 52,98'),
  hand('30,22 52,3', '52,3 51,97', '28,97 76,96'),
];

const two: readonly Hand[] = [
  hand('15,25 32,6 62,4 82,22 74,48 45,74 14,96', '14,96 50,93 88,94'),
  hand('16,22 38,4 70,8 78,32 60,60 32,86 16,90 18,76 36,76 62,92 90,90'),
];

const three: readonly Hand[] = [
  hand('18,12 45,2 76,12 74,36 42,48', '42,48 76,56 84,78 60,96 32,97 12,86'),
  hand('16,5 50,4 80,5', '80,5 42,40', '42,40 74,48 86,70 66,94 34,97 12,86'),
];

const four: readonly Hand[] = [
  hand('58,2 36,34 10,64', '10,64 50,63 92,62', '68,36 66,68 64,98'),
  hand('24,6 18,32 20,52', '20,52 50,54 78,48', '80,4 76,50 70,98'),
  hand('70,98 70,50 71,2', '71,2 12,66', '12,66 92,66'),
];

const five: readonly Hand[] = [
  hand('82,5 50,5 26,6', '26,6 22,43', '22,43 50,36 78,48 84,72 64,94 36,97 14,86'),
  hand('30,8 24,26 22,44 48,42 72,54 76,78 54,97 18,90', '30,8 56,8 84,3'),
];

const six: readonly Hand[] = [
  hand('70,3 42,20 20,50 18,80 42,98 72,90 80,68 60,52 34,58 19,74'),
  hand('48,2 28,30 18,66 30,94 60,97 80,78 68,56 42,56 24,76'),
];

const seven: readonly Hand[] = [
  hand('12,6 50,5 86,5', '86,5 62,42 48,70 40,98'),
  hand('12,8 50,5 84,6', '84,6 60,46 42,98', '34,50 78,47'),
  hand('14,20 16,7 50,7 82,5', '82,5 66,40 56,98'),
];

const eight: readonly Hand[] = [
  hand('74,14 50,3 24,14 28,36 54,50 80,70 74,92 46,98 20,88 22,66 52,48 74,30 72,12'),
  hand('50,48 26,34 28,10 52,2 74,12 74,34 50,48', '50,48 22,62 18,86 48,98 80,88 80,62 50,48'),
];

const nine: readonly Hand[] = [
  hand('80,20 58,3 30,10 20,32 38,50 64,44 80,20', '80,20 78,58 68,98'),
  hand('78,14 50,2 24,18 26,42 52,50 76,34 80,14', '80,14 84,50 70,86 46,98 20,90'),
];

/** The hands of each class, in class order. */
export const glyphs: readonly (readonly Hand[])[] = [
  zero,
  one,
  two,
  three,
  four,
  five,
  six,
  seven,
  eight,
  nine,
];
