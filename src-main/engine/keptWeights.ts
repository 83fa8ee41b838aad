// The weights that a run validates and keeps: those that are trained, or their running average, which lies beside them.
import type { NetworkPlan, TrainingRegions } from './network.ts';
import { readTensors, writeTensors } from './tensors.ts';
import type { Engine } from './threads/engine.ts';
import type { NamedTensor } from './types.ts';

/** What the average keeps of itself in a step, counted from 1: at first less, so that it soon forgets the start. */
export const averageKeptAt = (step: number, decay: number): number =>
  Math.min(decay, (1 + step) / (10 + step));

export class KeptWeights {
  readonly #engine: Engine;
  readonly #regions: TrainingRegions;
  #isInPlace = false;

  constructor(engine: Engine, regions: TrainingRegions) {
    this.#engine = engine;
    this.#regions = regions;
  }

  /** Puts them where the network predicts with them; between steps only. */
  putInPlace(): void {
    this.#swapUnless(true);
  }

  /** Puts what is trained back. */
  takeAway(): void {
    this.#swapUnless(false);
  }

  /** A copy. */
  read(): NamedTensor[] {
    return readTensors(this.#plan.parameters, this.#isInPlace ? null : this.#regions.averages);
  }

  /** Replaces both what is trained and its average. */
  write(tensors: readonly NamedTensor[]): void {
    writeTensors(this.#plan.parameters, tensors);
    this.startAverage();
  }

  /** The average starts from what is trained. */
  startAverage(): void {
    const { averages, values } = this.#regions;
    averages?.data.set(values.data.subarray(0, averages.length));
  }

  get #plan(): NetworkPlan {
    return this.#engine.plan;
  }

  #swapUnless(isInPlace: boolean): void {
    if (this.#regions.averages === null || this.#isInPlace === isInPlace) return;
    this.#engine.runPass('swap', { rows: 0, first: 0, startsSum: true, scale: 0, noise: 0 });
    this.#isInPlace = isInPlace;
  }
}
