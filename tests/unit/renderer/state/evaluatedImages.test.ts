import { describe, expect, it } from 'vitest';
import { evaluatedImagesOf, pastImagesOf } from '../../../../src-renderer/state/evaluatedImages.ts';
import type { PastPredictions } from '../../../../src-renderer/state/pastPredictions.ts';
import { bytesOf } from '../../../../src-shared/schemas/bytes.ts';

const evaluation = {
  model: { kind: 'run', runId: 'one' },
  datasetId: 'strokes',
  split: 'validation',
  classes: ['zero', 'one'],
  imageSplit: 'train',
  imageIndices: bytesOf(Uint32Array.of(70_000, 5, 9)),
  labels: Uint8Array.of(0, 1, 1),
  probabilities: bytesOf(Float32Array.of(0.75, 0.25, 0.5, 0.5, 0, 1)),
  loss: 0.327,
  accuracy: 2 / 3,
  temperature: null,
  testLooks: 0,
} as const;

describe('evaluatedImagesOf', () => {
  const images = evaluatedImagesOf({
    ...evaluation,
    model: { ...evaluation.model },
    classes: [...evaluation.classes],
  });

  it('knows where each image is and what was made of it', () => {
    expect([...images.imageIndices]).toEqual([70_000, 5, 9]);
    expect([...images.predicted]).toEqual([0, 0, 1]);
    expect([...images.confidences]).toEqual([0.75, 0.5, 1]);
    expect([...images.margins]).toEqual([0.5, 0, 1]);
    expect(images.losses[0]).toBeCloseTo(-Math.log(0.75), 6);
  });

  it('counts the matrix and reports on it', () => {
    expect(images.matrix).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(images.report.accuracy).toBeCloseTo(2 / 3, 12);
    expect(images.accuracyInterval.low).toBeGreaterThan(0.2);
    expect(images.accuracyInterval.high).toBeLessThan(0.95);
  });
});

describe('pastImagesOf', () => {
  const present = evaluatedImagesOf({
    ...evaluation,
    model: { ...evaluation.model },
    classes: [...evaluation.classes],
  });
  const past: PastPredictions = {
    runId: 'one',
    epochs: [1, 4],
    imageSplit: 'train',
    imageIndices: Uint32Array.of(70_000, 5, 9),
    labels: Uint8Array.of(0, 1, 1),
    classCount: 2,
    probabilities: Uint8Array.of(255, 0, 0, 255, 0, 255, 51, 204, 255, 0, 0, 255),
    predicted: Uint8Array.of(0, 1, 1, 1, 0, 1),
    forgettings: Uint16Array.of(1, 1, 0),
    flips: Uint16Array.of(1, 1, 0),
  };

  it('shows the probabilities that were logged after the epoch, none invented', () => {
    const images = pastImagesOf(past, 1, present);
    expect([...images.probabilities].map((one) => Number(one.toFixed(6)))).toEqual([0.2, 0.8, 1, 0, 0, 1]);
    expect([...images.predicted]).toEqual([1, 0, 1]);
    expect(images.accuracy).toBeCloseTo(1 / 3, 12);
  });

  it('takes a probability that was logged as 0 for half a step of the log, so that losses stay finite', () => {
    const images = pastImagesOf(past, 1, present);
    const expected = [-Math.log(0.2), -Math.log(0.5 / 255), 0];
    expected.forEach((loss, image) => expect(images.losses[image]).toBeCloseTo(loss, 5));
    expect(images.loss).toBeCloseTo(expected.reduce((sum, one) => sum + one, 0) / 3, 5);
  });
});
