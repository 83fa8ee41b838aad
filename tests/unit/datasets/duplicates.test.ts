import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicates } from '../../../src-main/datasets/duplicates/findDuplicates.ts';
import { findPrincipalDirections } from '../../../src-main/datasets/duplicates/principalDirections.ts';
import type { Dataset } from '../../../src-main/datasets/types.ts';
import { Random } from '../../../src-shared/random.ts';
import { float32Of, uint32Of } from '../../../src-shared/schemas/bytes.ts';
import type { DuplicatePairs } from '../../../src-shared/schemas/duplicates.ts';

/** Side length. */
const side = 6;
const onProgress = (): Promise<void> => Promise.resolve();
/** Similarities travel as 32-bit floats. */
const float32Tolerance = 1e-6;

function setOf(train: readonly (readonly number[])[], test: readonly (readonly number[])[]): Dataset {
  const imagesOf = (rows: readonly (readonly number[])[]) => ({
    pixels: Uint8Array.from(rows.flat()),
    labels: new Uint8Array(rows.length),
  });
  return {
    ...{ id: 'set', name: 'Set', classes: ['a', 'b'], fingerprint: '' },
    shape: { height: side, width: side, channels: 1 },
    train: imagesOf(train),
    test: imagesOf(test),
  };
}

const random = Random.fromSeed(1, 'duplicates-test');
const draw = (): number[] => Array.from({ length: side * side }, () => random.below(200));
const listed = (pairs: DuplicatePairs): [number, number][] => {
  const second = uint32Of(pairs.second);
  return Array.from(uint32Of(pairs.first), (one, place) => [one, second[place]!]);
};

/** Pearson's correlation as textbooks have it. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [a, b] = [one.map((value) => value - mean(one)), other.map((value) => value - mean(other))];
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, index) => sum + value * y[index]!, 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

describe('identical images', () => {
  it('make a pair each with the first of their equals, within train and across the splits', async () => {
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    const found = await findDuplicates(setOf([a, b, a, c, a, b], [d, a, d]), { similarity: 1, onProgress });
    expect(listed(found.withinTrain).slice(0, found.withinTrain.identical)).toEqual([
      [0, 2],
      [0, 4],
      [1, 5],
    ]);
    expect(found.acrossSplits.identical).toBe(1);
    // Two equal test images that no training image is equal to leak nothing.
    expect(listed(found.acrossSplits)).toEqual([[0, 1]]);
  });

  it('are found of one shade too', async () => {
    const black = Array.from({ length: side * side }, () => 0);
    const found = await findDuplicates(setOf([black, draw(), black], [black]), {
      similarity: 0.9,
      onProgress,
    });
    expect(found.withinTrain.identical).toBe(1);
    expect(found.acrossSplits.identical).toBe(1);
  });
});

describe('nearly identical images', () => {
  it('are those that brightness, contrast and a little noise tell apart', async () => {
    const [a, b] = [draw(), draw()];
    const brighter = a.map((value) => value + 40);
    const flatter = a.map((value) => Math.round(value * 0.8));
    const noisy = b.map((value, index) => value + (index % 3));
    const found = await findDuplicates(setOf([a, b, brighter], [noisy, flatter]), {
      similarity: 0.99,
      onProgress,
    });
    expect(listed(found.withinTrain)).toEqual([[0, 2]]);
    expect(float32Of(found.withinTrain.similarities)[0]).toBeCloseTo(1, 6);
    expect(found.withinTrain.identical).toBe(0);
    expect(new Set(listed(found.acrossSplits).map(String))).toEqual(new Set(['0,1', '1,0', '2,1']));
  });

  it('are all of the pairs, and only those, that comparing every two images finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.double({ min: 0.9, max: 0.999, noNaN: true }),
        async (seed, similarity) => {
          const own = Random.fromSeed(seed, 'near');
          const bases = Array.from({ length: 5 }, () =>
            Array.from({ length: side * side }, () => own.below(200)),
          );
          // Spreads about each base that are now near, now far; never two equal images.
          const vary = (): number[] => {
            const spread = 4 + own.below(60);
            return bases[own.below(bases.length)]!.map((value) => Math.min(255, value + own.below(spread)));
          };
          const [train, test] = [Array.from({ length: 40 }, vary), Array.from({ length: 10 }, vary)];
          const found = await findDuplicates(setOf(train, test), { similarity, onProgress });
          const expectPairs = (
            pairs: DuplicatePairs,
            others: readonly number[][],
            isSameSplit: boolean,
          ): void => {
            const expected = new Map<string, number>();
            train.forEach((one, first) => {
              others.forEach((other, second) => {
                if (isSameSplit && second <= first) return;
                const value = correlation(one, other);
                if (value >= similarity) expected.set(`${first},${second}`, value);
              });
            });
            expect(new Set(listed(pairs).map(String))).toEqual(new Set(expected.keys()));
            const similarities = float32Of(pairs.similarities);
            listed(pairs).forEach((pair, place) => {
              expect(Math.abs(similarities[place]! - expected.get(String(pair))!)).toBeLessThan(
                float32Tolerance,
              );
            });
            expect([...similarities]).toEqual([...similarities].sort((a, b) => b - a));
          };
          expectPairs(found.withinTrain, train, true);
          expectPairs(found.acrossSplits, test, false);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('findPrincipalDirections', () => {
  it('gives orthonormal directions, that of the largest variance first, and no more than there are', () => {
    const sample = Array.from({ length: 50 }, () => {
      const [x, y] = [random.normal() * 5, random.normal()];
      return Float64Array.from([x, x, y, 0]);
    });
    const directions = findPrincipalDirections(sample, 4);
    expect(directions).toHaveLength(2);
    const [first, second] = directions;
    expect(Math.abs(first![0]!)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(Math.abs(second![2]!)).toBeCloseTo(1, 1);
    expect(first!.reduce((sum, value, index) => sum + value * second![index]!, 0)).toBeCloseTo(0, 9);
  });
});
