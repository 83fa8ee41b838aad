import { describe, expect, it } from 'vitest';
import { drawShare } from '../../../src-main/engine/mixup.ts';
import { Random } from '../../../src-shared/random.ts';

const draws = 40_000;
/** A mean of so many draws lies farther off than this many of its standard deviations once in 15 million times. */
const deviations = 5.4;

function sharesOf(alpha: number): number[] {
  const random = Random.fromSeed(1, 'mixup');
  return Array.from({ length: draws }, () => drawShare(random, alpha));
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / draws;

describe('the shares of mixed images', () => {
  it.each([0.05, 0.2, 0.5, 1, 2])('have the mean, variance and kurtosis of Beta(%d, %d)', (alpha) => {
    const shares = sharesOf(alpha);
    const variance = 1 / (4 * (2 * alpha + 1));
    const fourth = (3 * variance * variance * (2 * alpha + 1)) / (2 * alpha + 3);
    expect(Math.abs(meanOf(shares) - 0.5)).toBeLessThan(deviations * Math.sqrt(variance / draws));
    const error = Math.sqrt((fourth - variance * variance) / draws);
    const squares = shares.map((share) => (share - 0.5) ** 2);
    expect(Math.abs(meanOf(squares) - variance)).toBeLessThan(deviations * error);
    // No share is farther from the middle than 1/2, so no fourth power's deviation is more than 1/16 of it.
    const fourths = squares.map((square) => square * square);
    expect(Math.abs(meanOf(fourths) - fourth)).toBeLessThan(deviations / 32 / Math.sqrt(draws));
  });

  it.each([
    ['uniform', 1, (share: number) => share],
    ['of the arcsine', 0.5, (share: number) => (2 / Math.PI) * Math.asin(Math.sqrt(share))],
  ])('are %s for alpha %d', (_name, alpha, distribution) => {
    const shares = sharesOf(alpha).sort((a, b) => a - b);
    // Kolmogorov and Smirnov: the largest distance exceeds 2.9 / sqrt(draws) once in 10 million times.
    const distance = Math.max(
      ...shares.map((share, place) => Math.abs(distribution(share) - (place + 0.5) / draws)),
    );
    expect(distance).toBeLessThan(2.9 / Math.sqrt(draws));
  });

  it('stay from 0 to 1 however small alpha is', () => {
    const random = Random.fromSeed(4, 'mixup');
    for (const alpha of [1e-300, 1e-9, 0.001, 0.01]) {
      for (let draw = 0; draw < 2000; draw += 1) {
        const share = drawShare(random, alpha);
        expect(share >= 0 && share <= 1).toBe(true);
      }
    }
  });
});
