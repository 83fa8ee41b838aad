import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classThresholds,
  confidentClasses,
  confidentJoint,
  estimateLabelIssues,
  findLabelIssues,
  noConfidentClass,
} from '../../../../src-shared/metrics/labelIssues.ts';

// Six images of three classes, by hand. Thresholds: class 0 (0.8 + 0.6 + 0.1) / 3 = 0.5, class 1 (0.9 + 0.2) / 2 = 0.55,
// class 2 0.3. Image 2 is labelled 0 and taken for 1 (0.8 >= 0.55); image 4 is labelled 1, and 0.7 >= 0.5 takes it for 0.
const labels = [0, 0, 0, 1, 1, 2];
const probabilities = [
  [0.8, 0.1, 0.1],
  [0.6, 0.2, 0.2],
  [0.1, 0.8, 0.1],
  [0.05, 0.9, 0.05],
  [0.7, 0.2, 0.1],
  [0.3, 0.4, 0.3],
].flat();
const predictions = { probabilities, labels, classCount: 3 };

/** Confident learning as its definition reads, over lists: the second formulation that the quick one is held to. */
function byDefinition(rows: readonly (readonly number[])[], given: readonly number[], classCount: number) {
  const classes = Array.from({ length: classCount }, (_value, one) => one);
  const thresholds = classes.map((one) => {
    const own = rows.filter((_row, image) => given[image] === one).map((row) => row[one]!);
    return own.length === 0 ? Infinity : own.reduce((sum, value) => sum + value, 0) / own.length;
  });
  const joint = classes.map(() => classes.map(() => 0));
  rows.forEach((row, image) => {
    const reached = classes.filter((one) => row[one]! >= thresholds[one]!);
    const [taken] = reached.sort((a, b) => row[b]! - row[a]! || a - b);
    if (taken !== undefined) joint[given[image]!]![taken]! += 1;
  });
  return { thresholds, joint };
}

describe('confident learning', () => {
  it('asks of each class what its own images reach on average, and of one without images the impossible', () => {
    const thresholds = classThresholds({ ...predictions, classCount: 3 });
    expect(thresholds[0]).toBeCloseTo(0.5, 12);
    expect(thresholds[1]).toBeCloseTo(0.55, 12);
    expect(thresholds[2]).toBeCloseTo(0.3, 12);
    expect(classThresholds({ probabilities: [0.5, 0.5], labels: [1], classCount: 2 })[0]).toBe(Infinity);
  });

  it('counts by given label and class confidently taken for', () => {
    expect([...confidentClasses(predictions)]).toEqual([0, 0, 1, 1, 0, 2]);
    expect([...confidentJoint(predictions)]).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 1]);
    const unsure = { probabilities: [0.9, 0.1, 0.4, 0.6, 0.45, 0.55], labels: [0, 1, 1], classCount: 2 };
    expect(confidentClasses(unsure)[2]).toBe(noConfidentClass);
  });

  it('estimates how many labels are wrong: a third of three, half of two, none of one', () => {
    expect(estimateLabelIssues(predictions)).toBeCloseTo(1 + 1, 12);
  });

  it('agrees with the definition for any probabilities', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((classCount) =>
          fc.record({
            classCount: fc.constant(classCount),
            images: fc.array(
              fc.record({
                label: fc.nat({ max: classCount - 1 }),
                row: fc.array(fc.nat({ max: 255 }), { minLength: classCount, maxLength: classCount }),
              }),
              { maxLength: 40 },
            ),
          }),
        ),
        ({ classCount, images }) => {
          const given = images.map(({ label }) => label);
          const rows = images.map(({ row }) => row);
          const all = { probabilities: rows.flat(), labels: given, classCount };
          const expected = byDefinition(rows, given, classCount);
          expect([...classThresholds(all)]).toEqual(expected.thresholds);
          expect([...confidentJoint(all)]).toEqual(expected.joint.flat());
          const { positions, isConfident } = findLabelIssues(all);
          const marked = isConfident.filter((one) => one === 1).length;
          expect(marked).toBeLessThanOrEqual(
            expected.joint
              .flatMap((row, label) => row.filter((_count, one) => one !== label))
              .reduce((a, b) => a + b, 0),
          );
          const own = [...positions].map((image) => rows[image]![given[image]!]!);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('findLabelIssues', () => {
  it('lists what is taken for another class, the least likely label first, with the class it is taken for', () => {
    const { positions, suggested, isConfident } = findLabelIssues(predictions);
    expect([...positions]).toEqual([2, 4, 5]);
    expect([...suggested]).toEqual([1, 0, 1]);
    expect([...isConfident]).toEqual([1, 1, 0]);
  });

  it('puts the surer suggestion first where the labels are equally unlikely', () => {
    const tied = { probabilities: [0.1, 0.6, 0.3, 0.1, 0.8, 0.1], labels: [0, 0], classCount: 3 };
    expect([...findLabelIssues(tied).positions]).toEqual([1, 0]);
  });

  it('finds nothing where every label is the likeliest class, or there is no image', () => {
    expect(findLabelIssues({ probabilities: [0.9, 0.1], labels: [0], classCount: 2 }).positions).toHaveLength(
      0,
    );
    expect(findLabelIssues({ probabilities: [], labels: [], classCount: 2 }).positions).toHaveLength(0);
  });
});
