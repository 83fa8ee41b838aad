import { describe, expect, it } from 'vitest';
import { describeExport } from '../../../../src-renderer/format/exports.ts';

describe('how an export compares with its model', () => {
  it('is said with both accuracies where held-out images were compared', () => {
    const check = { covers: 'file', images: 6000, source: 'validation', largestDifference: 3.58e-7 } as const;
    const facts = describeExport({ ...check, ownAccuracy: 0.8931, reloadedAccuracy: 0.8931 });
    expect(facts.map(({ value }) => value)).toEqual([
      'the whole network',
      '6,000 held-out images',
      '3.6e-7, the same classes',
      '89.31 %, the model’s own 89.31 %',
    ]);
  });

  it('claims no accuracy for pictures that nobody knows the classes of', () => {
    const check = { covers: 'weights', images: 256, source: 'drawn', largestDifference: 0 } as const;
    const facts = describeExport({ ...check, ownAccuracy: null, reloadedAccuracy: null });
    expect(facts.map(({ value }) => value)).toEqual([
      'the weights; scripts are not run here',
      '256 pictures drawn by Weft, as the images it was trained with are not here',
      'none, the same classes',
    ]);
  });
});
