import { describe, expect, it } from 'vitest';
import { countAgreement, mcnemarPValue } from '../../../../src-shared/metrics/modelComparison.ts';

describe('countAgreement', () => {
  it('sorts every image by who is right about it', () => {
    const labels = [0, 0, 1, 1, 2];
    expect(countAgreement(labels, [0, 0, 1, 0, 0], [0, 1, 1, 1, 1])).toEqual({
      bothRight: 2,
      onlyFirst: 1,
      onlySecond: 1,
      bothWrong: 1,
    });
  });
});

describe('mcnemarPValue', () => {
  it('is 1 where the models differ nowhere or evenly, and does not mind which comes first', () => {
    expect(mcnemarPValue({ onlyFirst: 0, onlySecond: 0 })).toBe(1);
    expect(mcnemarPValue({ onlyFirst: 4, onlySecond: 4 })).toBe(1);
    expect(mcnemarPValue({ onlyFirst: 3, onlySecond: 12 })).toBe(
      mcnemarPValue({ onlyFirst: 12, onlySecond: 3 }),
    );
  });

  it('stays a number where the powers of two are too small for one', () => {
    const p = mcnemarPValue({ onlyFirst: 3000, onlySecond: 2800 });
    expect(p).toBeGreaterThan(0.001);
    expect(p).toBeLessThan(0.01);
  });
});
