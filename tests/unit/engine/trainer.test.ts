import { describe, expect, it } from 'vitest';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import { describeTensors, readTensors, writeTensors } from '../../../src-main/engine/tensors.ts';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import type { NamedTensor, StepReport, Trainer } from '../../../src-main/engine/types.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Recipe } from '../../../src-shared/schemas/recipe.ts';
import { createBareNetwork, smallClassCount, smallShape, smallTrainerOptions } from './samples.ts';

const sliceMs = 1000;
/** The reference sums in float64, the kernels in float32: weights of order 1 agree to about 1e-6. */
const kernelDigits = 5;

function trainEpochs(trainer: Trainer, epochs: number): StepReport[] {
  const reports: StepReport[] = [];
  while (trainer.epoch < epochs) reports.push(...trainer.train(sliceMs));
  return reports;
}

async function trained(
  changes: Partial<Recipe>,
  epochs: number,
  imageCount?: number,
): Promise<NamedTensor[]> {
  const trainer = await createTrainer(smallTrainerOptions(changes, imageCount));
  trainEpochs(trainer, epochs);
  return trainer.tensors();
}

describe('a trainer', () => {
  it('learns classes that can be told apart', async () => {
    const trainer = await createTrainer(smallTrainerOptions());
    const before = trainer.validate();
    trainEpochs(trainer, 20);
    const after = trainer.validate();
    expect(after.loss).toBeLessThan(before.loss / 3);
    expect(after.accuracy).toBeGreaterThan(0.9);
  });

  it('starts at the loss of guessing when all weights are zero', async () => {
    const trainer = await createTrainer(smallTrainerOptions({ initializer: { type: 'zeros' } }));
    expect(trainer.train(sliceMs, 1)[0]!.loss).toBeCloseTo(Math.log(smallClassCount), 6);
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const first = await trained({ seed: 7 }, 3);
    expect(await trained({ seed: 7 }, 3)).toEqual(first);
    expect(await trained({ seed: 8 }, 3)).not.toEqual(first);
  });

  it('gives the same bits step by step as in one go', async () => {
    const stepped = await createTrainer(smallTrainerOptions());
    const reports: StepReport[] = [];
    while (stepped.epoch < 2) reports.push(...stepped.train(0, 1));
    const run = await createTrainer(smallTrainerOptions());
    expect(trainEpochs(run, 2)).toEqual(reports);
    expect(run.tensors()).toEqual(stepped.tensors());
  });

  it('counts steps, batches and epochs', async () => {
    const trainer = await createTrainer(smallTrainerOptions({ batchSize: 64 }, 200));
    expect([trainer.batchesPerEpoch, trainer.batch, trainer.epoch, trainer.isEpochDone]).toEqual([
      4,
      0,
      0,
      false,
    ]);
    expect(trainer.train(sliceMs, 1)).toHaveLength(1);
    expect([trainer.step, trainer.batch, trainer.epoch, trainer.isEpochDone]).toEqual([1, 1, 0, false]);
    expect(trainer.train(sliceMs)).toHaveLength(3);
    expect([trainer.step, trainer.batch, trainer.epoch, trainer.isEpochDone]).toEqual([4, 4, 1, true]);
    trainer.train(sliceMs, 1);
    expect([trainer.step, trainer.batch, trainer.epoch, trainer.isEpochDone]).toEqual([5, 1, 1, false]);
  });

  it('sees each image once an epoch, in a new order each time', async () => {
    // At rate 0 (the smallest one, on losses of order 1) a batch of one reports the loss of its image alone.
    const optimizer = { type: 'gradient-descent', learningRate: 1e-7 };
    const trainer = await createTrainer(smallTrainerOptions({ optimizer, batchSize: 1 }, 50));
    const losses = trainEpochs(trainer, 2).map(({ loss }) => Number(loss.toFixed(3)));
    const [first, second] = [losses.slice(0, 50), losses.slice(50)];
    expect(second).not.toEqual(first);
    expect(second.toSorted()).toEqual(first.toSorted());
  });

  it('takes a full batch in several passes and gives the weights of one large pass', async () => {
    const images = 1500;
    const optimizer = { type: 'gradient-descent', learningRate: 0.1 };
    const options = smallTrainerOptions({ batchSize: 'full', optimizer }, images);
    const trainer = await createTrainer(options);
    const network = createBareNetwork({
      layers: options.recipe.layers,
      optimizer,
      rows: images,
      imageCount: images,
      precision: 'float32',
    });
    writeTensors(network.plan.parameters, trainer.tensors());
    network.training.images.data.set(options.train.pixels);
    network.training.labels.data.set(options.train.labels);
    network.training.constants.data[0] = optimizer.learningRate;
    const whole = { rows: images, first: 0, startsSum: true, scale: 1 / images, noise: 0 };
    network.run(whole, 'propagate', 'gradients', 'update');

    expect(trainer.batchesPerEpoch).toBe(1);
    const progress: number[] = [];
    while (trainer.train(0).length === 0) progress.push(trainer.stepProgress);
    expect(progress.length).toBeGreaterThan(2);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBeLessThanOrEqual(1);
    // The next step, which is of the next epoch, has not begun.
    expect([trainer.isEpochDone, trainer.stepProgress]).toEqual([true, 0]);
    expect(trainer.step).toBe(1);
    const expected = readTensors(network.plan.parameters);
    trainer.tensors().forEach(({ data }, place) => {
      data.forEach((value, index) => expect(value).toBeCloseTo(expected[place]!.data[index]!, kernelDigits));
    });
  });

  it('scales the base rate, which can be changed on the way, by the schedule', async () => {
    const schedule = { type: 'time-decay', decay: 1 };
    const trainer = await createTrainer(smallTrainerOptions({ schedule }));
    expect(trainer.learningRate).toBeCloseTo(0.01, 12);
    trainer.train(sliceMs, 1);
    expect(trainer.learningRate).toBeCloseTo(0.005, 12);
    trainer.baseLearningRate = 0.04;
    expect(trainer.train(sliceMs, 1)[0]!.learningRate).toBeCloseTo(0.02, 12);
  });

  it('spreads a schedule over all steps of the run', async () => {
    const schedule = { type: 'cosine', final: 0 };
    const trainer = await createTrainer(smallTrainerOptions({ schedule, epochs: 2 }));
    const totalSteps = 2 * trainer.batchesPerEpoch;
    const reports = trainEpochs(trainer, 2);
    reports.forEach(({ learningRate }, index) => {
      expect(learningRate).toBeCloseTo(0.005 * (1 + Math.cos((Math.PI * index) / totalSteps)), 12);
    });
  });

  it('tells the optimizer that its first step is the first: Adam then moves each bias by the whole rate', async () => {
    const trainer = await createTrainer(smallTrainerOptions({ layers: [] }));
    trainer.train(sliceMs, 1);
    const biases = trainer.tensors().find(({ name }) => name === 'layers.0.bias');
    expect([...biases!.data].map((bias) => Math.abs(bias))).toEqual(
      new Array(smallClassCount).fill(expect.closeTo(0.01, kernelDigits)),
    );
  });

  it('takes weights back as it gave them', async () => {
    const trainer = await createTrainer(smallTrainerOptions());
    const before = trainer.tensors();
    const result = trainer.validate();
    trainEpochs(trainer, 1);
    expect(trainer.tensors()).not.toEqual(before);
    trainer.load(before);
    expect(trainer.tensors()).toEqual(before);
    expect(trainer.validate()).toEqual(result);
  });

  it('says that training diverged, and leaves the weights as they were before the step', async () => {
    const trainer = await createTrainer(smallTrainerOptions());
    const tensors = trainer.tensors();
    tensors[0]!.data.fill(3e38);
    trainer.load(tensors);
    expect(() => trainer.train(sliceMs)).toThrow(expect.objectContaining({ code: 'training.diverged' }));
    expect(trainer.tensors()).toEqual(tensors);
    expect(() => trainer.validate()).toThrow(expect.objectContaining({ code: 'training.diverged' }));
  });

  it('names its tensors and lays them (out, in)', async () => {
    const trainer = await createTrainer(smallTrainerOptions());
    const tensors = trainer.tensors();
    const inputs = smallShape.height * smallShape.width;
    const expected = [
      { name: 'layers.0.weight', shape: [12, inputs] },
      { name: 'layers.0.bias', shape: [12] },
      { name: 'layers.1.weight', shape: [smallClassCount, 12] },
      { name: 'layers.1.bias', shape: [smallClassCount] },
    ];
    expect(tensors.map(({ name, shape }) => ({ name, shape }))).toEqual(expected);
    const { layers } = smallTrainerOptions().recipe;
    expect(describeTensors({ shape: smallShape, classCount: smallClassCount, layers })).toEqual(expected);
    expect(trainer.parameters).toBe(12 * inputs + 12 + smallClassCount * 12 + smallClassCount);
  });

  it.each(presets)('trains the preset $id', async ({ recipe }) => {
    const trainer = await createTrainer(smallTrainerOptions(recipe, 300));
    const losses = trainEpochs(trainer, 4).map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('refuses a recipe with an impossible layer, naming the place', async () => {
    const layers = [{ type: 'dense', units: 5000 }];
    await expect(createTrainer(smallTrainerOptions({ layers }))).rejects.toMatchObject({
      code: 'recipe.invalid',
      message: "The recipe's layers.0.units must be a whole number from 1 to 4096.",
    });
  });
});

describe('a predictor', () => {
  it('gives the bits that the trainer gave, whatever the order and number of images', async () => {
    for (const activation of ['relu', 'leaky-relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'linear']) {
      const options = smallTrainerOptions({ layers: [{ type: 'dense', units: 33, activation }] });
      const trainer = await createTrainer(options);
      trainEpochs(trainer, 1);
      const { recipe, shape, classCount, validation, validationIndices } = options;
      const architecture = { shape, classCount, layers: recipe.layers };
      const { workerProgram } = options;
      const predictor = await createPredictor({
        architecture,
        tensors: trainer.tensors(),
        threads: 1,
        workerProgram,
      });
      const { probabilities } = trainer.validate();
      expect(predictor.predict(validation.pixels, validationIndices)).toEqual(probabilities);
      const last = validationIndices.length - 1;
      expect(predictor.predict(validation.pixels, Uint32Array.of(last, 0))).toEqual(
        Float32Array.of(
          ...probabilities.subarray(last * classCount),
          ...probabilities.subarray(0, classCount),
        ),
      );
    }
  });

  it('follows the definition of the network', async () => {
    const options = smallTrainerOptions();
    const trainer = await createTrainer(options);
    const [weight0, bias0, weight1, bias1] = trainer.tensors().map(({ data }) => data);
    const inputs = smallShape.height * smallShape.width;
    const pixels = options.validation.pixels.subarray(0, inputs);
    const hidden = Array.from(bias0!, (bias, unit) =>
      Math.max(
        0,
        pixels.reduce((sum, pixel, index) => sum + (pixel / 255) * weight0![unit * inputs + index]!, bias),
      ),
    );
    const exponentials = Array.from(bias1!, (bias, unit) =>
      Math.exp(
        hidden.reduce((sum, value, index) => sum + value * weight1![unit * hidden.length + index]!, bias),
      ),
    );
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    const { probabilities } = trainer.validate();
    exponentials.forEach((value, index) => expect(probabilities[index]).toBeCloseTo(value / total, 5));
  });

  it('refuses tensors of another network', async () => {
    const options = smallTrainerOptions();
    const { shape, classCount, workerProgram } = options;
    const trainer = await createTrainer(options);
    const layers = [{ type: 'dense', units: 13 }];
    const tensors = trainer.tensors();
    await expect(
      createPredictor({ architecture: { shape, classCount, layers }, tensors, threads: 1, workerProgram }),
    ).rejects.toMatchObject({ code: 'model.shape-mismatch' });
  });
});
