// The benchmark's look at augmentation: how much of the speed without it is left with it, for ready recipes. Trainers take
// their steps in turns, so that whatever else the machine does meets all of them. One JSON object a line. The argument is
// the number of threads.
import { performance } from 'node:perf_hooks';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import type { LabelledImages, Trainer } from '../../src-main/engine/types.ts';
import { presets } from '../../src-shared/presets.ts';
import { Random } from '../../src-shared/random.ts';
import { noAugmentation, type Augmentation } from '../../src-shared/schemas/recipe.ts';

const threads = Number(process.argv[2] ?? 1);
const shape = { height: 28, width: 28, channels: 1 };
const classCount = 10;
/** More than any cache holds, as in training. */
const imageCount = 20_000;

/** Steps of a turn: some milliseconds of each network. Turns are compared one by one, the first ones left out. */
const networks = [
  { preset: 'keras-split', steps: 100, turns: 60, warmUpTurns: 15 },
  { preset: 'cnn', steps: 1, turns: 12, warmUpTurns: 3 },
];
const moving: Augmentation = { ...noAugmentation, horizontalFlip: true, translation: 2 };
const turning: Augmentation = { ...moving, rotation: 10, scale: 0.1, shear: 5 };
const everything: Augmentation = { ...turning, elastic: 2, noise: 0.05, erasing: 0.5 };
const variants = [
  { changes: 'none', augmentation: noAugmentation },
  { changes: 'flips', augmentation: { ...noAugmentation, horizontalFlip: true } },
  { changes: 'flips and translation', augmentation: moving },
  { changes: 'and rotation, scale, shear', augmentation: turning },
  { changes: 'and elastic, noise, erasing: everything', augmentation: everything },
];

function randomImages(): LabelledImages {
  const random = Random.fromSeed(1, 'benchmark');
  const pixels = new Uint8Array(imageCount * shape.height * shape.width);
  const words = new Uint32Array(pixels.buffer);
  words.forEach((_word, index) => (words[index] = random.uint32()));
  return { pixels, labels: Uint8Array.from({ length: imageCount }, (_label, image) => image % classCount) };
}

const images = randomImages();
const indices = Uint32Array.from({ length: imageCount }, (_index, image) => image);

async function trainerOf(preset: string, augmentation: Augmentation): Promise<Trainer> {
  const recipe = presets.find(({ id }) => id === preset)?.recipe;
  if (recipe === undefined) throw new Error(`There is no preset "${preset}".`);
  return createTrainer({
    recipe: { ...recipe, augmentation },
    shape,
    classCount,
    train: images,
    trainIndices: indices,
    validation: images,
    validationIndices: indices.subarray(0, 1),
    threads,
    workerProgram: new URL('./worker.js', import.meta.url),
  });
}

function secondsOf(trainer: Trainer, steps: number): number {
  const start = performance.now();
  for (const end = trainer.step + steps; trainer.step < end;) trainer.train(25, end - trainer.step);
  return (performance.now() - start) / 1000;
}

const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

for (const { preset, steps, turns, warmUpTurns } of networks) {
  const trainers = await Promise.all(variants.map(({ augmentation }) => trainerOf(preset, augmentation)));
  const seconds = Array.from({ length: turns }, () =>
    trainers.map((trainer) => secondsOf(trainer, steps)),
  ).slice(warmUpTurns);
  variants.forEach(({ changes }, variant) => {
    const shares = seconds.map((turn) => (turn[0] ?? NaN) / (turn[variant] ?? NaN));
    const { kernels, threads: used } = trainers[variant]!;
    const stepMs = (1000 * median(seconds.map((turn) => turn[variant] ?? NaN))) / steps;
    process.stdout.write(
      `${JSON.stringify({ preset, changes, share: median(shares), stepMs, kernels, threads: used })}\n`,
    );
  });
  await Promise.all(trainers.map((trainer) => trainer.close()));
}
