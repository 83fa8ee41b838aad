import { describe, expect, it } from 'vitest';
import {
  selectPast,
  thinEpochs,
  type PastPredictions,
} from '../../../../src-renderer/state/pastPredictions.ts';

const past: PastPredictions = {
  runId: 'run',
  epochs: [1, 2, 3],
  imageSplit: 'train',
  imageIndices: Uint32Array.of(4, 7, 9),
  labels: Uint8Array.of(0, 0, 1),
  classCount: 2,
  probabilities: new Uint8Array(18),
  predicted: Uint8Array.of(0, 1, 0, 0, 1, 1, 1, 1, 0),
  forgettings: Uint16Array.of(1, 0, 1),
  flips: Uint16Array.of(1, 0, 2),
};

describe('thinEpochs', () => {
  it('takes every epoch that there is room for, else every n-th, the last one always', () => {
    expect(thinEpochs([1, 2, 3, 4, 5], 10, 50)).toEqual([1, 2, 3, 4, 5]);
    expect(thinEpochs([1, 2, 3, 4, 5], 10, 30)).toEqual([1, 3, 5]);
    expect(thinEpochs([1, 2, 3, 4, 5, 6], 10, 5)).toEqual([6]);
    expect(thinEpochs([], 10, 5)).toEqual([]);
  });
});

describe('selectPast', () => {
  it('finds images by what became of them in training', () => {
    expect([...selectPast(past, 'always-wrong', 0, 2)]).toEqual([1]);
    expect([...selectPast(past, 'forgotten', 0, 2)]).toEqual([0, 2]);
    expect([...selectPast(past, 'flipped', 0, 2)]).toEqual([]);
    expect([...selectPast(past, 'newly-wrong', 0, 2)]).toEqual([0]);
    expect([...selectPast(past, 'newly-wrong', 1, 2)]).toEqual([0, 2]);
  });
});
