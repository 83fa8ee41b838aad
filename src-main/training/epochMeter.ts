// Sums up the steps of an epoch and measures how fast training is; time spent paused never counts.
import type { StepReport } from '../engine/types.ts';

/** The rate shown is that of about the last second of training. */
const rateWindowMs = 1000;

export class EpochMeter {
  readonly #imagesPerEpoch: number;
  readonly #batchSize: number;
  readonly #batchesPerEpoch: number;
  #lossSum = 0;
  #rightSum = 0;
  #images = 0;
  #epochMs = 0;
  #trainingMs = 0;
  #totalMs = 0;
  #recent: { milliseconds: number; images: number }[] = [];

  constructor(images: number, batchSize: number, batchesPerEpoch: number) {
    this.#imagesPerEpoch = images;
    this.#batchSize = Math.min(batchSize, images);
    this.#batchesPerEpoch = batchesPerEpoch;
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

  /** A slice of training that took `milliseconds`; it may have finished no step at all. */
  addSlice(reports: readonly StepReport[], milliseconds: number): void {
    let images = 0;
    for (const { step, loss, accuracy } of reports) {
      const isLast = step % this.#batchesPerEpoch === 0;
      const size = isLast
        ? this.#imagesPerEpoch - (this.#batchesPerEpoch - 1) * this.#batchSize
        : this.#batchSize;
      images += size;
      this.#lossSum += loss * size;
      this.#rightSum += accuracy * size;
    }
    this.#images += images;
    this.#trainingMs += milliseconds;
    this.#addTime(milliseconds);
    this.#recent.push({ milliseconds, images });
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

  #addTime(milliseconds: number): void {
    this.#epochMs += milliseconds;
    this.#totalMs += milliseconds;
  }
}
