// Sums up the steps of an epoch and measures how fast training is; time spent paused never counts.
import type { StepReport } from '../engine/types.ts';
import type { MeterState } from '../runs/checkpoint.ts';

/** The rate shown is that of about the last second of training. */
const rateWindowMs = 1000;

export class EpochMeter {
  readonly #imagesPerEpoch: number;
  readonly #batchSize: number;
  readonly #batchesPerEpoch: number;
  #lossSum = 0;
  #rightSum = 0;
  #images = 0;
  #stepsDone = 0;
  /** What the step under way has done, in images. */
  #imagesUnderWay = 0;
  #epochMs = 0;
  #trainingMs = 0;
  #totalMs = 0;
  #recent: { milliseconds: number; images: number }[] = [];

  /** Goes on from the sums of `state`, where there are some. */
  constructor(images: number, batchSize: number, batchesPerEpoch: number, state?: MeterState) {
    this.#imagesPerEpoch = images;
    this.#batchSize = Math.min(batchSize, images);
    this.#batchesPerEpoch = batchesPerEpoch;
    if (state === undefined) return;
    this.#lossSum = state.lossSum;
    this.#rightSum = state.rightSum;
    this.#images = state.images;
    this.#stepsDone = state.stepsDone;
    this.#epochMs = state.epochMs;
    this.#trainingMs = state.trainingMs;
    this.#totalMs = state.totalMs;
  }

  /** The sums over the steps done so far. */
  get state(): MeterState {
    return {
      lossSum: this.#lossSum,
      rightSum: this.#rightSum,
      images: this.#images,
      stepsDone: this.#stepsDone,
      epochMs: this.#epochMs,
      trainingMs: this.#trainingMs,
      totalMs: this.#totalMs,
    };
  }

  /** Time spent on training and validating since the start of the run. */
  get secondsElapsed(): number {
    return this.#totalMs / 1000;
  }

  get imagesPerSecond(): number {
    const images = this.#recent.reduce((sum, slice) => sum + slice.images, 0);
    const milliseconds = this.#recent.reduce((sum, slice) => sum + slice.milliseconds, 0);
    return milliseconds === 0 ? 0 : (images * 1000) / milliseconds;
  }

  /**
   * A slice of training that took `milliseconds`; it may have finished no step at all. `stepProgress` is the share of the
   * step under way that is done at its end.
   */
  addSlice(reports: readonly StepReport[], stepProgress: number, milliseconds: number): void {
    let images = 0;
    for (const { step, loss, accuracy } of reports) {
      const size = this.#sizeOf(step);
      this.#stepsDone = step;
      images += size;
      this.#lossSum += loss * size;
      this.#rightSum += accuracy * size;
    }
    this.#images += images;
    this.#trainingMs += milliseconds;
    this.#addTime(milliseconds);
    const imagesUnderWay = stepProgress * this.#sizeOf(this.#stepsDone + 1);
    this.#recent.push({ milliseconds, images: images + imagesUnderWay - this.#imagesUnderWay });
    this.#imagesUnderWay = imagesUnderWay;
    let windowMs = this.#recent.reduce((sum, slice) => sum + slice.milliseconds, 0);
    while (this.#recent.length > 1 && windowMs - this.#recent[0]!.milliseconds >= rateWindowMs) {
      windowMs -= this.#recent.shift()!.milliseconds;
    }
  }

  /** Time that the epoch took besides its training. */
  addValidation(milliseconds: number): void {
    this.#addTime(milliseconds);
  }

  /** The epoch's means over its images; the next epoch starts from nothing. */
  endEpoch(): { trainLoss: number; trainAccuracy: number; seconds: number; imagesPerSecond: number } {
    const summary = {
      trainLoss: this.#lossSum / this.#images,
      trainAccuracy: this.#rightSum / this.#images,
      seconds: this.#epochMs / 1000,
      imagesPerSecond: this.#trainingMs === 0 ? 0 : (this.#images * 1000) / this.#trainingMs,
    };
    this.#lossSum = 0;
    this.#rightSum = 0;
    this.#images = 0;
    this.#epochMs = 0;
    this.#trainingMs = 0;
    return summary;
  }

  /** Images of a step, counted from 1: the last one of an epoch may have fewer. */
  #sizeOf(step: number): number {
    const isLast = step % this.#batchesPerEpoch === 0;
    return isLast ? this.#imagesPerEpoch - (this.#batchesPerEpoch - 1) * this.#batchSize : this.#batchSize;
  }

  #addTime(milliseconds: number): void {
    this.#epochMs += milliseconds;
    this.#totalMs += milliseconds;
  }
}
