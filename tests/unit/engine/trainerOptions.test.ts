// A trainer with everything that a recipe can ask of a step: what it validates and keeps, and that its bits depend on the
// recipe alone.
import { describe, expect, it } from 'vitest';
import { rowsOfPass } from '../../../src-main/engine/microBatch.ts';
import { drawShare } from '../../../src-main/engine/mixup.ts';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import { readTensors, writeTensors } from '../../../src-main/engine/tensors.ts';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import type { NamedTensor, SplitResult, StepReport, Trainer } from '../../../src-main/engine/types.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import {
  createBareNetwork,
  everyOption,
  smallClassCount,
  smallShape,
  smallTrainerOptions,
} from './samples.ts';

const layers = [
  { type: 'dense', units: 24, activation: 'silu' },
  { type: 'dropout', rate: 0.3 },
  { type: 'dense', units: 17, activation: 'relu' },
];
const epochs = 3;

interface Outcome {
  reports: StepReport[];
  validations: SplitResult[];
  tensors: NamedTensor[];
}

/** Trains all epochs, `train` doing it once or in parts. */
async function outcomeOf(
  changes: Partial<Recipe>,
  images: number,
  train: (trainer: Trainer) => StepReport[],
  validatesInSlices = false,
): Promise<Outcome> {
  const trainer = await createTrainer(smallTrainerOptions({ layers, ...changes }, images));
  const reports: StepReport[] = [];
  const validations: SplitResult[] = [];
  while (trainer.epoch < epochs) {
    reports.push(...train(trainer));
    if (!trainer.isEpochDone) continue;
    let result = validatesInSlices ? trainer.validate(0) : trainer.validate();
    while (result === null) result = trainer.validate(0);
    validations.push(result);
  }
  return { reports, validations, tensors: trainer.tensors() };
}

const inOneGo = (trainer: Trainer): StepReport[] => trainer.train(Infinity);

describe.each([
  ['every option', everyOption, 16, 200],
  [
    'every option but the norm of all gradients',
    { ...everyOption, clipping: { norm: null, value: 0.1 } },
    16,
    200,
  ],
  ['every option and a batch of several passes', everyOption, 'full', 2100],
  ['every option and batches of one', everyOption, 1, 40],
] as const)('with %s the bits are the same', (_name, options, batchSize, images) => {
  const changes: Partial<Recipe> = { ...options, batchSize };
  const expected = outcomeOf(changes, images, inOneGo);

  it('a second time, and others for another seed', async () => {
    expect(await outcomeOf(changes, images, inOneGo)).toEqual(await expected);
    expect(await outcomeOf({ ...changes, seed: 2 }, images, inOneGo)).not.toEqual(await expected);
  });

  it('when training is paused wherever it can be', async () => {
    const paused = await outcomeOf(changes, images, (trainer) => trainer.train(0), true);
    expect(paused).toEqual(await expected);
  });

  it('when every batch is asked for', async () => {
    const stepped = await outcomeOf(changes, images, (trainer) => trainer.train(Infinity, 1));
    expect(stepped).toEqual(await expected);
  });

  it('when the weights are read and validated after every step', async () => {
    const watched = await outcomeOf(changes, images, (trainer) => {
      const reports = trainer.train(Infinity, 1);
      trainer.tensors();
      trainer.validate();
      return reports;
    });
    expect(watched).toEqual(await expected);
  });
});

describe('averaged weights', () => {
  const averaged = { ...everyOption, layers } satisfies Partial<Recipe>;

  it('are what is validated and kept', async () => {
    const options = smallTrainerOptions(averaged);
    const trainer = await createTrainer(options);
    trainer.train(Infinity);
    const { probabilities } = trainer.validate();
    const { recipe, shape, classCount, validation, validationIndices, workerProgram } = options;
    const predictor = await createPredictor({
      architecture: { shape, classCount, layers: recipe.layers },
      tensors: trainer.tensors(),
      threads: 1,
      workerProgram,
    });
    expect(predictor.predict(validation.pixels, validationIndices)).toEqual(probabilities);
  });

  it('lag behind those of the same run without averaging, whose losses are the same', async () => {
    const changes = { optimizer: { type: 'gradient-descent', learningRate: 0.2 } };
    const raw = await createTrainer(smallTrainerOptions(changes));
    const trainer = await createTrainer(smallTrainerOptions({ ...changes, weightAveraging: { decay: 0.5 } }));
    const [first] = trainer.tensors();
    const expected = Float64Array.from(first!.data);
    for (let step = 1; step <= 20; step += 1) {
      expect(trainer.train(Infinity, 1)).toEqual(raw.train(Infinity, 1));
      const kept = Math.min(0.5, (1 + step) / (10 + step));
      const trained = raw.tensors()[0]!.data;
      expected.forEach((value, index) => (expected[index] = kept * value + (1 - kept) * trained[index]!));
    }
    // Float32 rounds 20 times, weights of at most 1.
    trainer.tensors()[0]!.data.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 5));
  });

  it('are taken back as they were given', async () => {
    const trainer = await createTrainer(smallTrainerOptions(averaged));
    trainer.train(Infinity);
    const kept = trainer.tensors();
    const result = trainer.validate();
    trainer.train(Infinity);
    expect(trainer.tensors()).not.toEqual(kept);
    trainer.load(kept);
    expect(trainer.tensors()).toEqual(kept);
    expect(trainer.validate()).toEqual(result);
  });
});

