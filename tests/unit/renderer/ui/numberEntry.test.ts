import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOnLinearScale, nextOnLogScale, parseNumber } from '../../../../src-renderer/ui/numberEntry.ts';

const units = { minimum: 1, maximum: 4096, isInteger: true };
const rate = { minimum: 1e-8, maximum: 1000, isInteger: false };

describe('numbers typed into a field', () => {
  it.each([
    ['128', 128],
    [' 64 ', 64],
    ['1e3', 1000],
    ['4096', 4096],
  ])('takes %j as the whole number %d', (text, value) => {
    expect(parseNumber(text, units)).toBe(value);
  });

  it.each(['', '0', '4097', '1.5', 'abc', '0x10', '12 8', '-1', 'Infinity', '1e999'])(
    'refuses %j where a whole number from 1 to 4096 is asked for',
    (text) => {
      expect(parseNumber(text, units)).toBeNull();
    },
  );

  it('understands a decimal comma and a missing zero', () => {
    expect(parseNumber('0,001', rate)).toBe(0.001);
    expect(parseNumber('.5', rate)).toBe(0.5);
  });
});

describe('arrow keys in a number field', () => {
  it('go through 1, 2, 5, 10 on a logarithmic scale', () => {
    const upwards = [0.001];
    for (let step = 0; step < 4; step += 1) upwards.push(nextOnLogScale(upwards.at(-1)!, 1, rate));
    expect(upwards).toEqual([0.001, 0.002, 0.005, 0.01, 0.02]);
    expect(nextOnLogScale(0.001, -1, rate)).toBe(0.0005);
    expect(nextOnLogScale(0.003, -1, rate)).toBe(0.002);
  });

  it('stop at the ends of the range', () => {
    expect(nextOnLogScale(1000, 1, rate)).toBe(1000);
    expect(nextOnLogScale(0, -1, { ...rate, minimum: 0 })).toBe(0);
    expect(nextOnLinearScale(4096, 1, 1, units)).toBe(4096);
  });

  it('leave no dust of binary fractions behind', () => {
    expect(nextOnLinearScale(0.2, 1, 0.1, rate)).toBe(0.3);
  });

  it('always move in their direction, wherever they start within the range', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 999, noNaN: true }), (value) => {
        expect(nextOnLogScale(value, 1, rate)).toBeGreaterThan(value);
        expect(nextOnLogScale(value, -1, rate)).toBeLessThan(value);
      }),
    );
  });
});
