// The one source of randomness: splits, initial weights, shuffles, the Strokes images. Seeded, and its state can be
// saved, so that everything can be done again bit for bit.

/** FNV-1a over the characters: gives each named stream of a seed its own sequence. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** Four words, as saved in checkpoints. */
export type RandomState = readonly [number, number, number, number];

/** xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by splitmix32. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(state: RandomState) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** `stream` says what the numbers are for, so that two uses of one seed never share a sequence. */
  static fromSeed(seed: number, stream: string): Random {
    let word = (seed ^ hashName(stream)) >>> 0;
    const next = (): number => {
      word = (word + 0x9e3779b9) | 0;
      let mixed = word ^ (word >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    return new Random([next(), next(), next(), next() | 1]);
  }

  static fromState(state: RandomState): Random {
    return new Random(state);
  }

  /** Goes on from where another one is, without allocating. */
  copyFrom(other: Random): void {
    this.#a = other.#a;
    this.#b = other.#b;
    this.#c = other.#c;
    this.#d = other.#d;
  }

  get state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  /** An integer from 0 to 2^32 - 1. */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result >>> 0;
  }

  /** A number in [minimum, maximum), with 53 random bits. */
  uniform(minimum = 0, maximum = 1): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return minimum + ((high * 67_108_864 + low) / 9_007_199_254_740_992) * (maximum - minimum);
  }

  /** A normally distributed number, by Box and Muller; the second of the pair is not kept, so the state stays small. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer from 0 to `limit - 1`, without bias: values past the last whole multiple are drawn again. */
  below(limit: number): number {
    const threshold = 4_294_967_296 % limit;
    let value = this.uint32();
    while (value < threshold) value = this.uint32();
    return value % limit;
  }

  /** Fisher-Yates, in place. */
  shuffle(values: Uint32Array): void {
    for (let index = values.length - 1; index > 0; index -= 1) {
      const other = this.below(index + 1);
      const kept = values[index]!;
      values[index] = values[other]!;
      values[other] = kept;
    }
  }
}
