import type { Kernels } from '../kernels/kernels.ts';
import { mustWaitBetween, rangeStart, type Batch, type Operation } from '../operation.ts';

/**
 * Runs one thread's share of a pass. `waitForOthers` is called where an operation needs what other threads computed;
 * all threads come to the same waits.
 */
export function runPass(
  operations: readonly Operation[],
  kernels: Kernels,
  batch: Batch,
  thread: number,
  threads: number,
  waitForOthers: () => void,
): void {
  let before: Operation | undefined;
  for (const operation of operations) {
    if (before !== undefined && threads > 1 && mustWaitBetween(before, operation)) waitForOthers();
    const count = operation.split === 'rows' ? batch.rows : operation.count;
    const from = rangeStart(count, operation.unit, thread, threads);
    const to = rangeStart(count, operation.unit, thread + 1, threads);
    if (from < to) operation.run(kernels, batch, from, to);
    before = operation;
  }
}
