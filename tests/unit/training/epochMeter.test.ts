import { describe, expect, it } from 'vitest';
import type { StepReport } from '../../../src-main/engine/types.ts';
import { EpochMeter } from '../../../src-main/training/epochMeter.ts';

const report = (step: number, loss: number, accuracy: number): StepReport => ({
  step,
  loss,
  accuracy,
  learningRate: 0.1,
});

describe('the epoch meter', () => {
  it('weighs each batch by its images: the last one has fewer', () => {
    const meter = new EpochMeter(10, 4, 3);
    meter.addSlice([report(1, 1, 1), report(2, 2, 0.5)], 0, 10);
    meter.addSlice([report(3, 6, 0)], 0, 10);
    const { trainLoss, trainAccuracy } = meter.endEpoch();
    expect(trainLoss).toBe((1 * 4 + 2 * 4 + 6 * 2) / 10);
    expect(trainAccuracy).toBe((4 + 2) / 10);
  });

  it('counts an epoch’s training and validation as its time, and the images by training alone', () => {
    const meter = new EpochMeter(10, 4, 3);
    meter.addSlice([report(1, 1, 1), report(2, 1, 1), report(3, 1, 1)], 0, 100);
    meter.addValidation(400);
    expect(meter.endEpoch()).toMatchObject({ seconds: 0.5, imagesPerSecond: 100 });
    meter.addSlice([report(4, 1, 1), report(5, 1, 1), report(6, 1, 1)], 0, 200);
    expect(meter.endEpoch()).toMatchObject({ seconds: 0.2, imagesPerSecond: 50 });
    expect(meter.secondsElapsed).toBe(0.7);
  });

  it('shows the rate of about the last second, steps that take longer than a slice included', () => {
    const meter = new EpochMeter(1000, 1000, 1);
    expect(meter.imagesPerSecond).toBe(0);
    for (let step = 1; step <= 10; step += 1) meter.addSlice([report(step, 1, 1)], 0, 10);
    for (let step = 11; step <= 14; step += 1) {
      meter.addSlice([], 0, 250);
      meter.addSlice([report(step, 1, 1)], 0, 250);
    }
    expect(meter.imagesPerSecond).toBe(2000);
  });

  it('counts what is done of a step that takes minutes into the rate, and only once', () => {
    const meter = new EpochMeter(6000, 6000, 1);
    for (const progress of [0.1, 0.2, 0.3]) meter.addSlice([], progress, 500);
    expect(meter.imagesPerSecond).toBeCloseTo(1200, 9);
    meter.addSlice([], 0.9, 3000);
    expect(meter.imagesPerSecond).toBeCloseTo(1200, 9);
    meter.addSlice([report(1, 1, 1)], 0, 500);
    expect(meter.endEpoch().imagesPerSecond).toBe(6000 / 5);
    meter.addSlice([], 0.1, 500);
    expect(meter.imagesPerSecond).toBeCloseTo(1200, 9);
  });
});