it('validates with the plain loss, whatever is trained on', async () => {
  const options = smallTrainerOptions({ ...everyOption, layers });
  const trainer = await createTrainer(options);
  trainer.train(Infinity);
  const { loss, probabilities } = trainer.validate();
  const { labels } = options.validation;
  const logarithms = Array.from(labels, (label, image) =>
    Math.log(probabilities[image * smallClassCount + label]!),
  );
  // Each image's loss is rounded to float32.
  expect(loss).toBeCloseTo(-logarithms.reduce((sum, one) => sum + one, 0) / labels.length, 7);
});

it('counts an image for the more, the fewer images its class has', async () => {
  // From weights of 0, at a rate that moves nothing, a batch of one loses its class's weight times the loss of guessing.
  const options = smallTrainerOptions(
    {
      classWeights: 'balanced',
      initializer: { type: 'zeros' },
      optimizer: { type: 'gradient-descent', learningRate: 1e-7 },
      batchSize: 1,
    },
    50,
  );
  const trainer = await createTrainer(options);
  const losses = trainer.train(Infinity).map(({ loss }) => loss / Math.log(smallClassCount));
  const { labels } = options.train;
  const counts = [0, 1, 2].map((one) => labels.filter((label) => label === one).length);
  const expected = Array.from(labels, (label) => 50 / (smallClassCount * counts[label]!));
  const sorted = losses.sort((a, b) => a - b);
  expected.sort((a, b) => a - b).forEach((weight, place) => expect(sorted[place]).toBeCloseTo(weight, 4));
});

it('limits the weights into every unit after every step', async () => {
  const changes = { maxNorm: 0.5, initializer: { type: 'uniform', limit: 1 }, layers };
  const trainer = await createTrainer(smallTrainerOptions(changes));
  for (let step = 0; step < 5; step += 1) {
    trainer.train(Infinity, 1);
    for (const { name, shape, data } of trainer
      .tensors()
      .filter((tensor) => tensor.name.endsWith('weight'))) {
      const [units, inputs] = [shape[0]!, shape[1]!];
      const norms = Array.from({ length: units }, (_one, unit) =>
        Math.hypot(...data.subarray(unit * inputs, (unit + 1) * inputs)),
      );
      // A float32 factor on float32 weights.
      expect(Math.max(...norms), name).toBeLessThan(0.5 * (1 + 1e-6));
    }
  }
});

it('mixes all images of a batch in one share, and drops by one noise, however many passes it takes', async () => {
  const images = 2100;
  const optimizer = { type: 'gradient-descent', learningRate: 0.2 };
  const options = smallTrainerOptions(
    { layers, optimizer, mixup: 0.4, batchSize: 'full', epochs: 2 },
    images,
  );
  const trainer = await createTrainer(options);
  const rows = rowsOfPass({ shape: smallShape, classCount: smallClassCount, layers }, 'full');
  const specification = { layers, optimizer, rows, imageCount: images, options: { mixup: 0.4 } };
  const network = createBareNetwork({ ...specification, precision: 'float32' });
  const { training, plan } = network;
  writeTensors(plan.parameters, trainer.tensors());
  training.images.data.set(options.train.pixels);
  training.labels.data.set(options.train.labels);
  training.constants.data[0] = optimizer.learningRate;
  const [mixup, dropout] = ['mixup', 'dropout'].map((stream) => Random.fromSeed(options.recipe.seed, stream));
  let passes = 0;
  for (let step = 1; step <= 2; step += 1) {
    training.partnerShare!.data[0] = drawShare(mixup!, 0.4);
    const noise = dropout!.uint32();
    for (let first = 0; first < images; first += rows) {
      const batch = {
        rows: Math.min(rows, images - first),
        first,
        startsSum: first === 0,
        scale: 1 / images,
        noise,
      };
      network.run(batch, 'propagate', 'gradients');
      if (first + rows >= images) network.run(batch, 'update');
      passes += 1;
    }
    trainer.train(Infinity);
  }
  expect(passes).toBeGreaterThan(4);
  const expected = readTensors(plan.parameters);
  trainer.tensors().forEach(({ data }, place) => {
    // The reference sums in float64, the kernels in float32.
    data.forEach((value, index) => expect(value).toBeCloseTo(expected[place]!.data[index]!, 5));
  });
});
