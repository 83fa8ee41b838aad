import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOfContent } from '../../../src-main/datasets/idxSet.ts';
import { generateStrokes } from '../../../src-main/datasets/strokes/generate.ts';
import type { DatasetContent, DatasetImages } from '../../../src-main/datasets/types.ts';
import { Random } from '../../../src-shared/random.ts';

const classCount = 10;
const values = 28 * 28;

/** Softmax regression by mini-batch gradient descent; returns the accuracy on the test images. */
function linearAccuracy(train: DatasetImages, test: DatasetImages, epochs: number): number {
  const weights = new Float64Array(classCount * values);
  const biases = new Float64Array(classCount);
  const learningRate = 0.2;
  const batchSize = 32;
  const random = Random.fromSeed(1, 'linear');
  const probabilities = new Float64Array(classCount);
  const predict = ({ pixels }: DatasetImages, image: number): void => {
    for (let one = 0; one < classCount; one += 1) {
      let sum = biases[one]!;
      for (let value = 0; value < values; value += 1) {
        sum += (weights[one * values + value]! * pixels[image * values + value]!) / 255;
      }
      probabilities[one] = sum;
    }
    const largest = Math.max(...probabilities);
    probabilities.forEach((logit, one) => (probabilities[one] = Math.exp(logit - largest)));
    const total = probabilities.reduce((sum, value) => sum + value, 0);
    probabilities.forEach((value, one) => (probabilities[one] = value / total));
  };
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const order = Uint32Array.from(train.labels, (_, index) => index);
    random.shuffle(order);
    for (let start = 0; start < order.length; start += batchSize) {
      const dWeights = new Float64Array(weights.length);
      for (const image of order.subarray(start, start + batchSize)) {
        predict(train, image);
        for (let one = 0; one < classCount; one += 1) {
          const error =
            (probabilities[one]! - (train.labels[image] === one ? 1 : 0)) * (learningRate / batchSize);
          biases[one] = biases[one]! - error;
          for (let value = 0; value < values; value += 1) {
            const index = one * values + value;
            dWeights[index] = dWeights[index]! + (error * train.pixels[image * values + value]!) / 255;
          }
        }
      }
      dWeights.forEach((change, index) => (weights[index] = weights[index]! - change));
    }
  }
  let correct = 0;
  test.labels.forEach((label, image) => {
    predict(test, image);
    if (probabilities.indexOf(Math.max(...probabilities)) === label) correct += 1;
  });
  return correct / test.labels.length;
}

describe('Strokes', () => {
  let strokes: DatasetContent;
  beforeAll(async () => {
    strokes = await generateStrokes();
  });

  it('has 12,000 training and 2,000 test images of 28 x 28, as many of each class', () => {
    expect(strokes.shape).toEqual({ height: 28, width: 28, channels: 1 });
    for (const [split, each] of [
      [strokes.train, 1200],
      [strokes.test, 200],
    ] as const) {
      expect(split.pixels.length).toBe(each * classCount * values);
      for (let one = 0; one < classCount; one += 1) {
        expect(split.labels.filter((label) => label === one).length).toBe(each);
      }
    }
  });

  it('is the same set for everyone: its fingerprint never changes', async () => {
    expect(await fingerprintOfContent(strokes)).toBe(
      'e36d78620e438b26d3cb3867f9da5c96d1fa5a1388b81dc69be0fd7f25244ef2',
    );
  });

  it('is the same for the same seed and another for another', async () => {
    const size = { trainCount: 50, testCount: 20 };
    expect(await generateStrokes(5, size)).toEqual(await generateStrokes(5, size));
    expect(await generateStrokes(5, size)).not.toEqual(await generateStrokes(6, size));
  });

  it('holds no image twice, so that no test image can be learnt by heart', () => {
    const seen = new Set<string>();
    for (const { pixels, labels } of [strokes.train, strokes.test]) {
      labels.forEach((_, image) =>
        seen.add(Buffer.from(pixels.subarray(image * values, (image + 1) * values)).toString('latin1')),
      );
    }
    expect(seen.size).toBe(14_000);
  });

  it('draws every digit bright, dark around, and inside the image', () => {
    const { pixels, labels } = strokes.train;
    for (let image = 0; image < labels.length; image += 1) {
      const one = pixels.subarray(image * values, (image + 1) * values);
      const inked = one.filter((value) => value > 127).length;
      expect(Math.max(...one), `image ${image}`).toBeGreaterThan(180);
      expect(inked, `image ${image}`).toBeGreaterThan(12);
      expect(inked, `image ${image}`).toBeLessThan(values / 2);
    }
  });

  it('is neither trivial nor noise: a linear softmax model gets 70 % to 97 % of the test images right', () => {
    const accuracy = linearAccuracy(strokes.train, strokes.test, 4);
    expect(accuracy).toBeGreaterThan(0.7);
    expect(accuracy).toBeLessThan(0.97);
  });
});
