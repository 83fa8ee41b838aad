import { performance } from 'node:perf_hooks';
import { Arena } from '../arena.ts';
import { panelMatrix, roomForPanels } from '../matrix.ts';
import type { KernelBuild } from './kernels.ts';

/** A product that fits into the nearest caches, and takes some microseconds. */
const size = { rows: 48, depth: 128, columns: 64 };
/** V8 first compiles quickly and then, in the background, well: products are timed until this long after the first. */
const measuringMs = 25;
const productsInARow = 20;

/** The fastest multiplications and additions a millisecond that the build's products reach within some 25 ms. */
export function measureSpeed(build: KernelBuild): number {
  const arena = new Arena('float32');
  const { rows, depth, columns } = size;
  const a = arena.matrix(rows, depth);
  const operand = arena.operand(a);
  const b = panelMatrix(arena.numbers(roomForPanels(depth, columns)), 0, depth, columns);
  const c = arena.matrix(rows, columns);
  const scratch = arena.bytes(build.scratchBytes);
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  const kernels = build.create(memory, scratch.byteOffset);
  const part = { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
  const end = performance.now() + measuringMs;
  let fastestMs = Infinity;
  while (performance.now() < end) {
    const start = performance.now();
    for (let count = 0; count < productsInARow; count += 1) {
      kernels.multiply(operand, b, c, depth, false, part);
    }
    fastestMs = Math.min(fastestMs, performance.now() - start);
  }
  return (2 * rows * depth * columns * productsInARow) / fastestMs;
}
