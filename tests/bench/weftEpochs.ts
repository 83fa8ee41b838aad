// The benchmark's own program: trains on Fashion-MNIST and prints the seconds of each epoch, one JSON object a line.
// Arguments: the folder of the dataset, batch size, epochs, threads, network (`dense`: 784-128-64-10; `cnn`), steps (0:
// whole epochs; else that many are timed after some to warm up, and scaled to an epoch). The last line also has the
// accuracy on the test images and the resident memory at its largest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import type { LabelledImages, Trainer } from '../../src-main/engine/types.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';
import { defaultPreset } from '../../src-shared/presets.ts';
import type { Component } from '../../src-shared/schemas/component.ts';

const [folder = '', ...rest] = process.argv.slice(2);
const [batchSize = 64, epochs = 1, threads = 1] = rest.slice(0, 3).map(Number);
const [network = 'dense', steps = '0'] = rest.slice(3);
const warmUpSteps = 30;

const networks: Record<string, Component[]> = {
  dense: defaultPreset.recipe.layers,
  cnn: [
    { type: 'convolution', filters: 32, kernel: 3, padding: 1, activation: 'relu' },
    { type: 'max-pooling', size: 2, stride: 2 },
    { type: 'convolution', filters: 64, kernel: 3, padding: 1, activation: 'relu' },
    { type: 'max-pooling', size: 2, stride: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 128, activation: 'relu' },
  ],
};

const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(folder, name)));
function readImages(part: 'train' | 't10k'): LabelledImages & { height: number; width: number } {
  const { pixels, height, width } = decodeIdxImages(read(`${part}-images-idx3-ubyte.gz`), `${part} images`);
  const labels = decodeIdxLabels(read(`${part}-labels-idx1-ubyte.gz`), `${part} labels`, 10);
  return { pixels, labels, height, width };
}
const indicesOf = ({ labels }: LabelledImages): Uint32Array =>
  Uint32Array.from(labels, (_label, index) => index);

function trainEpoch(trainer: Trainer): { seconds: number; loss: number } {
  const start = performance.now();
  let lossSum = 0;
  do {
    for (const { loss } of trainer.train(25)) lossSum += loss;
  } while (!trainer.isEpochDone);
  return { seconds: (performance.now() - start) / 1000, loss: lossSum / trainer.batchesPerEpoch };
}

function trainSteps(trainer: Trainer, count: number): void {
  for (const end = trainer.step + count; trainer.step < end;) trainer.train(25, end - trainer.step);
}

const print = (line: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const [train, test] = [readImages('train'), readImages('t10k')];
const trainer = await createTrainer({
  recipe: { ...defaultPreset.recipe, layers: networks[network] ?? [], batchSize },
  shape: { height: train.height, width: train.width, channels: 1 },
  classCount: 10,
  train,
  trainIndices: indicesOf(train),
  validation: test,
  validationIndices: indicesOf(test),
  threads,
  workerProgram: new URL('./worker.js', import.meta.url),
});
const engine = { kernels: trainer.kernels, threads: trainer.threads };
if (Number(steps) > 0) {
  trainSteps(trainer, warmUpSteps);
  const start = performance.now();
  trainSteps(trainer, Number(steps));
  const seconds = (performance.now() - start) / 1000;
  const scale = train.labels.length / (Number(steps) * batchSize);
  const residentBytes = process.resourceUsage().maxRSS * 1024;
  print({ seconds: seconds * scale, steps: Number(steps), ...engine, residentBytes });
} else {
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const line = { epoch, ...trainEpoch(trainer), ...engine };
    if (epoch < epochs) {
      print(line);
    } else {
      const residentBytes = process.resourceUsage().maxRSS * 1024;
      print({ ...line, residentBytes, testAccuracy: trainer.validate().accuracy });
    }
  }
}
