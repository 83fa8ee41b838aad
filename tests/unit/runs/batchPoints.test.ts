import { describe, expect, it } from 'vitest';
import { BatchPoints } from '../../../src-main/runs/batchPoints.ts';

const pointAt = (step: number) => ({ step, loss: step / 2, accuracy: 1 / step });

describe('batch points', () => {
  it('gives back everything after a step', () => {
    const points = new BatchPoints();
    for (let step = 1; step <= 5000; step += 1) points.add(pointAt(step));
    const { steps, losses, accuracies } = points.after(4997);
    expect([...steps]).toEqual([4998, 4999, 5000]);
    expect([...losses]).toEqual([2499, 2499.5, 2500]);
    expect([...accuracies]).toEqual([1 / 4998, 1 / 4999, 1 / 5000].map(Math.fround));
    expect(points.after(0).steps).toHaveLength(5000);
    expect(points.after(5000).steps).toHaveLength(0);
  });

  it('stays within its limit and thins evenly when there are very many', () => {
    const limit = 2000;
    const points = new BatchPoints(limit);
    for (let step = 1; step <= 9001; step += 1) points.add(pointAt(step));
    const { steps, losses } = points.after(0);
    expect(steps.length).toBeLessThanOrEqual(limit);
    expect([...steps.slice(0, 3)]).toEqual([8, 16, 24]);
    expect(steps.at(-1)).toBe(9000);
    expect([...losses]).toEqual([...steps].map((step) => step / 2));
  });
});
