// Weft's side of a comparison with exported scripts: the same networks and trainings, and the archives of them.
import { Arena } from '../../src-main/engine/arena.ts';
import { planChanges } from '../../src-main/engine/augmentation.ts';
import { referenceKernels } from '../../src-main/engine/kernels/reference.ts';
import type { Architecture, LabelledImages, NamedTensor } from '../../src-main/engine/types.ts';
import { describeTensors } from '../../src-main/engine/tensors.ts';
import { createPredictor } from '../../src-main/engine/predictor.ts';
import { createTrainer } from '../../src-main/engine/trainer.ts';
import { splitValidation } from '../../src-main/datasets/split.ts';
import { fingerprintOfContent } from '../../src-main/datasets/idxSet.ts';
import type { ArchiveFile } from '../../src-main/exports/exportFormat.ts';
import { writeScripts } from '../../src-main/exports/scripts/scripts.ts';
import type { Framework } from '../../src-main/exports/scripts/scriptSource.ts';
import { encodeNpz } from '../../src-main/formats/npz.ts';
import type { Model } from '../../src-main/runs/modelFile.ts';
import { EarlyStoppingWatch } from '../../src-main/training/earlyStopping.ts';
import { Random } from '../../src-shared/random.ts';
import type { Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Augmentation, Recipe } from '../../src-shared/schemas/recipe.ts';
import type { EpochRecord } from '../../src-shared/schemas/run.ts';
import { bandedImages, indicesUpTo, smallClassCount, smallShape } from '../unit/engine/samples.ts';
import { exampleModel } from '../unit/runs/exampleModel.ts';
import { baseRecipe } from './scriptCases.ts';

/** No worker is needed for one thread. */
const oneThread = { threads: 1, workerProgram: new URL('file:///no-worker-is-needed-for-one-thread.js') };

/** Tensors of which no two numbers are the same, with variances above 0. */
function drawTensors(architecture: Architecture): NamedTensor[] {
  const random = Random.fromSeed(3, 'tensors of scripts');
  return describeTensors(architecture).map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const draw = (): number =>
      name.endsWith('running_var') ? random.uniform(0.5, 2) : random.normal(0, 0.5);
    return { name, shape, data: Float32Array.from({ length }, draw) };
  });
}

/** What a name may be must not break the text that it stands in. */
const hostileName = 'Net #: end """ of \\N{x} \'\'\' {braces} that is longer than a line may\nbe';
const classes = ['top', 'middle "of" it', 'böttom'];

function modelOf(layers: readonly Component[], recipe: Recipe, channels: number): Model {
  const architecture = {
    shape: { ...smallShape, channels },
    classCount: smallClassCount,
    layers: [...layers],
  };
  return {
    ...exampleModel(),
    name: hostileName,
    architecture,
    classes,
    recipe,
    tensors: drawTensors(architecture),
  };
}

/** An archive of NumPy with the tensors, as the exports lay them out. */
const weightsOf = ({ tensors }: Model): ArchiveFile => ({
  path: 'weights.npz',
  bytes: encodeNpz(tensors.map(({ name, shape, data }) => ({ name, dtype: 'float32', shape, data }))),
});

export interface PredictedCase {
  probabilities: Float32Array;
  archive: (framework: Framework) => ArchiveFile[];
}

const exampleCount = 20;

/** What Weft says of some images, and the scripts to say the same; `channels` of grey or coloured images. */
export async function predictCase(layers: readonly Component[], channels = 1): Promise<PredictedCase> {
  const model = modelOf(layers, { ...baseRecipe, layers: [...layers] }, channels);
  const random = Random.fromSeed(5, 'examples of scripts');
  const { height, width } = smallShape;
  const shape = [exampleCount, height, width, ...(channels === 1 ? [] : [channels])];
  const pixels = Uint8Array.from({ length: exampleCount * height * width * channels }, () =>
    random.below(256),
  );
  const predictor = await createPredictor({ ...oneThread, ...model });
  try {
    const probabilities = Float32Array.from(predictor.predict(pixels, indicesUpTo(exampleCount)));
    const examples = encodeNpz([
      { name: 'images', dtype: 'uint8', shape, data: pixels },
      {
        name: 'probabilities',
        dtype: 'float32',
        shape: [exampleCount, smallClassCount],
        data: probabilities,
      },
    ]);
    return {
      probabilities,
      archive: (framework) => [
        ...writeScripts(framework, { model, data: null }),
        weightsOf(model),
        { path: 'examples.npz', bytes: examples },
      ],
    };
  } finally {
    await predictor.close();
  }
}

export interface AugmentedCase {
  /** Bytes, as the engine changes them. */
  pixels: Uint8Array;
  archive: (framework: Framework) => ArchiveFile[];
}

