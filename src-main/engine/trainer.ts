// Trains a recipe, slice by slice.
import { performance } from 'node:perf_hooks';
import { WeftError } from '../../src-shared/failure.ts';
import { meanResult } from '../../src-shared/metrics/predictions.ts';
import { choose, optimizers, schedules, type Chosen } from './catalogue.ts';
import { ImageOrder } from './imageOrder.ts';
import { ImagePrediction } from './inference.ts';
import { KeptWeights } from './keptWeights.ts';
import { countTrained } from './layers/layer.ts';
import { balancedClassWeights } from './losses/classWeights.ts';
import { rowsOfPass } from './microBatch.ts';
import type { NetworkSpecification, TrainingRegions } from './network.ts';
import { numberOf } from './options.ts';
import {
  initialScheduleState,
  scheduledFactor,
  type Progress,
  type Schedule,
  type ScheduleState,
} from './schedules/schedule.ts';
import { batchSizeOf, workOfOnePass, workOfStep } from './stepWork.ts';
import { checkRecipe } from './summary.ts';
import { initializeParameters } from './tensors.ts';
import { copyTrainerTensors, restoreTrainerTensors } from './trainerState.ts';
import { Engine } from './threads/engine.ts';
import { SharingTrial } from './threads/sharing.ts';
import { chooseThreadCount } from './threads/threadCount.ts';
import { trainingSpecificationOf } from './trainingSpecification.ts';
import { diverged, TrainingStep, type StepTask } from './trainingStep.ts';
import type {
  Architecture,
  NamedTensor,
  SplitResult,
  StepReport,
  Trainer,
  TrainerOptions,
  TrainerState,
} from './types.ts';

class EngineTrainer implements Trainer {
  readonly parameters: number;
  readonly batchesPerEpoch: number;
  baseLearningRate: number;
  readonly #engine: Engine;
  readonly #regions: TrainingRegions;
  readonly #options: TrainerOptions;
  readonly #kept: KeptWeights;
  readonly #stepUnderWay: TrainingStep;
  readonly #task: StepTask = { step: 1, first: 0, images: 0, learningRate: 0 };
  readonly #schedule: Chosen<Schedule>;
  readonly #order: ImageOrder;
  readonly #imageCount: number;
  readonly #batchSize: number;
  readonly #progress: Progress;
  #scheduleState: ScheduleState = initialScheduleState;
  #step = 0;
  #epoch = 0;
  #batch = 0;
  #isEpochDone = false;
  #validation: ImagePrediction | null = null;

