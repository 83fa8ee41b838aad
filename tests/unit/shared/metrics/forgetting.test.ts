import { describe, expect, it } from 'vitest';
import {
  alwaysWrong,
  flipCounts,
  forgettingCounts,
  newlyWrong,
} from '../../../../src-shared/metrics/forgetting.ts';

const labels = [0, 1, 2, 1];
// Image 0 stays right; 1 is learnt, forgotten, learnt, forgotten; 2 is never right; 3 is forgotten at the end.
const predicted = [0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 2, 0, 0];

describe('what a run forgot', () => {
  it('counts how often each image was right and then wrong', () => {
    expect([...forgettingCounts(predicted, labels)]).toEqual([0, 2, 0, 1]);
  });

  it('counts how often the predicted class changed', () => {
    expect([...flipCounts(predicted, labels.length)]).toEqual([0, 3, 2, 1]);
  });

  it('finds the images that were never right, and those that were right after an epoch and are not now', () => {
    expect([...alwaysWrong(predicted, labels)]).toEqual([2]);
    expect([...newlyWrong(predicted, labels, 0, 3)]).toEqual([1, 3]);
    expect([...newlyWrong(predicted, labels, 1, 3)]).toEqual([3]);
  });

  it('has nothing to count after one epoch, or of no images', () => {
    expect([...forgettingCounts([0, 0], [0, 1])]).toEqual([0, 0]);
    expect([...forgettingCounts([], [])]).toEqual([]);
    expect([...alwaysWrong([], [])]).toEqual([]);
  });
});
