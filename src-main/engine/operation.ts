import type { FloatArray, Region } from './region.ts';
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
  /** What the masks of dropout are drawn with: 32 random bits, the same in all passes of a step. */
  noise: number;
}

/** What a thread runs its operations with. */
export interface Thread {
  kernels: Kernels;
  batch: Batch;
  /** Numbers of its own, as many as the plan's `scratchLength`. */
  scratch: Region<FloatArray>;
}

/**
 * How an operation is shared among threads, each taking a range:
 * `rows` of the batch, of which a thread has the same ones in every operation; `columns` of an output;
 * `parameters`, in which operations that follow one another touch different tensors.
 */
export type Split = 'rows' | 'columns' | 'parameters';

/** A piece of a pass, planned once and run by every thread on its own range. */
export interface Operation {
  split: Split;
  /** How many there are to share; for `rows` the batch says. */
  count: number;
  /** Threads' ranges start at a multiple of this. */
  unit: number;
  /** A thread may stop after a multiple of this within its range; after one of `unit` where it is left out. */
  pieceUnit?: number;
  /** Multiplications and additions for each of them; 0 where there is nothing worth counting. */
  work: number;
  /** Whether the rows that it makes are read for other rows, so that every thread must have finished it first. */
  feedsOtherRows?: boolean;
  run(thread: Thread, from: number, to: number): void;
}

/** A part of an operation, so short that a thread can stop after it: each thread's own range is divided evenly. */
export interface Piece {
  operation: Operation;
  /** From 0. */
  index: number;
  of: number;
}

/** Rows are shared in fours, of which the matrix kernels make their tiles. */
export const rowUnit = 4;

/** The arithmetic of one piece: some 10 ms for one thread. */
const workOfPiece = 4e8;

/** Divides the operations of a pass over up to `rows` images into pieces. */
export function dividePass(operations: readonly Operation[], rows: number): Piece[] {
  return operations.flatMap((operation) => {
    const count = operation.split === 'rows' ? rows : operation.count;
    const of = Math.max(
      1,
      Math.min(
        Math.ceil(count / (operation.pieceUnit ?? operation.unit)),
        Math.ceil((count * operation.work) / workOfPiece),
      ),
    );
    return Array.from({ length: of }, (_value, index) => ({ operation, index, of }));
  });
}

/** Whether every thread must have finished `before` when `after` starts. */
export function mustWaitBetween(before: Piece, after: Piece): boolean {
  if (before.operation === after.operation) return false;
  if (before.operation.feedsOtherRows === true) return true;
  return before.operation.split !== after.operation.split || before.operation.split === 'columns';
}

/** The start of a thread's range of `count` things; the next thread's start is its end. */
export function rangeStart(count: number, unit: number, thread: number, threads: number): number {
  const units = Math.ceil(count / unit);
  return Math.min(count, Math.floor((units * thread) / threads) * unit);
}

/** Runs one thread's share of a piece. */
export function runPiece(
  { operation, index, of }: Piece,
  own: Thread,
  thread: number,
  threads: number,
): void {
  const { split, unit, pieceUnit = unit } = operation;
  const count = split === 'rows' ? own.batch.rows : operation.count;
  const start = rangeStart(count, unit, thread, threads);
  const length = rangeStart(count, unit, thread + 1, threads) - start;
  const from = start + rangeStart(length, pieceUnit, index, of);
  const to = start + rangeStart(length, pieceUnit, index + 1, of);
  if (from < to) operation.run(own, from, to);
}
