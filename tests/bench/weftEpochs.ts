// The benchmark's own program: trains 784-128-64-10 with Adam on Fashion-MNIST and prints the seconds of each epoch.
// Arguments: the folder of the dataset, batch size, epochs, threads. One JSON object a line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';
import { defaultPreset } from '../../src-shared/presets.ts';

const [folder = '', batchSize = 64, epochs = 1, threads = 1] = process.argv
  .slice(2)
  .map((argument, index) => (index === 0 ? argument : Number(argument)));
const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(String(folder), name)));
const images = decodeIdxImages(read('train-images-idx3-ubyte.gz'), 'train images');
const labels = decodeIdxLabels(read('train-labels-idx1-ubyte.gz'), 'train labels', 10);
const train = { pixels: images.pixels, labels };

const trainer = await createTrainer({
  recipe: { ...defaultPreset.recipe, batchSize: Number(batchSize) },
  shape: { height: images.height, width: images.width, channels: 1 },
  classCount: 10,
  train,
  trainIndices: Uint32Array.from(labels, (_label, index) => index),
  validation: train,
  validationIndices: new Uint32Array(0),
  threads: Number(threads),
  workerProgram: new URL('./worker.js', import.meta.url),
});
for (let epoch = 1; epoch <= Number(epochs); epoch += 1) {
  const start = performance.now();
  let lossSum = 0;
  do {
    for (const { loss } of trainer.train(100)) lossSum += loss;
  } while (!trainer.isEpochDone);
  const seconds = (performance.now() - start) / 1000;
  const loss = lossSum / trainer.batchesPerEpoch;
  process.stdout.write(
    `${JSON.stringify({ epoch, seconds, loss, kernels: trainer.kernels, threads: trainer.threads })}\n`,
  );
}
