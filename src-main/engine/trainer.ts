// Trains a recipe, slice by slice.
import { performance } from 'node:perf_hooks';
import { WeftError } from '../../src-shared/failure.ts';
import { meanResult } from '../../src-shared/metrics/predictions.ts';
import { Random } from '../../src-shared/random.ts';
import { operationsPerImage } from './architecture.ts';
import { choose, optimizers, schedules, type Chosen } from './catalogue.ts';
import { predictImages } from './inference.ts';
import { rowsOfPass } from './microBatch.ts';
import type { NetworkSpecification, TrainingRegions } from './network.ts';
import type { Batch } from './operation.ts';
import { numberOf } from './options.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { scheduledFactor, type Schedule } from './schedules/schedule.ts';
import { checkRecipe } from './summary.ts';
import { initializeParameters, readTensors, writeTensors } from './tensors.ts';
import { Engine } from './threads/engine.ts';
import { SharingTrial } from './threads/sharing.ts';
import { chooseThreadCount } from './threads/threadCount.ts';
import type { Architecture, NamedTensor, SplitResult, StepReport, Trainer, TrainerOptions } from './types.ts';

/** Forward, gradient by the weights and gradient by the inputs: each about the arithmetic of the first. */
const passesOfAStep = 3;

function diverged(what: string): WeftError {
  return new WeftError(
    'training.diverged',
    `Training diverged: ${what} is no longer a finite number.`,
    'Use a smaller learning rate, or weights that start smaller.',
  );
}

/** Images in a step; the last one of an epoch may have fewer. */
function batchSizeOf({ recipe, trainIndices }: TrainerOptions): number {
  return recipe.batchSize === 'full' ? trainIndices.length : Math.min(recipe.batchSize, trainIndices.length);
}

class EngineTrainer implements Trainer {
  readonly parameters: number;
  readonly batchesPerEpoch: number;
  baseLearningRate: number;
  readonly #engine: Engine;
  readonly #regions: TrainingRegions;
  readonly #options: TrainerOptions;
  readonly #optimizer: Chosen<Optimizer>;
  readonly #schedule: Chosen<Schedule>;
  readonly #shuffle: Random;
  readonly #imageCount: number;
  readonly #batchSize: number;
  readonly #pass: Batch = { rows: 0, first: 0, startsSum: true, scale: 0 };
  /** Null where the person chose the number of threads, or there is one. */
  readonly #sharing: SharingTrial | null;
  #step = 0;
  #epoch = 0;
  #batch = 0;
  #isEpochDone = false;
  /** Images of the batch under way whose gradients are summed, their losses and how many were right. */
  #imagesDone = 0;
  #lossSum = 0;
  #hitSum = 0;

