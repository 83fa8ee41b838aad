// What the engine takes and gives: the only types that the training process, run folders and model files need.
import type { Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RandomState } from '../../src-shared/random.ts';
import type { ScheduleState } from './schedules/schedule.ts';

/** Images as they lie in memory: `pixels` is `(images, height, width, channels)` bytes, `labels` one byte an image. */
export interface LabelledImages {
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** A tensor of a model as files hold it: float32, row-major, dense weights `(out, in)` as PyTorch names and lays them. */
export interface NamedTensor {
  /** `layers.0.weight`, `layers.0.bias`. */
  name: string;
  shape: number[];
  data: Float32Array;
}

/** What decides a network's function together with its tensors. The output layer is implied by the classes. */
export interface Architecture {
  shape: ImageShape;
  classCount: number;
  layers: readonly Component[];
}

/** How much of the machine an engine may use. */
export interface EngineOptions {
  /** 0 chooses: the cores, or 1 where a step is too small to gain from more. */
  threads: number;
  /** The built worker program (out/main/worker.js); needed for more than one thread. */
  workerProgram: URL;
}

/** The states of the random streams. */
export interface TrainerRandomState {
  /** Before the order of the epoch under way was drawn: the order is made again from it. */
  shuffle: RandomState;
  /** Before the next step. */
  dropout: RandomState;
  mixup: RandomState;
}

/** Where training is, without its tensors: small, plain numbers. */
export interface TrainerPosition {
  /** Steps, epochs and batches of the epoch done, as `Trainer` counts them. */
  step: number;
  epoch: number;
  batch: number;
  /** As changed by hand on the way. */
  baseLearningRate: number;
  schedule: ScheduleState;
  random: TrainerRandomState;
}

/** What an optimizer remembers of each number that is trained. */
export interface OptimizerSlot {
  /** `mean`, `meanSquare`, as the optimizer names it. */
  name: string;
  tensors: NamedTensor[];
}

/** A training run between two steps: training that goes on from it gives the same bits as if it had never stopped. */
export interface TrainerState {
  position: TrainerPosition;
  /** What is trained, and the statistics of batch normalization. */
  tensors: NamedTensor[];
  slots: OptimizerSlot[];
  /** The running averages of what is trained; null where the recipe has none. */
  averages: NamedTensor[] | null;
}

export interface TrainerOptions extends EngineOptions {
  recipe: Recipe;
  shape: ImageShape;
  classCount: number;
  /** The images trained on are those of `trainIndices`. */
  train: LabelledImages;
  trainIndices: Uint32Array;
  validation: LabelledImages;
  validationIndices: Uint32Array;
  /** Where a trainer of the same recipe and images was: training goes on from there. */
  state?: TrainerState | undefined;
}

/** One training step, as recorded in the history. */
export interface StepReport {
  /** Counted from 1 since the start of the run. */
  step: number;
  /** Mean loss of the batch, penalties left out, before its update. */
  loss: number;
  accuracy: number;
  learningRate: number;
}

export interface SplitResult {
  loss: number;
  accuracy: number;
  /** Float32 `(images, classes)`. */
  probabilities: Float32Array;
}

/** Trains one recipe. Work is done in bounded slices so that the process can listen between them. */
export interface Trainer {
  readonly kernels: string;
  readonly threads: number;
  readonly parameters: number;
  readonly batchesPerEpoch: number;
  /** Steps and epochs done. */
  readonly step: number;
  readonly epoch: number;
  /** Batches done of the epoch under way; 0 at its start. */
  readonly batch: number;
  /** The rate that the schedule scales; may be changed at any time between slices. */
  baseLearningRate: number;
  /** The rate of the next step. */
  readonly learningRate: number;
  /**
   * Trains for about `sliceMs`, at most `maximumSteps` steps, never past the end of the epoch. A step larger than a
   * slice (a huge or full batch) goes on in the next call, so the list can be empty. Throws `training.diverged`
   * when the loss is no longer a finite number.
   */
  train(sliceMs: number, maximumSteps?: number): StepReport[];
  /** Whether the epoch under way is complete, so that `train` would start the next one. */
  readonly isEpochDone: boolean;
  /** The share of the step under way that is done, from 0 to 1. */
  readonly stepProgress: number;
  /**
   * Goes on for about `sliceMs` to compute loss, accuracy and probabilities of the validation images with the present
   * weights; null until they are complete. Must be called until then before training goes on, and between steps only.
   */
  validate(sliceMs: number): SplitResult | null;
  /** The same in one go. */
  validate(): SplitResult;
  /** Tells a schedule that follows it the mean loss over the validation images after each epoch, once an epoch. */
  observeValidation(loss: number): void;
  /** A copy of the weights. */
  tensors(): NamedTensor[];
  /** Replaces the weights by what `tensors` gave. */
  load(tensors: readonly NamedTensor[]): void;
  /** Whether there is a state to copy now; not while a step moves parameters, nor while validating. */
  readonly canCopyState: boolean;
  /**
   * A copy of all that decides how training goes on. A step under way is left out: it is taken again, whole, by whoever
   * goes on from the state.
   */
  state(): TrainerState;
  /** Ends the worker threads. */
  close(): Promise<void>;
}

export interface PredictorOptions extends EngineOptions {
  architecture: Architecture;
  tensors: readonly NamedTensor[];
}

/** Runs a trained network over images. */
export interface Predictor {
  /** Float32 `(indices, classes)`: the class probabilities of the images at the indices. */
  predict(pixels: Uint8Array, indices: Uint32Array): Float32Array;
  /** How many numbers the output layer sees of each image. */
  readonly features: number;
  /** Float32 `(indices, features)`: what the output layer sees of them, the last hidden layer's output. */
  predictHidden(pixels: Uint8Array, indices: Uint32Array): Float32Array;
  close(): Promise<void>;
}
