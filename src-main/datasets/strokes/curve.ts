// Smooth curves through points.
import type { Point } from '../../../src-shared/pen.ts';

/** Straight pieces that each span between two points becomes. */
const piecesPerSpan = 6;

/** Uniform Catmull-Rom: passes through `b` and `c` with the tangents that `a` and `d` imply; `t` from 0 to 1. */
function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** The curve through the points as a chain of points close together. */
export function curveThrough(points: readonly Point[]): Point[] {
  const curve: Point[] = [];
  for (let span = 0; span + 1 < points.length; span += 1) {
    const before = points[Math.max(span - 1, 0)]!;
    const start = points[span]!;
    const end = points[span + 1]!;
    const after = points[Math.min(span + 2, points.length - 1)]!;
    for (let piece = 0; piece < piecesPerSpan; piece += 1) {
      const t = piece / piecesPerSpan;
      curve.push([
        catmullRom(before[0], start[0], end[0], after[0], t),
        catmullRom(before[1], start[1], end[1], after[1], t),
      ]);
    }
  }
  const last = points.at(-1);
  if (last !== undefined) curve.push(last);
  return curve;
}
