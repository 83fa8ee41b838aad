import { describe, expect, it } from 'vitest';
import {
  applyCorrections,
  changeCorrections,
  correctCounts,
  countCorrections,
  describeCorrections,
} from '../../../src-shared/corrections.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import type { Correction, CorrectionChange } from '../../../src-shared/schemas/correction.ts';

const set = { labels: Uint8Array.of(0, 1, 2, 0, 1, 2), classCount: 3 };
const change = (list: readonly Correction[], ...changes: CorrectionChange[]): Correction[] =>
  changeCorrections(list, changes, set).list;

describe('changing corrections', () => {
  it('keeps one correction an image, in the order of their numbers, and the last one counts', () => {
    const first = change([], { index: 4, label: 0 }, { index: 1, excluded: true });
    expect(first).toEqual([
      { index: 1, excluded: true },
      { index: 4, label: 0 },
    ]);
    expect(change(first, { index: 4, label: 2 }, { index: 1, label: 0 })).toEqual([
      { index: 1, label: 0 },
      { index: 4, label: 2 },
    ]);
  });

  it('takes the label that an image has anyway for the end of its correction', () => {
    expect(change([{ index: 4, label: 0 }], { index: 4, label: 1 })).toEqual([]);
    expect(change([{ index: 4, excluded: true }], { index: 4, withdrawn: true })).toEqual([]);
  });

  it('gives changes that bring back exactly what was before, also where an image is changed twice', () => {
    const before: Correction[] = [
      { index: 0, excluded: true },
      { index: 3, label: 2 },
    ];
    const changes: CorrectionChange[] = [
      { index: 3, excluded: true },
      { index: 3, label: 1 },
      { index: 0, withdrawn: true },
      { index: 5, label: 0 },
    ];
    const { list, undo } = changeCorrections(before, changes, set);
    expect(list).toEqual([
      { index: 3, label: 1 },
      { index: 5, label: 0 },
    ]);
    expect(changeCorrections(list, undo, set)).toMatchObject({ list: before });
    expect(before).toHaveLength(2);
  });

  it('refuses images and classes that the set does not have', () => {
    for (const [code, one] of [
      ['corrections.no-such-image', { index: 6, excluded: true }],
      ['corrections.no-such-class', { index: 0, label: 3 }],
    ] as const) {
      const error: unknown = (() => {
        try {
          return change([], one);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(WeftError);
      expect(error).toMatchObject({ code });
    }
  });
});

describe('applying corrections', () => {
  it('changes the labels of a copy and marks what is excluded', () => {
    const { labels, isExcluded } = applyCorrections(set.labels, [
      { index: 1, label: 2 },
      { index: 4, excluded: true },
    ]);
    expect([...labels]).toEqual([0, 2, 2, 0, 1, 2]);
    expect([...isExcluded]).toEqual([0, 0, 0, 0, 1, 0]);
    expect([...set.labels]).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('moves relabelled images to their new class in the counts, and takes excluded ones out', () => {
    const list: Correction[] = [
      { index: 1, label: 2 },
      { index: 4, excluded: true },
    ];
    expect(correctCounts([2, 2, 2], set.labels, list)).toEqual([2, 0, 3]);
  });

  it('is told in words', () => {
    const list: Correction[] = [
      { index: 1, label: 2 },
      { index: 4, excluded: true },
    ];
    expect(describeCorrections(countCorrections(list))).toBe('1 relabelled, 1 excluded');
    expect(describeCorrections({ relabelled: 1200, excluded: 0 })).toBe('1,200 relabelled');
    expect(describeCorrections({ relabelled: 0, excluded: 0 })).toBe('none');
  });
});
