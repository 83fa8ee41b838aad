import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitValidation } from '../../../src-main/datasets/split.ts';

/** 100 labels: 50 of class 0, 30 of class 1, 20 of class 4, mixed. */
const labels = Uint8Array.from({ length: 100 }, (_, index) => (index % 10 < 5 ? 0 : index % 10 < 8 ? 1 : 4));
const stratified = (fraction: number) => ({ type: 'stratified', fraction }) as const;
const labelsOf = (indices: Uint32Array): number[] => [...indices].map((index) => labels[index]!);
const count = (values: number[], wanted: number): number => values.filter((value) => value === wanted).length;

describe('splitValidation', () => {
  it('holds out the same part of each class', () => {
    const { trainIndices, validationSplit, validationIndices } = splitValidation(
      labels,
      10,
      stratified(0.1),
      1,
    );
    expect(validationSplit).toBe('train');
    expect(trainIndices.length).toBe(90);
    const held = labelsOf(validationIndices);
    expect([count(held, 0), count(held, 1), count(held, 4)]).toEqual([5, 3, 2]);
  });

  it('puts every image on exactly one side, for any labels, fraction and seed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 200, max: 12 }),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        fc.nat(),
        (anyLabels, fraction, seed) => {
          const { trainIndices, validationIndices } = splitValidation(
            anyLabels,
            0,
            stratified(fraction),
            seed,
          );
          const all = [...trainIndices, ...validationIndices].sort((a, b) => a - b);
          expect(all).toEqual(Array.from(anyLabels, (_, index) => index));
          expect(validationIndices.length).toBe(Math.round(anyLabels.length * fraction));
        },
      ),
    );
  });

  it('gives the same split for the same seed and another for another', () => {
    expect(splitValidation(labels, 10, stratified(0.2), 7)).toEqual(
      splitValidation(labels, 10, stratified(0.2), 7),
    );
    expect(splitValidation(labels, 10, stratified(0.2), 7)).not.toEqual(
      splitValidation(labels, 10, stratified(0.2), 8),
    );
  });

  it('does not hold out the same places of each class', () => {
    const { validationIndices } = splitValidation(labels, 10, stratified(0.2), 3);
    expect(new Set([...validationIndices].map((index) => index % 10)).size).toBeGreaterThan(2);
  });

  it('holds out every image in exactly one fold, the same share of each class in all', () => {
    const folds = 5;
    const parts = Array.from({ length: folds }, (_, index) =>
      splitValidation(labels, 10, { type: 'fold', folds, fold: index + 1 }, 1),
    );
    const held = parts.flatMap(({ validationIndices }) => [...validationIndices]);
    expect(held.sort((a, b) => a - b)).toEqual(Array.from(labels.keys()));
    for (const { trainIndices, validationIndices, validationSplit } of parts) {
      expect(validationSplit).toBe('train');
      expect(trainIndices.length + validationIndices.length).toBe(labels.length);
      const own = labelsOf(validationIndices);
      expect([count(own, 0), count(own, 1), count(own, 4)]).toEqual([10, 6, 4]);
    }
  });

  it('deals out classes that folds do not divide as evenly as can be, by the seed', () => {
    const folds = 3;
    const sizes = [1, 2, 3].map(
      (fold) => splitValidation(labels, 0, { type: 'fold', folds, fold }, 1).validationIndices.length,
    );
    expect(sizes).toEqual([34, 33, 33]);
    const fold = { type: 'fold', folds, fold: 1 } as const;
    expect(splitValidation(labels, 0, fold, 1)).toEqual(splitValidation(labels, 0, fold, 1));
    expect(splitValidation(labels, 0, fold, 1)).not.toEqual(splitValidation(labels, 0, fold, 2));
  });

  it('holds out the first images when asked to', () => {
    const split = splitValidation(labels, 10, { type: 'first', count: 30 }, 1);
    expect([...split.validationIndices]).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect([...split.trainIndices]).toEqual(Array.from({ length: 70 }, (_, index) => 30 + index));
  });

  it('trains on everything when the test images validate', () => {
    const split = splitValidation(labels, 10, { type: 'test' }, 1);
    expect(split.validationSplit).toBe('test');
    expect([split.trainIndices.length, split.validationIndices.length]).toEqual([100, 10]);
  });

  it('refuses a split that leaves one side empty', () => {
    const nothingToTrain: unknown = expect.objectContaining({ code: 'split.nothing-to-train' });
    const nothingToValidate: unknown = expect.objectContaining({ code: 'split.nothing-to-validate' });
    for (const tooMany of [100, 5000]) {
      expect(() => splitValidation(labels, 10, { type: 'first', count: tooMany }, 1)).toThrow(nothingToTrain);
    }
    expect(() => splitValidation(labels.subarray(0, 3), 10, stratified(0.1), 1)).toThrow(nothingToValidate);
    expect(() => splitValidation(labels, 0, { type: 'test' }, 1)).toThrow(nothingToValidate);
  });
});
