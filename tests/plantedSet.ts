// A small set of images with known faults, as IDX files to import: each class has a bright stripe of its own in noise. What
// is planted is drawn by a seed and told, so that tests can count what was found.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeIdxImages, encodeIdxLabels } from '../src-main/formats/idx.ts';
import { Random } from '../src-shared/random.ts';

const side = 12;
const classCount = 3;
const trainCount = 1200;
const testCount = 120;

export const plantedSet = {
  trainCount,
  testCount,
  classes: ['low', 'middle', 'high'],
  /** Training images whose label was exchanged, with the label that they had. */
  flipped: [
    { index: 100, label: 1 },
    { index: 350, label: 2 },
    { index: 600, label: 0 },
    { index: 801, label: 0 },
    { index: 1000, label: 1 },
  ],
  /** Pairs of training images that are equal; those of the last one have two labels. */
  identical: [
    [10, 40],
    [11, 41],
    [600, 900],
  ],
  /** A training image and the test image that is equal to it. */
  leak: [20, 50],
} as const;

/** Writes the set's four files into the folder. */
export async function writePlantedSet(folder: string): Promise<void> {
  const random = Random.fromSeed(1, 'planted-set');
  const draw = (count: number) => {
    const labels = Uint8Array.from({ length: count }, (_value, image) => image % classCount);
    const pixels = Uint8Array.from({ length: count * side * side }, (_value, place) => {
      const image = Math.floor(place / (side * side));
      const row = Math.floor((place % (side * side)) / side);
      const isStripe = Math.floor(row / (side / classCount)) === labels[image];
      return random.below(100) + (isStripe ? 120 : 0);
    });
    return { labels, pixels };
  };
  const [train, test] = [draw(trainCount), draw(testCount)];
  const imageAt = (pixels: Uint8Array, index: number): Uint8Array =>
    pixels.subarray(index * side * side, (index + 1) * side * side);
  for (const [first, second] of plantedSet.identical) {
    imageAt(train.pixels, second).set(imageAt(train.pixels, first));
  }
  const [leaked, seen] = plantedSet.leak;
  imageAt(test.pixels, seen).set(imageAt(train.pixels, leaked));
  for (const { index } of plantedSet.flipped) train.labels[index] = (train.labels[index]! + 1) % classCount;
  await mkdir(folder, { recursive: true });
  const shape = { height: side, width: side };
  const files = [
    ['train-images-idx3-ubyte', encodeIdxImages({ ...shape, count: trainCount, pixels: train.pixels })],
    ['train-labels-idx1-ubyte', encodeIdxLabels(train.labels)],
    ['t10k-images-idx3-ubyte', encodeIdxImages({ ...shape, count: testCount, pixels: test.pixels })],
    ['t10k-labels-idx1-ubyte', encodeIdxLabels(test.labels)],
  ] as const;
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}
