import type { NetworkPlan, PassName } from '../network.ts';
import { mustWaitBetween, runPiece, type Piece, type Thread } from '../operation.ts';

/**
 * Runs one thread's share of a pass. `waitForOthers` is called where a piece needs what other threads computed; all
 * threads come to the same waits.
 */
export class PassRun {
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  get isDone(): boolean {
    return this.#next === this.#pieces.length;
  }

  /** The share of the pieces that are done. */
  get progress(): number {
    return this.#pieces.length === 0 ? 1 : this.#next / this.#pieces.length;
  }

  restart(): void {
    this.#next = 0;
  }

  /** All of it, from the start. */
  runAll(own: Thread, thread: number, threads: number, waitForOthers: () => void): void {
    this.restart();
    while (!this.isDone) this.runNext(own, thread, threads, waitForOthers);
  }

  /** The next piece. Between two calls the other threads wait where they need it. */
  runNext(own: Thread, thread: number, threads: number, waitForOthers: () => void): void {
    const piece = this.#pieces[this.#next]!;
    const before = this.#pieces[this.#next - 1];
    if (before !== undefined && threads > 1 && mustWaitBetween(before, piece)) waitForOthers();
    runPiece(piece, own, thread, threads);
    this.#next += 1;
  }
}

/** The runs of every pass of a plan, to be started again and again. */
export const runsOf = ({ passes }: NetworkPlan): Record<PassName, PassRun> => ({
  predict: new PassRun(passes.predict),
  propagate: new PassRun(passes.propagate),
  gradients: new PassRun(passes.gradients),
  update: new PassRun(passes.update),
  step: new PassRun(passes.step),
  swap: new PassRun(passes.swap),
});