/** Images of a batch from place `first` on as the engine changes them in the step of that key, and scripts to do the same. */
export function augmentCase(
  augmentation: Augmentation,
  shape: ImageShape,
  key: number,
  first: number,
): AugmentedCase {
  const imageBytes = shape.height * shape.width * shape.channels;
  const random = Random.fromSeed(7, 'augmented images of scripts');
  const examples = Uint8Array.from({ length: exampleCount * imageBytes }, () => random.below(256));
  const arena = new Arena('float32');
  const images = arena.bytes((first + exampleCount) * imageBytes);
  const target = arena.bytes(exampleCount * imageBytes);
  const plan = planChanges(arena, augmentation, shape);
  const scratch = arena.numbers(plan.layout.bytes);
  arena.bind(arena.createMemory().buffer);
  images.data.set(examples, first * imageBytes);
  const source = { images, imageBytes, order: null };
  referenceKernels.augment(source, plan, key, first, target, scratch, 0, exampleCount);
  // The network is of another shape: what changes images does not know it.
  const recipe = { ...baseRecipe, augmentation };
  const model = modelOf(recipe.layers, recipe, 1);
  const { height, width, channels } = shape;
  const array = { name: 'images', dtype: 'uint8', shape: [exampleCount, height, width, channels] } as const;
  const file = { path: 'examples.npz', bytes: encodeNpz([{ ...array, data: examples }]) };
  const few = bandedImages(9, 1);
  const split = splitValidation(few.labels, 1, { type: 'first', count: 3 }, 1);
  const data = { split, name: 'Small', sources: [], train: few, test: few };
  return {
    pixels: target.data.slice(),
    archive: (framework) => [...writeScripts(framework, { model, data }), file],
  };
}

export interface TrainedCase {
  losses: number[];
  accuracies: number[];
  rates: number[];
  /** The loss after each epoch. */
  validations: number[];
  /** Those to keep. */
  tensors: NamedTensor[];
  archive: (framework: Framework) => ArchiveFile[];
}

export interface TrainingCaseOptions {
  /** Steps at most. */
  steps: number;
  /** Images of the training set, before some are held out. */
  imageCount?: number;
  /** What a person makes of the base learning rate after so many steps. */
  learningRateChanges?: { step: number; learningRate: number }[];
}

/** Classes of very different sizes, so that weighing them matters. */
function unevenImages(count: number, seed: number): LabelledImages {
  const all = bandedImages(3 * count, seed);
  const imageBytes = smallShape.height * smallShape.width;
  const kept = [...all.labels.keys()]
    .filter((image) => image % (all.labels[image]! + 1) === 0)
    .slice(0, count);
  return {
    pixels: Uint8Array.from(
      kept.flatMap((image) => [...all.pixels.subarray(image * imageBytes, (image + 1) * imageBytes)]),
    ),
    labels: Uint8Array.from(kept, (image) => all.labels[image]!),
  };
}

/** Trains in Weft as a run does, and gives the scripts to do the same. */
export async function trainCase(recipe: Recipe, options: TrainingCaseOptions): Promise<TrainedCase> {
  const { steps, imageCount = 95, learningRateChanges } = options;
  const [train, test] = [unevenImages(imageCount, 1), unevenImages(33, 2)];
  const split = splitValidation(train.labels, test.labels.length, recipe.validation, recipe.seed);
  const trainer = await createTrainer({
    ...oneThread,
    recipe,
    shape: smallShape,
    classCount: smallClassCount,
    train,
    trainIndices: split.trainIndices,
    validation: split.validationSplit === 'train' ? train : test,
    validationIndices: split.validationIndices,
  });
  const watch = recipe.earlyStopping === null ? null : new EarlyStoppingWatch(recipe.earlyStopping);
  const losses: number[] = [];
  const accuracies: number[] = [];
  const rates: number[] = [];
  const validations: number[] = [];
  try {
    while (trainer.epoch < recipe.epochs && losses.length < steps && watch?.isPatienceOver !== true) {
      const change = learningRateChanges?.find(({ step }) => step === trainer.step);
      if (change !== undefined) trainer.baseLearningRate = change.learningRate;
      for (const report of trainer.train(Infinity, 1)) {
        losses.push(report.loss);
        accuracies.push(report.accuracy);
        rates.push(report.learningRate);
      }
      if (!trainer.isEpochDone) continue;
      const { loss, accuracy } = trainer.validate();
      validations.push(loss);
      trainer.observeValidation(loss);
      const record: EpochRecord = {
        epoch: trainer.epoch,
        trainLoss: losses.at(-1)!,
        trainAccuracy: accuracies.at(-1)!,
        validationLoss: loss,
        validationAccuracy: accuracy,
        learningRate: rates.at(-1)!,
        seconds: 0,
        imagesPerSecond: 0,
      };
      watch?.observe(record, () => trainer.tensors());
    }
    const isWhole = losses.length < steps;
    const tensors = (isWhole ? watch?.best?.tensors : undefined) ?? trainer.tensors();
    const fingerprint = await fingerprintOfContent({ shape: smallShape, train, test });
    const model: Model = {
      ...modelOf(recipe.layers, recipe, 1),
      dataset: { id: 'small', fingerprint },
      tensors,
      ...(learningRateChanges === undefined ? {} : { learningRateChanges }),
    };
    const data = { split, name: 'Small', sources: [], train, test };
    return {
      ...{ losses, accuracies, rates, validations, tensors },
      archive: (framework) => [...writeScripts(framework, { model, data }), weightsOf(model)],
    };
  } finally {
    await trainer.close();
  }
}
