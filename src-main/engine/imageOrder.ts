import { Random, type RandomState } from '../../src-shared/random.ts';
import type { Region } from './region.ts';

/** The order in which the images are trained on: a new one each epoch, a function of the random state alone. */
export class ImageOrder {
  readonly #order: Region<Uint32Array>;
  readonly #isShuffled: boolean;
  readonly #random: Random;
  readonly #randomBefore: Random;

  /** `isShuffled` is false for a full batch, which needs no order. */
  constructor(order: Region<Uint32Array>, seed: number, isShuffled: boolean) {
    this.#order = order;
    this.#isShuffled = isShuffled;
    this.#random = Random.fromSeed(seed, 'shuffle');
    this.#randomBefore = Random.fromState(this.#random.state);
  }

  /** Before the present order was drawn. */
  get randomBefore(): RandomState {
    return this.#randomBefore.state;
  }

  /** The order of the next epoch. */
  draw(): void {
    const order = this.#order.data;
    for (let index = 0; index < order.length; index += 1) order[index] = index;
    this.#randomBefore.copyFrom(this.#random);
    if (this.#isShuffled) this.#random.shuffle(order);
  }

  /** The order that was drawn from this state. */
  drawFrom(randomBefore: RandomState): void {
    this.#random.copyFrom(Random.fromState(randomBefore));
    this.draw();
  }
}
