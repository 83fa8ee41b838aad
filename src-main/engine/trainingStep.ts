// The passes of one training step, which can be left between two pieces of a pass and gone on with later.
import { performance } from 'node:perf_hooks';
import { WeftError } from '../../src-shared/failure.ts';
import { Random, type RandomState } from '../../src-shared/random.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { choose, optimizers, type Chosen } from './catalogue.ts';
import { averageKeptAt } from './keptWeights.ts';
import { augmentationKey } from './kernels/augmentation.ts';
import { drawShare } from './mixup.ts';
import type { PassName, TrainingRegions } from './network.ts';
import type { Batch } from './operation.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { FloatArray } from './region.ts';
import type { Engine } from './threads/engine.ts';
import type { SharingTrial } from './threads/sharing.ts';

/** `what` is the loss that is not finite. */
export function diverged(what: string): WeftError {
  return new WeftError(
    'training.diverged',
    `Training diverged: ${what} is no longer a finite number.`,
    'Use a smaller learning rate, or weights that start smaller.',
  );
}

/** Of the arithmetic of a pass over images, the share of forward and backward; the gradients of the weights are the rest. */
const shareOfPropagation = 2 / 3;

/** What a step is about. */
export interface StepTask {
  /** Counted from 1. */
  step: number;
  /** Where its images start in the order of training, and how many they are. */
  first: number;
  images: number;
  learningRate: number;
}

export interface TrainingStepOptions {
  recipe: Recipe;
  /** Whether each parameter may be moved as soon as its gradient is known, instead of all of them at the end. */
  movesAtOnce: boolean;
  /** Null where it is settled whether threads share the work. */
  sharing: SharingTrial | null;
}

/** What a step changes before it moves the parameters, as it was before the step. */
export interface StepStart {
  dropout: RandomState;
  mixup: RandomState;
  /** Of batch normalization, as they lie at the end of the block of values. */
  statistics: FloatArray;
}

/** Takes one step after the other. Nothing is allocated in one. */
export class TrainingStep {
  readonly #engine: Engine;
  readonly #regions: TrainingRegions;
  readonly #movesAtOnce: boolean;
  readonly #sharing: SharingTrial | null;
  readonly #optimizer: Chosen<Optimizer>;
  readonly #recipe: Recipe;
  readonly #dropout: Random;
  readonly #mixup: Random;
  /** The augmentation of every step is a hash of this and its number: nothing of it changes. */
  readonly #augmentation: number;
  /** As they were before the step under way. */
  readonly #dropoutBefore: Random;
  readonly #mixupBefore: Random;
  readonly #statistics: FloatArray;
  readonly #statisticsBefore: FloatArray;
  readonly #batch: Batch = { rows: 0, first: 0, startsSum: true, scale: 0, noise: 0 };
  #nextPass: PassName = 'propagate';
  /** The pass under way, which is gone on with in the next slice. */
  #passUnderWay: PassName | null = null;
  #wasInterrupted = false;
  #passStartMs = 0;
  /** The learning rate of the update under way. */
  #learningRate = 0;
  /** Images whose gradients are summed, their losses and how many were right. */
  #imagesDone = 0;
  #lossSum = 0;
  #hitSum = 0;
  #loss = 0;
  #accuracy = 0;

  constructor(engine: Engine, regions: TrainingRegions, options: TrainingStepOptions) {
    const { recipe, movesAtOnce, sharing } = options;
    this.#engine = engine;
    this.#regions = regions;
    this.#movesAtOnce = movesAtOnce;
    this.#sharing = sharing;
    this.#optimizer = choose(optimizers, recipe.optimizer, 'optimizer');
    this.#recipe = recipe;
    this.#mixup = Random.fromSeed(recipe.seed, 'mixup');
    this.#dropout = Random.fromSeed(recipe.seed, 'dropout');
    this.#augmentation = Random.fromSeed(recipe.seed, 'augmentation').uint32();
    this.#dropoutBefore = Random.fromState(this.#dropout.state);
    this.#mixupBefore = Random.fromState(this.#mixup.state);
    this.#statistics = regions.values.data.subarray(regions.gradients.length);
    this.#statisticsBefore = this.#statistics.slice();
  }

  /**
   * Whether a pass that moves parameters is under way, or its step not counted yet: there is no going back to the start
   * of that step any more.
   */
  get isMoving(): boolean {
    return this.#passUnderWay === 'step' || this.#passUnderWay === 'update';
  }

