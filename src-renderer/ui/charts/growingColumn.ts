const firstCapacity = 1024;

/** Numbers that are only ever added to, in one typed array that doubles: 100,000 chart points stay cheap to hold. */
export class GrowingColumn {
  #values = new Float64Array(firstCapacity);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The last number; undefined while there is none. */
  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#values[this.#length - 1];
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The numbers so far, without a copy. Later pushes don't show in it. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
