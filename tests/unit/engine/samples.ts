// What the engine's tests build their networks and numbers from.
import type { Precision } from '../../../src-main/engine/arena.ts';
import type { FloatArray } from '../../../src-main/engine/region.ts';
import {
  planNetwork,
  type NetworkPlan,
  type PassName,
  type TrainingRegions,
} from '../../../src-main/engine/network.ts';
import type { KernelBuild, Part } from '../../../src-main/engine/kernels/kernels.ts';
import { referenceKernels } from '../../../src-main/engine/kernels/reference.ts';
import type { Matrix } from '../../../src-main/engine/matrix.ts';
import type { Batch } from '../../../src-main/engine/operation.ts';
import { runsOf } from '../../../src-main/engine/threads/passRun.ts';
import type { TrainingSpecification } from '../../../src-main/engine/trainingSpecification.ts';
import type { LabelledImages, TrainerOptions } from '../../../src-main/engine/types.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component, ComponentDescription } from '../../../src-shared/schemas/component.ts';
import { plainOptions, type Recipe } from '../../../src-shared/schemas/recipe.ts';

export const smallRecipe: Recipe = {
  name: 'small',
  layers: [{ type: 'dense', units: 12, activation: 'relu' }],
  initializer: { type: 'glorot-uniform' },
  biasInitializer: { type: 'zeros' },
  optimizer: { type: 'adam', learningRate: 0.01 },
  schedule: { type: 'constant' },
  penalties: { l1: 0, l2: 0 },
  ...plainOptions,
  batchSize: 16,
  epochs: 5,
  validation: { type: 'stratified', fraction: 0.1 },
  earlyStopping: null,
  seed: 1,
};

/** Everything that a step can do beside its layers. */
export const everyOption = {
  penalties: { l1: 1e-4, l2: 1e-3 },
  labelSmoothing: 0.1,
  classWeights: 'balanced',
  mixup: 0.4,
  augmentation: {
    horizontalFlip: true,
    translation: 1,
    rotation: 20,
    scale: 0.1,
    shear: 10,
    elastic: 1,
    noise: 0.1,
    erasing: 0.5,
    erasedArea: 0.2,
  },
  clipping: { norm: 0.5, value: 0.1 },
  maxNorm: 1.5,
  weightAveraging: { decay: 0.9 },
} as const satisfies Partial<Recipe>;

export const smallShape = { height: 6, width: 5, channels: 1 };
export const smallClassCount = 3;

/** Images of which each class is bright in rows of its own, with noise: easy to learn, not trivial. */
export function bandedImages(count: number, seed: number): LabelledImages {
  const random = Random.fromSeed(seed, 'banded images');
  const { height, width } = smallShape;
  const labels = Uint8Array.from({ length: count }, () => random.below(smallClassCount));
  const pixels = new Uint8Array(count * height * width);
  for (let image = 0; image < count; image += 1) {
    for (let pixel = 0; pixel < height * width; pixel += 1) {
      const isBright = Math.floor(pixel / width / 2) === labels[image];
      pixels[image * height * width + pixel] = random.below(130) + (isBright ? 70 : 0);
    }
  }
  return { pixels, labels };
}

export const indicesUpTo = (count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_value, index) => index);

/** A trainer of the small recipe on banded images, on one thread. */
export function smallTrainerOptions(changes: Partial<Recipe> = {}, imageCount = 200): TrainerOptions {
  return {
    recipe: { ...smallRecipe, ...changes },
    shape: smallShape,
    classCount: smallClassCount,
    train: bandedImages(imageCount, 1),
    trainIndices: indicesUpTo(imageCount),
    validation: bandedImages(60, 2),
    validationIndices: indicesUpTo(60),
    threads: 1,
    workerProgram: new URL('file:///no-worker-is-needed-for-one-thread.js'),
  };
}

/** A network on one thread, of which every number can be looked at. */
export interface BareNetwork {
  plan: NetworkPlan;
  training: TrainingRegions;
  run(batch: Batch, ...passes: PassName[]): void;
}

export interface BareNetworkOptions {
  layers: readonly Component[];
  optimizer?: Component;
  penalties?: Recipe['penalties'];
  /** What else a step does; nothing where it is left out. */
  options?: Partial<TrainingSpecification>;
  rows: number;
  imageCount: number;
  precision: Precision;
  /** The reference's where they are left out. */
  kernels?: KernelBuild | undefined;
}

export function createBareNetwork(options: BareNetworkOptions): BareNetwork {
  const { layers, rows, imageCount, precision } = options;
  const plan = planNetwork({
    architecture: { shape: smallShape, classCount: smallClassCount, layers },
    rows,
    training: {
      optimizer: options.optimizer ?? { type: 'gradient-descent' },
      penalties: options.penalties ?? { l1: 0, l2: 0 },
      ...plainOptions,
      ...options.options,
      imageCount,
    },
    precision,
  });
  const scratch = plan.arena.numbers(plan.scratchLength);
  const kernelScratch = plan.arena.bytes(options.kernels?.scratchBytes ?? 0);
  const memory = plan.arena.createMemory();
  plan.arena.bind(memory.buffer);
  const kernels = options.kernels?.create(memory, kernelScratch.byteOffset) ?? referenceKernels;
  const runs = runsOf(plan);
  const { training } = plan;
  if (training === null) throw new Error('The network was planned for training.');
  training.order.data.set(indicesUpTo(imageCount));
  return {
    plan,
    training,
    run: (batch, ...passes) => {
      for (const pass of passes) {
        runs[pass].runAll({ kernels, batch, scratch }, 0, 1, () => undefined);
      }
    },
  };
}

export function fillUniformly(data: FloatArray, random: Random, minimum = -1, maximum = 1): void {
  for (let index = 0; index < data.length; index += 1) data[index] = random.uniform(minimum, maximum);
}

/** Fills a matrix's own numbers, not those between them. */
export function fillMatrix(matrix: Matrix, random: Random, minimum = -1, maximum = 1): void {
  for (let row = 0; row < matrix.rows; row += 1) {
    for (let column = 0; column < matrix.columns; column += 1) {
      matrix.set(row, column, random.uniform(minimum, maximum));
    }
  }
}

export function wholeOf({ rows, columns }: Matrix): Part {
  return { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
}

/** The matrix's own numbers, row after row. */
export function valuesOf(matrix: Matrix): number[] {
  return Array.from({ length: matrix.rows }, (_value, row) =>
    Array.from({ length: matrix.columns }, (_number, column) => matrix.get(row, column)),
  ).flat();
}

export const withDefaults = (descriptions: readonly ComponentDescription[]): Component[] =>
  descriptions.map(defaultComponent);