  constructor(engine: Engine, regions: TrainingRegions, options: TrainerOptions) {
    const { recipe, trainIndices } = options;
    this.#engine = engine;
    this.#regions = regions;
    this.#options = options;
    this.#kept = new KeptWeights(engine, regions);
    this.#kept.startAverage();
    this.#schedule = choose(schedules, recipe.schedule, 'schedule');
    this.#imageCount = trainIndices.length;
    this.#batchSize = batchSizeOf(options);
    this.batchesPerEpoch = Math.ceil(trainIndices.length / this.#batchSize);
    this.baseLearningRate = numberOf(
      choose(optimizers, recipe.optimizer, 'optimizer').component,
      'learningRate',
    );
    this.parameters = countTrained(engine.plan.parameters);
    this.#progress = {
      step: 0,
      stepsPerEpoch: this.batchesPerEpoch,
      totalSteps: this.batchesPerEpoch * recipe.epochs,
    };
    this.#stepUnderWay = new TrainingStep(engine, regions, {
      recipe,
      movesAtOnce:
        regions.canMoveAtOnce &&
        this.#batchSize <= engine.plan.probabilities.rows &&
        workOfStep(options) <= workOfOnePass,
      sharing: options.threads === 0 && engine.threads > 1 ? new SharingTrial() : null,
    });
    this.#order = new ImageOrder(regions.order, recipe.seed, this.batchesPerEpoch > 1);
    this.#order.draw();
    if (options.state !== undefined) this.#restore(options.state);
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
    this.#progress.step = this.#step;
    return this.baseLearningRate * scheduledFactor(entry, component, this.#progress, this.#scheduleState);
  }

  get stepProgress(): number {
    return this.#isEpochDone ? 0 : this.#stepUnderWay.progressOf(this.#imagesOfBatch);
  }

  train(sliceMs: number, maximumSteps = Infinity): StepReport[] {
    const reports: StepReport[] = [];
    const end = performance.now() + sliceMs;
    if (this.#isEpochDone) this.#startEpoch();
    do {
      const report = this.#continueStep(end);
      if (report !== null) reports.push(report);
    } while (!this.#isEpochDone && reports.length < maximumSteps && performance.now() < end);
    return reports;
  }

  validate(sliceMs: number): SplitResult | null;
  validate(): SplitResult;
  validate(sliceMs = Infinity): SplitResult | null {
    const { validation, validationIndices, classCount } = this.#options;
    this.#kept.putInPlace();
    this.#validation ??= new ImagePrediction(this.#engine, validation.pixels, validationIndices);
    if (!this.#validation.continue(performance.now() + sliceMs)) return null;
    const { numbers: probabilities } = this.#validation;
    this.#validation = null;
    this.#kept.takeAway();
    const labels = Uint8Array.from(validationIndices, (index) => validation.labels[index]!);
    const { loss, accuracy } = meanResult(probabilities, labels, classCount);
    if (!Number.isFinite(loss)) throw diverged('the validation loss');
    return { loss, accuracy, probabilities };
  }

  observeValidation(loss: number): void {
    const { entry, component } = this.#schedule;
    if (entry.afterEpoch === undefined) return;
    this.#scheduleState = entry.afterEpoch(component, this.#scheduleState, loss);
  }

  tensors(): NamedTensor[] {
    this.#stepUnderWay.finishMoving();
    return this.#kept.read();
  }

  load(tensors: readonly NamedTensor[]): void {
    this.#kept.write(tensors);
  }

  get canCopyState(): boolean {
    return this.#validation === null && !this.#stepUnderWay.isMoving;
  }

  state(): TrainerState {
    if (!this.canCopyState) throw new Error('The state was asked for while it was changing.');
    const { dropout, mixup, statistics } = this.#stepUnderWay.start;
    return {
      position: {
        step: this.#step,
        epoch: this.#epoch,
        batch: this.#batch,
        baseLearningRate: this.baseLearningRate,
        schedule: this.#scheduleState,
        random: { shuffle: this.#order.randomBefore, dropout, mixup },
      },
      ...copyTrainerTensors(this.#engine.plan.parameters, this.#regions, statistics),
    };
  }

  /** Throws `state.misfit`. */
  #restore(state: TrainerState): void {
    const { step, epoch, batch, baseLearningRate, schedule, random } = state.position;
    const isEpochDone = batch === this.batchesPerEpoch;
    if (step !== (isEpochDone ? epoch - 1 : epoch) * this.batchesPerEpoch + batch) {
      throw new WeftError(
        'state.misfit',
        `The saved state does not fit the recipe: batch ${batch} of ${this.batchesPerEpoch} after ${epoch} epochs can't be step ${step}.`,
      );
    }
    restoreTrainerTensors(this.#engine.plan.parameters, this.#regions, state);
    this.#step = step;
    this.#epoch = epoch;
    this.#batch = batch;
    this.#isEpochDone = isEpochDone;
    this.baseLearningRate = baseLearningRate;
    this.#scheduleState = schedule;
    this.#order.drawFrom(random.shuffle);
    this.#stepUnderWay.restoreRandom(random);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #startEpoch(): void {
    this.#isEpochDone = false;
    this.#batch = 0;
    this.#order.draw();
  }

  /** Images of the batch under way. */
  get #imagesOfBatch(): number {
    return Math.min(this.#batchSize, this.#imageCount - this.#batch * this.#batchSize);
  }

  /** Goes on with the step under way, or the next one; its report once it is done. */
  #continueStep(untilMs: number): StepReport | null {
    const task = this.#task;
    task.step = this.#step + 1;
    task.first = this.#batch * this.#batchSize;
    task.images = this.#imagesOfBatch;
    task.learningRate = this.learningRate;
    return this.#stepUnderWay.continue(task, untilMs) ? this.#endStep() : null;
  }

  #endStep(): StepReport {
    this.#step += 1;
    this.#batch += 1;
    if (this.#batch === this.batchesPerEpoch) {
      this.#epoch += 1;
      this.#isEpochDone = true;
    }
    const { loss, accuracy, learningRate } = this.#stepUnderWay;
    return { step: this.#step, loss, accuracy, learningRate };
  }
}

/** Copies the images to train on into the arena, in the order of their indices, and weighs their classes. */
function loadImages(regions: TrainingRegions, { train, trainIndices, classCount }: TrainerOptions): void {
  const imageBytes = regions.images.length / trainIndices.length;
  trainIndices.forEach((index, place) => {
    const first = index * imageBytes;
    regions.images.data.set(train.pixels.subarray(first, first + imageBytes), place * imageBytes);
    regions.labels.data[place] = train.labels[index]!;
  });
  regions.classWeights?.data.set(balancedClassWeights(regions.labels.data, classCount));
}

/**
 * Plans the recipe's network, allocates everything it needs, draws its weights and starts its threads. Throws
 * `recipe.invalid`, `images.missing`, `network.too-large`, `network.no-memory` and, for a state of another recipe,
 * `state.misfit`.
 */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { recipe, shape, classCount, trainIndices } = options;
  checkRecipe(recipe);
  if (trainIndices.length === 0) throw new WeftError('images.missing', 'There are no images to train on.');
  const architecture: Architecture = { shape, classCount, layers: recipe.layers };
  const network: NetworkSpecification = {
    architecture,
    rows: rowsOfPass(architecture, recipe.batchSize),
    training: trainingSpecificationOf(recipe, trainIndices.length),
    precision: 'float32',
  };
  const workOfPass = workOfStep(options) * Math.min(1, network.rows / batchSizeOf(options));
  const threads = chooseThreadCount(options.threads, workOfPass);
  const engine = await Engine.start(network, threads, options.workerProgram);
  const regions = engine.plan.training;
  if (regions === null) throw new Error('A network was planned without the means to train it.');
  loadImages(regions, options);
  initializeParameters(engine.plan.parameters, recipe);
  try {
    return new EngineTrainer(engine, regions, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
}
