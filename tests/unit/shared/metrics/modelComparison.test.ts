import { describe, expect, it } from 'vitest';
import {
  countAgreement,
  describeChance,
  findCommonImages,
  mcnemarPValue,
} from '../../../../src-shared/metrics/modelComparison.ts';

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

describe('findCommonImages', () => {
  it('finds the images of both lists, whatever their order', () => {
    const { inFirst, inSecond } = findCommonImages(Uint32Array.of(9, 4, 7), Uint32Array.of(7, 1, 9));
    expect([...inFirst]).toEqual([0, 2]);
    expect([...inSecond]).toEqual([2, 0]);
  });
});

describe('describeChance', () => {
  it('claims the more, the smaller the p-value', () => {
    const sentences = [0.9, 0.1, 0.03, 0.001].map(describeChance);
    expect(new Set(sentences).size).toBe(4);
    expect(sentences[0]).toBe('this could easily be chance');
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
