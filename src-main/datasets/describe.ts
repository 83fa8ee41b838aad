// What the Data screen shows of a set besides its images: labels, balance, the mean image of each class.
import { setImmediate as breathe } from 'node:timers/promises';
import type { DatasetDetails } from '../../src-shared/schemas/dataset.ts';
import type { Dataset } from './types.ts';

/** Images summed before the event loop gets its turn: about two milliseconds. */
const imagesPerSlice = 2000;

function countLabels(labels: Uint8Array, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return counts;
}

/** The mean training image of each class, `(classes, height, width, channels)`; black for a class without images. */
async function classMeans(dataset: Dataset, counts: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const { pixels, labels } = dataset.train;
  const { height, width, channels } = dataset.shape;
  const values = height * width * channels;
  const sums = new Float64Array(counts.length * values);
  for (let image = 0; image < labels.length; image += 1) {
    const sumStart = labels[image]! * values;
    const pixelStart = image * values;
    for (let index = 0; index < values; index += 1) {
      sums[sumStart + index] = sums[sumStart + index]! + pixels[pixelStart + index]!;
    }
    if (image % imagesPerSlice === imagesPerSlice - 1) await breathe();
  }
  return Uint8Array.from(sums, (sum, index) =>
    Math.round(sum / Math.max(counts[Math.floor(index / values)]!, 1)),
  );
}

export async function describeDataset(dataset: Dataset): Promise<DatasetDetails> {
  const trainCounts = countLabels(dataset.train.labels, dataset.classes.length);
  return {
    id: dataset.id,
    trainCounts,
    testCounts: countLabels(dataset.test.labels, dataset.classes.length),
    trainLabels: dataset.train.labels.slice(),
    testLabels: dataset.test.labels.slice(),
    classMeans: await classMeans(dataset, trainCounts),
  };
}
