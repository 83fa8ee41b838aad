// TensorFlow.js's side of the benchmark: the same network, batch, optimizer and images on its CPU or WebAssembly
// backend, in Node. Arguments: the folder of the dataset, batch size, epochs, the folder where TensorFlow.js is
// installed, "cpu" or "wasm", steps. Prints one JSON object per epoch; with steps other than 0, one for that many timed
// steps after a warm-up, in the seconds that an epoch of such steps takes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const [folder, batchText, epochsText, packages, backend, stepsText] = process.argv.slice(2);
const [batch, epochs, timedSteps] = [batchText, epochsText, stepsText].map(Number);
const warmUpSteps = 30;
const classCount = 10;

const require = createRequire(join(packages, 'package.json'));
const tf = require('@tensorflow/tfjs');
if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
if (!(await tf.setBackend(backend)))
  throw new Error(`The ${backend} backend of TensorFlow.js doesn't start.`);
await tf.ready();

/** Float32 images (count, 784) from 0 to 1, row by row, and their labels. */
function load(part) {
  const unzip = (name) => gunzipSync(readFileSync(join(folder, `${part}-${name}-ubyte.gz`)));
  const pixels = unzip('images-idx3').subarray(16);
  const images = new Float32Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) images[index] = pixels[index] / 255;
  return { images, labels: Int32Array.from(unzip('labels-idx1').subarray(8)) };
}

const train = load('train');
const count = train.labels.length;
const layers = [
  [784, 128],
  [128, 64],
  [64, classCount],
].map(([inputs, outputs], index) => {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return {
    weights: tf.variable(tf.randomUniform([inputs, outputs], -limit, limit, 'float32', index + 1)),
    biases: tf.variable(tf.zeros([outputs])),
  };
});
const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);

/** The logits (batch, 10) of images (batch, 784). */
const predict = (images) =>
  layers.reduce((values, { weights, biases }, index) => {
    const sums = tf.add(tf.matMul(values, weights), biases);
    return index < layers.length - 1 ? tf.relu(sums) : sums;
  }, images);

/** The rows of the images with these numbers, as a tensor; tf.gather on all images takes longer. */
function rowsOf(images, chosen) {
  const rows = new Float32Array(chosen.length * 784);
  chosen.forEach((image, row) => rows.set(images.subarray(image * 784, (image + 1) * 784), row * 784));
  return tf.tensor2d(rows, [chosen.length, 784]);
}

/** Trains on the images with these numbers and returns their mean loss. */
const trainOn = (chosen) =>
  tf.tidy(() => {
    const images = rowsOf(train.images, chosen);
    const labels = tf.tensor1d(
      chosen.map((image) => train.labels[image]),
      'int32',
    );
    const targets = tf.oneHot(labels, classCount);
    const cost = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(targets, predict(images)), true);
    return cost.dataSync()[0];
  });

function* shuffledBatches() {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  tf.util.shuffle(order);
  for (let first = 0; first < count; first += batch) yield order.subarray(first, first + batch);
}

const accuracyOnTestSet = () =>
  tf.tidy(() => {
    const { images, labels } = load('t10k');
    const guesses = tf.argMax(predict(tf.tensor2d(images, [labels.length, 784])), 1).dataSync();
    return labels.filter((label, image) => label === guesses[image]).length / labels.length;
  });

const secondsSince = (start) => (performance.now() - start) / 1000;
const report = (values) => process.stdout.write(`${JSON.stringify(values)}\n`);
const residentBytes = () => process.resourceUsage().maxRSS * 1024;

if (timedSteps > 0) {
  function* endlessBatches() {
    for (;;) yield* shuffledBatches();
  }
  const batches = endlessBatches();
  for (let step = 0; step < warmUpSteps; step += 1) trainOn(batches.next().value);
  const start = performance.now();
  for (let step = 0; step < timedSteps; step += 1) trainOn(batches.next().value);
  const seconds = (secondsSince(start) * count) / (batch * timedSteps);
  report({ seconds, steps: timedSteps, residentBytes: residentBytes() });
} else {
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const start = performance.now();
    let lossSum = 0;
    for (const chosen of shuffledBatches()) lossSum += trainOn(chosen);
    const seconds = secondsSince(start);
    const loss = lossSum / Math.ceil(count / batch);
    const last =
      epoch === epochs ? { testAccuracy: accuracyOnTestSet(), residentBytes: residentBytes() } : {};
    report({ epoch, seconds, loss, ...last });
  }
}
