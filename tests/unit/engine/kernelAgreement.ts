// Compares the fast builds of the kernels with the reference.
import { expect } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import type { KernelBuild, Kernels } from '../../../src-main/engine/kernels/kernels.ts';
import { referenceKernels } from '../../../src-main/engine/kernels/reference.ts';
import { usableBuilds } from '../../../src-main/engine/kernels/select.ts';
import { panelMatrix, roomForPanels, type Matrix } from '../../../src-main/engine/matrix.ts';
import { Random } from '../../../src-shared/random.ts';

/** Odd ones and powers of two, of which kernels make tiles and rests. */
export const sizes = [1, 2, 3, 5, 8, 17, 64, 129];
/** Float32 rounds each of up to 300 sums of numbers up to 1; the approximated functions are within 2e-7. */
const tolerance = 2e-5;
/** What is compared with the reference. */
export const fastBuilds = usableBuilds().filter(({ name }) => name !== 'reference');

export interface Comparison {
  /** Fills the arena, once it has its memory. */
  bound: () => void;
  work: (kernels: Kernels) => number[];
}

/** Runs `work` with the build under test and with the reference on the same numbers, and compares what it gives. */
export function expectAgreement(
  build: KernelBuild,
  planAndWork: (arena: Arena, random: Random) => Comparison,
  relative = tolerance,
): void {
  const results = [false, true].map((isReference) => {
    const arena = new Arena('float32');
    const { bound, work } = planAndWork(arena, Random.fromSeed(9, 'kernels'));
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    bound();
    return work(isReference ? referenceKernels : build.create(memory, scratch.byteOffset));
  });
  const [actual, expected] = [results[0]!, results[1]!];
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, index) => {
    const allowed = relative * Math.max(1, Math.abs(value));
    if (!(Math.abs(actual[index]! - value) <= allowed)) expect(actual[index], `number ${index}`).toBe(value);
  });
}

/** A matrix in panels of its own. */
export function panelsIn(arena: Arena, rows: number, columns: number): Matrix {
  return panelMatrix(arena.numbers(roomForPanels(rows, columns)), 0, rows, columns);
}
