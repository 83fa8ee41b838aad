// How far Weft may be from PyTorch, and where it is further.
import type { GoldenCase } from './goldenCases.ts';
import type { TrainedCase } from './weftSide.ts';

/**
 * What is promised after ten steps in float32. PyTorch in float32 is within 1e-6 of itself in float64 in these cases
 * (the script checks that), so this leaves room for other orders of the same sums and for nothing else.
 */
export const lossTolerance = 1e-5;
export const tensorTolerance = 1e-4;

/** The place where two lists differ most, as a sentence; null where they are within the tolerance everywhere. */
function findDifference(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): string | null {
  if (actual.length !== expected.length) {
    return `${what}: ${actual.length} numbers instead of ${expected.length}`;
  }
  let worst = 0;
  let place = -1;
  for (let index = 0; index < expected.length; index += 1) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    // What is not a number differs without end.
    const distance = Number.isNaN(difference) ? Infinity : difference;
    if (distance > tolerance && distance > worst) {
      worst = distance;
      place = index;
    }
  }
  return place === -1 ? null : `${what}[${place}]: ${actual[place]} instead of ${expected[place]}`;
}

/** What Weft computed otherwise than PyTorch, a sentence each; empty where they agree. */
export function findDifferences(trained: TrainedCase, golden: GoldenCase): string[] {
  const names = golden.final.map(({ name, shape }) => `${name} ${shape.join('x')}`);
  const trainedNames = trained.tensors.map(({ name, shape }) => `${name} ${shape.join('x')}`);
  if (trainedNames.toSorted().join() !== names.toSorted().join()) {
    return [`tensors: ${trainedNames.join(', ')} instead of ${names.join(', ')}`];
  }
  const tensorDifferences = golden.final.map(({ name, data }) => {
    const tensor = trained.tensors.find((one) => one.name === name);
    return findDifference(name, tensor?.data ?? [], data, tensorTolerance);
  });
  return [
    findDifference('losses', trained.losses, golden.losses, lossTolerance),
    ...tensorDifferences,
    findDifference('probabilities', trained.probabilities, golden.probabilities, tensorTolerance),
  ].filter((difference) => difference !== null);
}
