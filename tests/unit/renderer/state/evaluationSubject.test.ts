import { describe, expect, it } from 'vitest';
import { fits, splitsOf, type EvaluationSubject } from '../../../../src-renderer/state/evaluationSubject.ts';
import { presets } from '../../../../src-shared/presets.ts';
import type { DatasetSummary } from '../../../../src-shared/schemas/dataset.ts';

const dataset: DatasetSummary = {
  id: 'digits',
  name: 'Digits',
  description: '',
  classes: ['zero', 'one'],
  shape: { height: 28, width: 28, channels: 1 },
  trainCount: 10,
  testCount: 5,
  unlabelledCount: 0,
  kind: 'catalogue',
  state: 'ready',
  origin: '',
  licence: '',
  citation: '',
  failure: null,
  download: null,
};

function subjectOf(preset: string): EvaluationSubject {
  const recipe = presets.find((one) => one.id === preset)?.recipe;
  if (recipe === undefined) throw new Error(`There is no preset ${preset}.`);
  return {
    model: { kind: 'run', runId: 'one' },
    name: 'one',
    createdAt: '2026-01-01T00:00:00.000Z',
    recipe,
    datasetId: 'digits',
    shape: dataset.shape,
    classes: dataset.classes,
    weightsVersion: 'epoch 1',
    testLooks: 0,
  };
}

describe('what a model can be evaluated on', () => {
  const subject = subjectOf('keras-split');

  it('is any dataset of its shape with the same classes', () => {
    expect(fits(subject, dataset)).toBe(true);
    expect(fits(subject, { ...dataset, shape: { ...dataset.shape, channels: 3 } })).toBe(false);
    expect(fits(subject, { ...dataset, classes: ['one'] })).toBe(false);
    expect(fits(subject, { ...dataset, classes: ['Zero', 'one '] })).toBe(true);
    expect(fits(subject, { ...dataset, classes: ['zero', 'shirt'] })).toBe(false);
  });

  it('has validation images in the dataset it was trained on alone', () => {
    expect(splitsOf(subject, dataset)).toContain('validation');
    expect(splitsOf(subject, { id: 'other', testCount: 5 })).toEqual(['test', 'train']);
  });

  it('has no test images in a dataset that has none', () => {
    expect(splitsOf(subject, { ...dataset, testCount: 0 })).toEqual(['validation', 'train']);
  });

  it('has none when it was validated on the test set, which is opened on request only', () => {
    expect(splitsOf(subjectOf('keras-notebook'), dataset)).toEqual(['test', 'train']);
  });
});