  /** What it is to begin the step under way, or the next one, with. */
  get start(): StepStart {
    const isUnderWay = this.#passUnderWay !== null || this.#nextPass !== 'propagate' || this.#imagesDone > 0;
    return {
      dropout: (isUnderWay ? this.#dropoutBefore : this.#dropout).state,
      mixup: (isUnderWay ? this.#mixupBefore : this.#mixup).state,
      statistics: isUnderWay ? this.#statisticsBefore : this.#statistics,
    };
  }

  /** Begins the next step with other random states. */
  restoreRandom({ dropout, mixup }: Pick<StepStart, 'dropout' | 'mixup'>): void {
    this.#dropout.copyFrom(Random.fromState(dropout));
    this.#mixup.copyFrom(Random.fromState(mixup));
  }

  /** Of the step completed last: the mean over its images before its update, penalties left out. */
  get loss(): number {
    return this.#loss;
  }

  get accuracy(): number {
    return this.#accuracy;
  }

  /** The rate that the last update was made with. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /** The share of a step over so many images that is done, from 0 to 1. */
  progressOf(images: number): number {
    const share = this.#engine.passProgress;
    const { rows } = this.#batch;
    let imagesUnderWay = 0;
    if (this.#passUnderWay === 'propagate') imagesUnderWay = shareOfPropagation * share * rows;
    else if (this.#passUnderWay === 'step' || this.#passUnderWay === 'gradients')
      imagesUnderWay = (shareOfPropagation + (1 - shareOfPropagation) * share) * rows;
    else if (this.#nextPass === 'step' || this.#nextPass === 'gradients')
      imagesUnderWay = shareOfPropagation * rows;
    return (this.#imagesDone + imagesUnderWay) / images;
  }

  /**
   * Goes on with the pass under way, or the next one, until it is done or the clock (`performance.now()`) has passed
   * `untilMs`; whether the step is done. Until then the task stays the same but for its learning rate, which is read
   * when the update starts. Throws `training.diverged`.
   */
  continue(task: StepTask, untilMs: number): boolean {
    if (this.#passUnderWay === null) this.#startPass(task);
    if (!this.#engine.continuePass(untilMs)) {
      this.#wasInterrupted = true;
      return false;
    }
    return this.#endPass(task);
  }

  /** A pass that moves parameters leaves some of them moved and others not until it is done: does it now. */
  finishMoving(): void {
    if (this.isMoving) this.#engine.continuePass(Infinity);
  }

  /** Over the next images; then their gradients; and the update once the gradients of all are summed. */
  #startPass(task: StepTask): void {
    this.#passUnderWay = this.#nextPass;
    if (this.#passUnderWay === 'propagate') this.#startImages(task);
    if (this.#passUnderWay === 'step' || this.#passUnderWay === 'update') this.#startMoving(task);
    this.#engine.startPass(this.#passUnderWay, this.#batch);
  }

  #startImages({ step, first, images }: StepTask): void {
    if (this.#sharing !== null) {
      this.#engine.isShared = this.#sharing.isShared;
      this.#wasInterrupted = false;
      this.#passStartMs = performance.now();
    }
    const batch = this.#batch;
    batch.rows = Math.min(this.#engine.plan.probabilities.rows, images - this.#imagesDone);
    batch.first = first + this.#imagesDone;
    batch.startsSum = this.#imagesDone === 0;
    batch.scale = 1 / images;
    if (!batch.startsSum) return;
    this.#dropoutBefore.copyFrom(this.#dropout);
    this.#mixupBefore.copyFrom(this.#mixup);
    this.#statisticsBefore.set(this.#statistics);
    batch.noise = this.#dropout.uint32();
    const { partnerShare, augmentationKey: key } = this.#regions;
    if (key !== null) key.data[0] = augmentationKey(this.#augmentation, step);
    if (partnerShare !== null) partnerShare.data[0] = drawShare(this.#mixup, this.#recipe.mixup);
  }

  #startMoving({ step, learningRate }: StepTask): void {
    const { entry, component } = this.#optimizer;
    const { constants, averageKept } = this.#regions;
    const { weightAveraging } = this.#recipe;
    this.#learningRate = learningRate;
    entry.writeConstants(component, step, learningRate, constants.data);
    if (weightAveraging !== null) averageKept.data[0] = averageKeptAt(step, weightAveraging.decay);
  }

  /** What follows; whether the step is done. */
  #endPass(task: StepTask): boolean {
    const pass = this.#passUnderWay;
    this.#passUnderWay = null;
    if (pass === 'propagate') {
      this.#addLosses(task.step);
      this.#nextPass = this.#movesAtOnce ? 'step' : 'gradients';
      return false;
    }
    if (pass !== 'update') {
      if (!this.#wasInterrupted) this.#sharing?.record(performance.now() - this.#passStartMs);
      this.#imagesDone += this.#batch.rows;
    }
    if (pass === 'gradients') {
      this.#nextPass = this.#imagesDone < task.images ? 'propagate' : 'update';
      return false;
    }
    this.#nextPass = 'propagate';
    this.#endStep(task.images);
    return true;
  }

  #addLosses(step: number): void {
    const { losses, hits } = this.#regions;
    for (let row = 0; row < this.#batch.rows; row += 1) {
      this.#lossSum += losses.data[row]!;
      this.#hitSum += hits.data[row]!;
    }
    if (!Number.isFinite(this.#lossSum)) throw diverged(`the loss of step ${step}`);
  }

  #endStep(images: number): void {
    this.#loss = this.#lossSum / images;
    this.#accuracy = this.#hitSum / images;
    this.#imagesDone = 0;
    this.#lossSum = 0;
    this.#hitSum = 0;
  }
}
