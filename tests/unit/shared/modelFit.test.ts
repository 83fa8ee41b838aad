import { describe, expect, it } from 'vitest';
import { findMisfit, type FitSide } from '../../../src-shared/modelFit.ts';

const shape = { height: 28, width: 28, channels: 1 };
const model: FitSide = { name: 'm', shape, classes: ['cat', 'dog', 'cow'] };
const pets: FitSide = { name: 'Pets', shape, classes: ['Cat', ' dog', 'cow'] };

describe('a model over a dataset', () => {
  it('fits where shape and classes are the same, whatever the case and the spaces of their names', () => {
    expect(findMisfit(model, pets)).toBeNull();
  });

  it.each([
    [
      'another shape',
      { ...pets, shape: { ...shape, channels: 3 } },
      'model.wrong-shape',
      /28 x 28 x 1.* 28 x 28 x 3/,
    ],
    ['fewer classes', { ...pets, classes: ['cat', 'dog'] }, 'model.wrong-classes', /3 classes.* has 2/],
    [
      'another class',
      { ...pets, classes: ['cat', 'fox', 'cow'] },
      'model.wrong-classes',
      /Class 1 .*"dog".*"fox"/,
    ],
  ] as const)('is refused for %s by a sentence that names it', (_what, dataset, code, sentence) => {
    const misfit = findMisfit(model, dataset);
    expect(misfit?.code).toBe(code);
    expect(misfit?.message).toMatch(sentence);
    expect(misfit?.remedy).toMatch(/^Choose a dataset/);
  });

  it('says so where the classes are the same in another order', () => {
    const misfit = findMisfit(model, { ...pets, classes: ['dog', 'cat', 'cow'] });
    expect(misfit?.message).toContain('Class 0 of "m" is "cat", but class 0 of Pets is "dog".');
    expect(misfit?.remedy).toContain('another order');
  });
});
