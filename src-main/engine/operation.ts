import type { Kernels } from './kernels/kernels.ts';

/** What changes from one pass over the network to the next. */
export interface Batch {
  /** Images in this pass. */
  rows: number;
  /** Where they start in the order of training. */
  first: number;
  /** Whether gradients start from 0; else they add to those of the passes before. */
  startsSum: boolean;
  /** What each image's loss counts for: 1 / images of the whole step. */
  scale: number;
}

/**
 * How an operation is shared among threads, each taking a range:
 * `rows` of the batch, of which a thread has the same ones in every operation; `columns` of an output;
 * `parameters`, in which operations that follow one another touch different tensors.
 */
export type Split = 'rows' | 'columns' | 'parameters';

/** One piece of a pass, planned once and run by every thread on its own range. */
export interface Operation {
  split: Split;
  /** How many there are to share; for `rows` the batch says. */
  count: number;
  /** Ranges start at a multiple of this. */
  unit: number;
  run(kernels: Kernels, batch: Batch, from: number, to: number): void;
}

/** Rows are shared in fours, of which the matrix kernels make their tiles. */
export const rowUnit = 4;

/** Whether every thread must have finished `before` when `after` starts. */
export function mustWaitBetween(before: Operation, after: Operation): boolean {
  return before.split !== after.split || before.split === 'columns';
}

/** The start of a thread's range of `count` things; the next thread's start is its end. */
export function rangeStart(count: number, unit: number, thread: number, threads: number): number {
  const units = Math.ceil(count / unit);
  return Math.min(count, Math.floor((units * thread) / threads) * unit);
}
