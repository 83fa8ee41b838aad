import { availableParallelism } from 'node:os';

/** Multiplications and additions of a pass below which another thread costs more in waiting than it saves. */
const operationsWorthAThread = 4e6;

/**
 * How many threads to use: as many as asked for, or, for 0, one a core as long as each has enough to do.
 * `operationsPerPass` is the arithmetic of one pass over the network.
 */
export function chooseThreadCount(requested: number, operationsPerPass: number): number {
  if (requested > 0) return requested;
  return Math.max(
    1,
    Math.min(availableParallelism(), Math.floor(operationsPerPass / operationsWorthAThread)),
  );
}
