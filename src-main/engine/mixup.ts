// In which shares images are mixed.
import type { Random } from '../../src-shared/random.ts';

/**
 * The logarithm of a number of the Gamma distribution of shape `1 + alpha` (Marsaglia and Tsang, 2000): a cubed normal
 * number, taken or drawn again.
 */
function logarithmOfGamma(random: Random, alpha: number): number {
  const d = 1 + alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const cube = (1 + c * normal) ** 3;
    if (cube <= 0) continue;
    const limit = (normal * normal) / 2 + d * (1 - cube + Math.log(cube));
    if (Math.log(1 - random.uniform()) < limit) return Math.log(d * cube);
  }
}

/**
 * A number of the distribution Beta(alpha, alpha), `alpha > 0`: X / (X + Y) of two of Gamma(alpha). Such a one is one of
 * Gamma(1 + alpha) times `U^(1 / alpha)`, which for a small alpha is too small for a number: hence the logarithms.
 */
export function drawShare(random: Random, alpha: number): number {
  const x = logarithmOfGamma(random, alpha);
  const logarithmU = Math.log(1 - random.uniform());
  const y = logarithmOfGamma(random, alpha);
  const logarithmV = Math.log(1 - random.uniform());
  return 1 / (1 + Math.exp(y - x + (logarithmV - logarithmU) / alpha));
}