  constructor(engine: Engine, regions: TrainingRegions, options: TrainerOptions) {
    const { recipe, trainIndices } = options;
    this.#engine = engine;
    this.#regions = regions;
    this.#options = options;
    this.#optimizer = choose(optimizers, recipe.optimizer, 'optimizer');
    this.#schedule = choose(schedules, recipe.schedule, 'schedule');
    this.#shuffle = Random.fromSeed(recipe.seed, 'shuffle');
    this.#imageCount = trainIndices.length;
    this.#batchSize = batchSizeOf(options);
    this.batchesPerEpoch = Math.ceil(trainIndices.length / this.#batchSize);
    this.baseLearningRate = numberOf(this.#optimizer.component, 'learningRate');
    this.parameters = engine.plan.parameters.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    this.#sharing = options.threads === 0 && engine.threads > 1 ? new SharingTrial() : null;
    this.#orderImages();
  }

  get kernels(): string {
    return this.#engine.kernels;
  }

  get threads(): number {
    return this.#engine.threads;
  }

  get step(): number {
    return this.#step;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get batch(): number {
    return this.#batch;
  }

  get isEpochDone(): boolean {
    return this.#isEpochDone;
  }

  get learningRate(): number {
    const { entry, component } = this.#schedule;
    const factor = scheduledFactor(entry, component, {
      step: this.#step,
      stepsPerEpoch: this.batchesPerEpoch,
      totalSteps: this.batchesPerEpoch * this.#options.recipe.epochs,
    });
    return this.baseLearningRate * factor;
  }

  train(sliceMs: number, maximumSteps = Infinity): StepReport[] {
    const reports: StepReport[] = [];
    const end = performance.now() + sliceMs;
    if (this.#isEpochDone) this.#startEpoch();
    do {
      const report = this.#trainTimedPass();
      if (report !== null) reports.push(report);
    } while (!this.#isEpochDone && reports.length < maximumSteps && performance.now() < end);
    return reports;
  }

  validate(): SplitResult {
    const { validation, validationIndices, classCount } = this.#options;
    const probabilities = predictImages(this.#engine, validation.pixels, validationIndices);
    const labels = Uint8Array.from(validationIndices, (index) => validation.labels[index]!);
    const { loss, accuracy } = meanResult(probabilities, labels, classCount);
    if (!Number.isFinite(loss)) throw diverged('the validation loss');
    return { loss, accuracy, probabilities };
  }

  tensors(): NamedTensor[] {
    return readTensors(this.#engine.plan.parameters);
  }

  load(tensors: readonly NamedTensor[]): void {
    writeTensors(this.#engine.plan.parameters, tensors);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #startEpoch(): void {
    this.#isEpochDone = false;
    this.#batch = 0;
    this.#orderImages();
  }

  /** A new order each epoch, a function of the random state alone; a full batch needs none. */
  #orderImages(): void {
    const order = this.#regions.order.data;
    for (let index = 0; index < order.length; index += 1) order[index] = index;
    if (this.batchesPerEpoch > 1) this.#shuffle.shuffle(order);
  }

  #trainTimedPass(): StepReport | null {
    const sharing = this.#sharing;
    if (sharing === null) return this.#trainPass();
    this.#engine.isShared = sharing.isShared;
    const start = performance.now();
    const report = this.#trainPass();
    sharing.record(performance.now() - start);
    return report;
  }

  /** Adds up the gradients of the next images of the batch, and updates the weights once it has them all. */
  #trainPass(): StepReport | null {
    const first = this.#batch * this.#batchSize;
    const batchImages = Math.min(this.#batchSize, this.#imageCount - first);
    const pass = this.#pass;
    pass.rows = Math.min(this.#engine.plan.probabilities.rows, batchImages - this.#imagesDone);
    pass.first = first + this.#imagesDone;
    pass.startsSum = this.#imagesDone === 0;
    pass.scale = 1 / batchImages;
    this.#engine.runPass('gradients', pass);
    for (let row = 0; row < pass.rows; row += 1) {
      this.#lossSum += this.#regions.losses.data[row]!;
      this.#hitSum += this.#regions.hits.data[row]!;
    }
    this.#imagesDone += pass.rows;
    if (this.#imagesDone < batchImages) return null;
    return this.#finishBatch(batchImages);
  }

  #finishBatch(batchImages: number): StepReport {
    const loss = this.#lossSum / batchImages;
    const accuracy = this.#hitSum / batchImages;
    this.#imagesDone = 0;
    this.#lossSum = 0;
    this.#hitSum = 0;
    if (!Number.isFinite(loss)) throw diverged(`the loss of step ${this.#step + 1}`);
    const { learningRate } = this;
    const { entry, component } = this.#optimizer;
    entry.writeConstants(component, this.#step + 1, learningRate, this.#regions.constants.data);
    this.#engine.runPass('update', this.#pass);
    this.#step += 1;
    this.#batch += 1;
    if (this.#batch === this.batchesPerEpoch) {
      this.#epoch += 1;
      this.#isEpochDone = true;
    }
    return { step: this.#step, loss, accuracy, learningRate };
  }
}

/** Copies the images to train on into the arena, in the order of their indices. */
function loadImages(regions: TrainingRegions, { train, trainIndices }: TrainerOptions): void {
  const imageBytes = regions.images.length / trainIndices.length;
  trainIndices.forEach((index, place) => {
    const first = index * imageBytes;
    regions.images.data.set(train.pixels.subarray(first, first + imageBytes), place * imageBytes);
    regions.labels.data[place] = train.labels[index]!;
  });
}

/**
 * Plans the recipe's network, allocates everything it needs, draws its weights and starts its threads. Throws
 * `recipe.invalid`, `images.missing`, `network.too-large` and `network.no-memory`.
 */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { recipe, shape, classCount, trainIndices } = options;
  checkRecipe(recipe);
  if (trainIndices.length === 0) throw new WeftError('images.missing', 'There are no images to train on.');
  const architecture: Architecture = { shape, classCount, layers: recipe.layers };
  const network: NetworkSpecification = {
    architecture,
    rows: rowsOfPass(architecture, recipe.batchSize),
    training: { optimizer: recipe.optimizer, penalties: recipe.penalties, imageCount: trainIndices.length },
    precision: 'float32',
  };
  const rowsOfStep = Math.min(batchSizeOf(options), network.rows);
  const operations = passesOfAStep * operationsPerImage(architecture) * rowsOfStep;
  const threads = chooseThreadCount(options.threads, operations);
  const engine = await Engine.start(network, threads, options.workerProgram);
  const regions = engine.plan.training;
  if (regions === null) throw new Error('A network was planned without the means to train it.');
  loadImages(regions, options);
  initializeParameters(engine.plan.parameters, recipe);
  return new EngineTrainer(engine, regions, options);
}
