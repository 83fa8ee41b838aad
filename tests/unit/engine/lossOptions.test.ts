// Smoothed labels, weighted classes and mixed images: the loss as its formula says, its gradient as the loss says.
import { describe, expect, it } from 'vitest';
import { balancedClassWeights } from '../../../src-main/engine/losses/classWeights.ts';
import type { TrainingSpecification } from '../../../src-main/engine/trainingSpecification.ts';
import { Random } from '../../../src-shared/random.ts';
import {
  bandedImages,
  createBareNetwork,
  fillMatrix,
  smallClassCount,
  smallShape,
  type BareNetwork,
} from './samples.ts';

const rows = 7;
const inputs = smallShape.height * smallShape.width;
const batch = { rows, first: 0, startsSum: true, scale: 1 / rows, noise: 0 };
const images = bandedImages(rows, 5);
const classWeights = Float64Array.of(0.4, 1.1, 2.3);
/** Half the distance of a central difference: its error is of the order of its square, 1e-10. */
const difference = 1e-5;
/** Rounding of the loss, some 1e-15, over twice that distance, with room for the error of the difference. */
const tolerance = 1e-8;

interface LossOptions {
  smoothing: number;
  isWeighted: boolean;
  /** The share of the other image in each. */
  share: number;
}

function networkOf({ smoothing, isWeighted, share }: LossOptions): BareNetwork {
  const options: Partial<TrainingSpecification> = {
    labelSmoothing: smoothing,
    classWeights: isWeighted ? 'balanced' : 'none',
    mixup: share > 0 ? 1 : 0,
  };
  const network = createBareNetwork({ layers: [], rows, imageCount: rows, precision: 'float64', options });
  network.training.images.data.set(images.pixels);
  network.training.labels.data.set(images.labels);
  network.training.classWeights?.data.set(classWeights);
  network.training.partnerShare?.data.set([share]);
  const random = Random.fromSeed(3, 'loss options');
  for (const { values } of network.plan.parameters) fillMatrix(values, random, -0.6, 0.6);
  return network;
}

/** The loss of each row and whether it is right, from the definition: no kernel and no layer of the engine's. */
function expectedRows(network: BareNetwork, { smoothing, isWeighted, share }: LossOptions): number[][] {
  const [weight, bias] = network.plan.parameters.map(({ values }) => values);
  return Array.from(images.labels, (label, row) => {
    const next = (row + 1) % rows;
    const pixelsOf = (image: number): Uint8Array =>
      images.pixels.subarray(image * inputs, (image + 1) * inputs);
    const mixed = Array.from(pixelsOf(row), (pixel, index) => {
      return ((1 - share) * pixel + share * pixelsOf(next)[index]!) / 255;
    });
    const logits = Array.from({ length: smallClassCount }, (_one, unit) =>
      mixed.reduce((sum, value, index) => sum + value * weight!.get(index, unit), bias!.get(0, unit)),
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const lossFor = (wanted: number): number =>
      logits.reduce((sum, logit, one) => {
        const target = (1 - smoothing) * (one === wanted ? 1 : 0) + smoothing / smallClassCount;
        return sum - target * Math.log(Math.exp(logit) / total);
      }, 0) * (isWeighted ? classWeights[wanted]! : 1);
    const loss = (1 - share) * lossFor(label) + share * lossFor(images.labels[next]!);
    const wanted = share > 0.5 ? images.labels[next]! : label;
    return [loss, logits.indexOf(Math.max(...logits)) === wanted ? 1 : 0];
  });
}

const cases: LossOptions[] = [0, 0.2].flatMap((smoothing) =>
  [false, true].flatMap((isWeighted) => [0, 0.3, 0.8].map((share) => ({ smoothing, isWeighted, share }))),
);

describe.each(cases)(
  'with smoothing $smoothing, weights $isWeighted, share of the next $share',
  (options) => {
    it('the loss and what counts as right follow the definition', () => {
      const network = networkOf(options);
      network.run(batch, 'propagate');
      expectedRows(network, options).forEach(([loss, hit], row) => {
        expect(network.training.losses.data[row]).toBeCloseTo(loss!, 12);
        expect(network.training.hits.data[row]).toBe(hit);
      });
    });

    it('the gradients are those of the loss', () => {
      const network = networkOf(options);
      const meanLoss = (): number => {
        network.run(batch, 'propagate', 'gradients');
        return Array.from(network.training.losses.data).reduce((sum, loss) => sum + loss, 0) / rows;
      };
      for (const { values, gradient, tensorName } of network.plan.parameters) {
        for (let row = 0; row < values.rows; row += 1) {
          for (let column = 0; column < values.columns; column += 1) {
            const value = values.get(row, column);
            values.set(row, column, value + difference);
            const above = meanLoss();
            values.set(row, column, value - difference);
            const below = meanLoss();
            values.set(row, column, value);
            meanLoss();
            const expected = (above - below) / (2 * difference);
            const error = Math.abs(gradient!.get(row, column) - expected);
            expect(error, `${tensorName}[${row}, ${column}]`).toBeLessThan(tolerance);
          }
        }
      }
    });
  },
);

describe('balanced class weights', () => {
  it("are scikit-learn's: images / (classes * images of the class)", () => {
    // compute_class_weight('balanced', classes=[0, 1, 2], y=[0, 0, 0, 1, 2, 2])
    const weights = balancedClassWeights(Uint8Array.of(0, 2, 0, 1, 0, 2), 3);
    [6 / 9, 2, 1].forEach((expected, one) => expect(weights[one]).toBeCloseTo(expected, 12));
  });

  it('count the mean image as 1 even where a class has none', () => {
    const labels = Uint8Array.of(0, 0, 0, 3, 3, 1);
    const weights = balancedClassWeights(labels, 5);
    expect(labels.reduce((sum, label) => sum + weights[label]!, 0) / labels.length).toBeCloseTo(1, 12);
    expect([...weights].map((weight) => weight > 0)).toEqual([true, true, false, true, false]);
  });
});
