// Part of the benchmark: how many wrong labels are found. Labels of Fashion-MNIST's training images are exchanged at random,
// the default recipe of a cross-validation is trained on them fold by fold, and its predictions go the way that they go in
// Weft: as bytes, through the same functions. Prints one JSON object a fold, then what was found. Arguments: the folder of
// the dataset, how many labels are exchanged, seed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { splitValidation } from '../../src-main/datasets/split.ts';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';
import { certainty } from '../../src-main/runs/predictionLog.ts';
import { defaultFoldRecipe, defaultFolds, withFold } from '../../src-shared/foldRuns.ts';
import { estimateLabelIssues, findLabelIssues } from '../../src-shared/metrics/labelIssues.ts';
import { Random } from '../../src-shared/random.ts';

const [folder = '', ...numbers] = process.argv.slice(2);
const [flips = 500, seed = 1] = numbers.map(Number);
const classCount = 10;
/** How far a person may look down the list. */
const looked = 1000;

const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(folder, name)));
const { pixels, height, width } = decodeIdxImages(read('train-images-idx3-ubyte.gz'), 'train images');
const labels = decodeIdxLabels(read('train-labels-idx1-ubyte.gz'), 'train labels', classCount).slice();

const random = Random.fromSeed(seed, 'label-issues');
const order = Uint32Array.from(labels.keys());
random.shuffle(order);
const flipped = new Set(order.subarray(0, flips));
for (const image of flipped) labels[image] = (labels[image]! + 1 + random.below(classCount - 1)) % classCount;

const probabilities = new Uint8Array(labels.length * classCount);
for (let fold = 1; fold <= defaultFolds; fold += 1) {
  const start = performance.now();
  const recipe = withFold(defaultFoldRecipe, defaultFolds, fold);
  const { trainIndices, validationIndices } = splitValidation(labels, 0, recipe.validation, recipe.seed);
  const images = { pixels, labels };
  const trainer = await createTrainer({
    ...{ recipe, classCount, trainIndices, validationIndices },
    shape: { height, width, channels: 1 },
    train: images,
    validation: images,
    threads: 0,
    workerProgram: new URL('./worker.js', import.meta.url),
  });
  for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
    do trainer.train(25);
    while (!trainer.isEpochDone);
  }
  const result = trainer.validate();
  validationIndices.forEach((image, place) => {
    for (let one = 0; one < classCount; one += 1) {
      const probability = result.probabilities[place * classCount + one]!;
      probabilities[image * classCount + one] = Math.round(probability * certainty);
    }
  });
  await trainer.close();
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`${JSON.stringify({ fold, accuracy: result.accuracy, seconds })}\n`);
}

const predictions = { probabilities, labels, classCount };
const { positions, isConfident } = findLabelIssues(predictions);
const countFlipped = (images: Uint32Array): number =>
  images.reduce((count, image) => count + (flipped.has(image) ? 1 : 0), 0);
process.stdout.write(
  `${JSON.stringify({
    looked,
    listed: positions.length,
    found: countFlipped(positions.subarray(0, looked)),
    confident: countFlipped(positions.filter((_image, place) => isConfident[place] === 1)),
    estimated: estimateLabelIssues(predictions),
  })}\n`,
);
