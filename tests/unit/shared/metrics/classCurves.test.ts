import { describe, expect, it } from 'vitest';
import { classCurves } from '../../../../src-shared/metrics/classCurves.ts';
import { classificationReport, confusionMatrix } from '../../../../src-shared/metrics/confusion.ts';
import { Random } from '../../../../src-shared/random.ts';

const [epochs, images, classCount] = [5, 200, 4];

describe('the curves of the classes', () => {
  it('are the numbers of the report after each epoch, for classes that are never right or never there too', () => {
    const random = Random.fromSeed(5, 'class-curves');
    // Class 3 never occurs; the predictions of the first epoch are all of one class.
    const labels = Uint8Array.from({ length: images }, () => Math.floor(random.uniform() * 3));
    const predicted = Uint8Array.from({ length: epochs * images }, (_value, place) =>
      place < images ? 1 : Math.floor(random.uniform() * classCount),
    );
    const curves = classCurves(predicted, labels, classCount);
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const ofEpoch = predicted.subarray(epoch * images, (epoch + 1) * images);
      const { classes } = classificationReport(confusionMatrix(labels, ofEpoch, classCount));
      const rowOf = (values: Float64Array): number[] => [
        ...values.subarray(epoch * classCount, (epoch + 1) * classCount),
      ];
      expect(rowOf(curves.recall)).toEqual(classes.map(({ recall }) => recall));
      expect(rowOf(curves.precision)).toEqual(classes.map(({ precision }) => precision));
      expect(rowOf(curves.f1)).toEqual(classes.map(({ f1 }) => f1));
    }
  });

  it('are empty without an epoch or an image', () => {
    expect(classCurves([], [0, 1], 2).recall).toHaveLength(0);
    expect(classCurves([], [], 2).f1).toHaveLength(0);
  });
});
