import { describe, expect, it } from 'vitest';
import { evaluatedImagesOf } from '../../../../src-renderer/state/evaluatedImages.ts';
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
