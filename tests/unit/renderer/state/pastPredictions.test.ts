import { describe, expect, it } from 'vitest';
import {
  reuseEpochs,
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

describe('reuseEpochs', () => {
  it('copies what is known, also where epochs were thinned out, and names what is lacking', () => {
    const known = {
      epochs: [1, 2, 3],
      probabilities: Uint8Array.from({ length: 12 }, (_value, place) => place + 1),
      predicted: Uint8Array.of(0, 1, 1, 0, 1, 1),
    };
    const newer = { epochs: [1, 3, 5], probabilities: new Uint8Array(12), predicted: new Uint8Array(6) };
    expect(reuseEpochs(newer, known, 2, 2)).toEqual([2]);
    expect([...newer.probabilities]).toEqual([1, 2, 3, 4, 9, 10, 11, 12, 0, 0, 0, 0]);
    expect([...newer.predicted]).toEqual([0, 1, 1, 1, 0, 0]);
    expect(reuseEpochs(newer, null, 2, 2)).toEqual([0, 1, 2]);
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
