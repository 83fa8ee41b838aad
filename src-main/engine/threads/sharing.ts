/** Steps of a trial: the median of so few is steady enough to choose by. */
const trialSteps = 9;
/** Steps between two trials; doubled while they come to the same result. */
const firstPeriod = 250;
const longestPeriod = 8000;

const medianOf = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * Finds out whether sharing the work among threads is faster just now: with other programs busy on the same cores,
 * threads wait for each other longer than they save. It tries both ways for a few steps, keeps the faster one and tries
 * again from time to time. The results of a step are the same bits either way.
 */
export class SharingTrial {
  #isShared = true;
  #times: { shared: number[]; alone: number[] } = { shared: [], alone: [] };
  #stepsLeft = 0;
  #period = firstPeriod;
  #lastChoice: boolean | null = null;

  /** Whether the next step is to be shared. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /** Takes how long a step was. */
  record(milliseconds: number): void {
    if (this.#stepsLeft > 0) {
      this.#stepsLeft -= 1;
      if (this.#stepsLeft === 0) this.#startTrial();
      return;
    }
    const { shared, alone } = this.#times;
    (this.#isShared ? shared : alone).push(milliseconds);
    if (shared.length < trialSteps) return;
    if (alone.length < trialSteps) {
      this.#isShared = false;
      return;
    }
    const choice = medianOf(shared) < medianOf(alone);
    this.#period = choice === this.#lastChoice ? Math.min(2 * this.#period, longestPeriod) : firstPeriod;
    this.#lastChoice = choice;
    this.#isShared = choice;
    this.#stepsLeft = this.#period;
  }

  #startTrial(): void {
    this.#times = { shared: [], alone: [] };
    this.#isShared = true;
  }
}
