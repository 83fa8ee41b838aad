// Loss and accuracy of every training step, in arrays that grow; thinned evenly once there are very many, so that a
// run of any length stays in bounded memory.

export interface BatchPoint {
  /** Counted from 1. */
  step: number;
  loss: number;
  accuracy: number;
}

/** Points kept before every second one is dropped; far more than a chart has pixels. */
const defaultLimit = 1 << 20;

/** Points in the order of their steps. */
export class BatchPoints {
  readonly #limit: number;
  /** Only steps that are multiples of this are kept. */
  #stride = 1;
  #length = 0;
  #steps = new Uint32Array(1024);
  #losses = new Float32Array(1024);
  #accuracies = new Float32Array(1024);

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  add({ step, loss, accuracy }: BatchPoint): void {
    if (step % this.#stride !== 0) return;
    if (this.#length === this.#limit) {
      this.#thin();
      if (step % this.#stride !== 0) return;
    }
    if (this.#length === this.#steps.length) this.#grow();
    this.#steps[this.#length] = step;
    this.#losses[this.#length] = loss;
    this.#accuracies[this.#length] = accuracy;
    this.#length += 1;
  }

  /** Copies of the points after a step. */
  after(step: number): {
    steps: Uint32Array<ArrayBuffer>;
    losses: Float32Array<ArrayBuffer>;
    accuracies: Float32Array<ArrayBuffer>;
  } {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return {
      steps: this.#steps.slice(low, this.#length),
      losses: this.#losses.slice(low, this.#length),
      accuracies: this.#accuracies.slice(low, this.#length),
    };
  }

  #thin(): void {
    this.#stride *= 2;
    let kept = 0;
    for (let index = 0; index < this.#length; index += 1) {
      if (this.#steps[index]! % this.#stride !== 0) continue;
      this.#steps[kept] = this.#steps[index]!;
      this.#losses[kept] = this.#losses[index]!;
      this.#accuracies[kept] = this.#accuracies[index]!;
      kept += 1;
    }
    this.#length = kept;
  }

  #grow(): void {
    const grown = <A extends Uint32Array | Float32Array>(larger: A, array: A): A => {
      larger.set(array);
      return larger;
    };
    const capacity = Math.min(this.#steps.length * 2, this.#limit);
    this.#steps = grown(new Uint32Array(capacity), this.#steps);
    this.#losses = grown(new Float32Array(capacity), this.#losses);
    this.#accuracies = grown(new Float32Array(capacity), this.#accuracies);
  }
}
