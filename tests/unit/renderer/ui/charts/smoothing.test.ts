import { describe, expect, it } from 'vitest';
import { smooth } from '../../../../../src-renderer/ui/charts/smoothing.ts';

describe('smooth', () => {
  it('gives the values themselves at weight 0', () => {
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
  });

  it('leaves a constant as it is from the first value on, whatever the weight', () => {
    for (const value of smooth([4, 4, 4, 4], 0.99)) expect(value).toBeCloseTo(4, 9);
  });

  it('weighs the past as the bias-corrected average does', () => {
    // By hand, weight 0.5: 0.5*2/(1-0.5); (0.25*2+0.5*6)/(1-0.25); (0.125*2+0.25*6+0.5*1)/(1-0.125).
    const expected = [2, 3.5 / 0.75, 2.25 / 0.875];
    smooth([2, 6, 1], 0.5).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
  });

  it('passes on what is not finite and goes on as if it had not been there', () => {
    const smoothed = smooth([2, NaN, 6], 0.5);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo(3.5 / 0.75, 12);
  });
});
