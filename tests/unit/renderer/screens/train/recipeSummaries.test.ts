import { describe, expect, it } from 'vitest';
import {
  describeAveraging,
  describeEarlyStopping,
  describeLoss,
  describeRegularisation,
  describeReproducibility,
} from '../../../../../src-renderer/screens/train/recipeSummaries.ts';
import { defaultPreset } from '../../../../../src-shared/presets.ts';

const { recipe } = defaultPreset;

describe('the folded parts of the form', () => {
  it('say what holds', () => {
    expect(describeRegularisation(recipe)).toBe('none');
    expect(
      describeRegularisation({ ...recipe, penalties: { l1: 0.1, l2: 0.0001 }, mixup: 0.2, maxNorm: 3 }),
    ).toBe('L1 0.1, L2 0.0001, mixup 0.2, largest norm 3');
    expect(describeAveraging(recipe)).toBe('none');
    expect(
      describeAveraging({
        ...recipe,
        weightAveraging: { decay: 0.999 },
        clipping: { norm: 1, value: 0.5 },
      }),
    ).toBe('decay 0.999, norm 1, value 0.5');
    expect(describeLoss(recipe)).toBe('cross-entropy');
    expect(describeLoss({ ...recipe, labelSmoothing: 0.1, classWeights: 'balanced' })).toBe(
      'cross-entropy, labels smoothed by 0.1, classes balanced',
    );
    expect(describeEarlyStopping(null)).toBe('off');
    expect(describeEarlyStopping({ patience: 5, minimumDelta: 0 })).toBe(
      'after 5 epochs without improvement',
    );
    expect(describeReproducibility(7, 0)).toBe('seed 7, threads chosen by Weft');
    expect(describeReproducibility(7, 2)).toBe('seed 7, 2 threads');
  });
});
