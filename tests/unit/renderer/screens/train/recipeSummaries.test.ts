import { describe, expect, it } from 'vitest';
import {
  describeEarlyStopping,
  describePenalties,
  describeReproducibility,
} from '../../../../../src-renderer/screens/train/recipeSummaries.ts';

describe('the folded parts of the form', () => {
  it('say what holds', () => {
    expect(describePenalties({ l1: 0, l2: 0 })).toBe('none');
    expect(describePenalties({ l1: 0.1, l2: 0.0001 })).toBe('L1 0.1, L2 0.0001');
    expect(describeEarlyStopping(null)).toBe('off');
    expect(describeEarlyStopping({ patience: 5, minimumDelta: 0 })).toBe(
      'after 5 epochs without improvement',
    );
    expect(describeReproducibility(7, 0)).toBe('seed 7, threads chosen by Weft');
    expect(describeReproducibility(7, 2)).toBe('seed 7, 2 threads');
  });
});
