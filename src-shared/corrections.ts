// What corrections do to labels, and how a list of them changes. The core and the page both use this.
import { WeftError } from './failure.ts';
import type { Correction, CorrectionChange } from './schemas/correction.ts';

/** How many of each kind there are. */
export function countCorrections(list: readonly Correction[]): { relabelled: number; excluded: number } {
  const excluded = list.filter((one) => 'excluded' in one).length;
  return { relabelled: list.length - excluded, excluded };
}

/** "3 relabelled, 1 excluded"; what there is none of is left out. */
export function describeCorrections({
  relabelled,
  excluded,
}: {
  relabelled: number;
  excluded: number;
}): string {
  const parts = [
    ...(relabelled === 0 ? [] : [`${relabelled.toLocaleString('en-US')} relabelled`]),
    ...(excluded === 0 ? [] : [`${excluded.toLocaleString('en-US')} excluded`]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/**
 * Makes the changes, in order. A label that the image has anyway is no correction. Returns the new list, by image number,
 * and what undoes the changes. `labels` are the dataset's own, one a training image. Throws `corrections.no-such-image`
 * and `corrections.no-such-class`.
 */
export function changeCorrections(
  list: readonly Correction[],
  changes: readonly CorrectionChange[],
  { labels, classCount }: { labels: Uint8Array; classCount: number },
): { list: Correction[]; undo: CorrectionChange[] } {
  const before = new Map(list.map((one) => [one.index, one]));
  const after = new Map(before);
  for (const change of changes) {
    const own = labels[change.index];
    if (own === undefined) {
      throw new WeftError(
        'corrections.no-such-image',
        `There is no training image ${change.index} to correct; they are numbered 0 to ${labels.length - 1}.`,
      );
    }
    if ('label' in change && change.label >= classCount) {
      throw new WeftError(
        'corrections.no-such-class',
        `Training image ${change.index} can't be given class ${change.label}; classes are numbered 0 to ${classCount - 1}.`,
      );
    }
    if ('withdrawn' in change || ('label' in change && change.label === own)) after.delete(change.index);
    else after.set(change.index, change);
  }
  const undo = [...new Set(changes.map(({ index }) => index))].map(
    (index): CorrectionChange => before.get(index) ?? { index, withdrawn: true },
  );
  return { list: [...after.values()].sort((a, b) => a.index - b.index), undo };
}

/** How many training images each class has with the corrections made; `counts` and `labels` are the dataset's own. */
export function correctCounts(
  counts: readonly number[],
  labels: Uint8Array,
  list: readonly Correction[],
): number[] {
  const corrected = [...counts];
  const add = (label: number, change: 1 | -1): void => {
    corrected[label] = (corrected[label] ?? 0) + change;
  };
  for (const one of list) {
    const own = labels[one.index];
    if (own === undefined) continue;
    add(own, -1);
    if ('label' in one) add(one.label, 1);
  }
  return corrected;
}

/** The labels with the corrections made, and the images that are left out (1), one byte a training image each. */
export function applyCorrections(
  labels: Uint8Array,
  list: readonly Correction[],
): { labels: Uint8Array<ArrayBuffer>; isExcluded: Uint8Array<ArrayBuffer> } {
  const corrected = Uint8Array.from(labels);
  const isExcluded = new Uint8Array(labels.length);
  for (const one of list) {
    if ('label' in one) corrected[one.index] = one.label;
    else isExcluded[one.index] = 1;
  }
  return { labels: corrected, isExcluded };
}
