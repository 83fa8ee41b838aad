// The curve above a slider, in a box of 1 x 1 over the slider's range.
import type { BendSweep } from '../../state/bendSweep.ts';

const partAt = ({ positions }: BendSweep, position: number): number => {
  const first = positions[0] ?? 0;
  return (position - first) / ((positions.at(-1) ?? 1) - first);
};

/** The probabilities as the path of an SVG: certainty at the top. */
export function curvePath(sweep: BendSweep): string {
  return sweep.positions
    .map((position, place) => {
      const y = 1 - (sweep.probabilities[place] ?? 0);
      return `${place === 0 ? 'M' : 'L'}${partAt(sweep, position).toFixed(4)} ${y.toFixed(4)}`;
    })
    .join('');
}

/** Where the answer is another one: stretches from half a step before the first such position to half a step after the last. */
export function changedStretches(sweep: BendSweep): { from: number; to: number }[] {
  const { positions, answers, answer } = sweep;
  const half = 0.5 / Math.max(1, positions.length - 1);
  const stretches: { from: number; to: number }[] = [];
  positions.forEach((position, place) => {
    if (answers[place] === answer) return;
    const from = Math.max(0, partAt(sweep, position) - half);
    const to = Math.min(1, partAt(sweep, position) + half);
    const last = stretches.at(-1);
    if (place > 0 && answers[place - 1] !== answer && last !== undefined) last.to = to;
    else stretches.push({ from, to });
  });
  return stretches;
}
