import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import { dropoutKey } from '../../../src-main/engine/kernels/dropout.ts';
import { referenceKernels } from '../../../src-main/engine/kernels/reference.ts';
import { Random } from '../../../src-shared/random.ts';
import { expectAgreement, fastBuilds, sizes } from './kernelAgreement.ts';
import { fillMatrix, valuesOf } from './samples.ts';

describe.each(fastBuilds)('the kernels $name', (build) => {
  it('drop the same numbers as the reference', () => {
    for (const columns of sizes) {
      for (const rate of [0, 0.1, 0.5, 0.95]) {
        expectAgreement(build, (arena, random) => {
          const [input, output] = [arena.matrix(9, columns), arena.matrix(9, columns)];
          return {
            bound: () => fillMatrix(input, random),
            work: (kernels) => {
              kernels.drop(input, output, rate, dropoutKey(random.uint32(), 3), 70_000, 2, 9);
              const results = valuesOf(output);
              kernels.drop(input, input, rate, -5, 0, 0, 9);
              return [...results, ...valuesOf(input)];
            },
          };
        });
      }
    }
  });
});

const [rows, columns] = [200, 501];
const draws = rows * columns;

/** The mask, row after row: 1 for what is kept. */
function maskOf(rate: number, key: number, first = 0): number[] {
  const arena = new Arena('float64');
  const [ones, output] = [arena.matrix(rows, columns), arena.matrix(rows, columns)];
  arena.bind(arena.createMemory().buffer);
  ones.data.fill(1);
  referenceKernels.drop(ones, output, rate, key, first, 0, rows);
  return valuesOf(output).map((value) => (value === 0 ? 0 : 1));
}

/** Independent draws lie farther from what is expected than this many standard deviations once in 15 million times. */
const deviations = 5.4;

/** The correlation of two masks: over independent draws it is normal with the deviation 1 / sqrt(draws). */
function correlation(a: readonly number[], b: readonly number[], rate: number): number {
  const kept = 1 - rate;
  const count = Math.min(a.length, b.length);
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += (a[index]! - kept) * (b[index]! - kept);
  return sum / (count * rate * kept);
}

describe.each([0.1, 0.5, 0.9])('the masks of dropout at the rate %d', (rate) => {
  const key = dropoutKey(123, 0);
  const mask = maskOf(rate, key);

  it('keep their share of numbers', () => {
    const kept = mask.reduce((sum, value) => sum + value, 0);
    const deviation = Math.sqrt(draws * rate * (1 - rate));
    expect(Math.abs(kept - draws * (1 - rate))).toBeLessThan(deviations * deviation);
  });

  it('keep shares of rows and of columns that vary as those of independent draws do', () => {
    for (const [count, length, indexOf] of [
      [rows, columns, (row: number, column: number) => row * columns + column],
      [columns, rows, (column: number, row: number) => row * columns + column],
    ] as const) {
      let squares = 0;
      for (let one = 0; one < count; one += 1) {
        let sum = 0;
        for (let other = 0; other < length; other += 1) sum += mask[indexOf(one, other)]!;
        squares += (sum - length * (1 - rate)) ** 2 / (length * rate * (1 - rate));
      }
      // Chi squared: mean `count`, variance 2 `count`, for so many terms nearly normal.
      expect(Math.abs(squares - count)).toBeLessThan(deviations * Math.sqrt(2 * count));
    }
  });

  it('do not resemble those of neighbouring numbers, images, steps and layers', () => {
    const limit = deviations / Math.sqrt(draws - 4 * columns);
    for (const distance of [1, 2, 4, columns, columns + 1, 2 * columns, 4 * columns]) {
      expect(Math.abs(correlation(mask, mask.slice(distance), rate)), `${distance} on`).toBeLessThan(limit);
    }
    for (const other of [dropoutKey(124, 0), dropoutKey(123, 1), dropoutKey(123 ^ (2 ** 31), 0), key + 1]) {
      expect(Math.abs(correlation(mask, maskOf(rate, other), rate))).toBeLessThan(limit);
    }
    const [nextLayer, nextStep] = [maskOf(rate, dropoutKey(123, 1)), maskOf(rate, dropoutKey(124, 0))];
    expect(Math.abs(correlation(nextLayer, nextStep, rate))).toBeLessThan(limit);
  });

  it('vary from step to step at one place as independent draws do', () => {
    const random = Random.fromSeed(1, 'steps');
    const arena = new Arena('float64');
    const one = arena.matrix(1, 1);
    arena.bind(arena.createMemory().buffer);
    const steps = 20_000;
    let [kept, pairs, before] = [0, 0, 0];
    for (let step = 0; step < steps; step += 1) {
      one.data[0] = 1;
      referenceKernels.drop(one, one, rate, dropoutKey(random.uint32(), 2), 7, 0, 1);
      const now = one.data[0] === 0 ? rate - 1 : rate;
      kept += now;
      pairs += now * before;
      before = now;
    }
    const variance = rate * (1 - rate);
    expect(Math.abs(kept)).toBeLessThan(deviations * Math.sqrt(steps * variance));
    expect(Math.abs(pairs)).toBeLessThan(deviations * Math.sqrt(steps) * variance);
  });

  it('are those of an image wherever a pass starts', () => {
    const shifted = maskOf(rate, key, 50);
    expect(shifted.slice(0, 100 * columns)).toEqual(mask.slice(50 * columns, 150 * columns));
  });
});
