// The loop of a run, in the training process: a slice of training, then an ear for the person, and so on.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toErrorData } from '../../src-shared/failure.ts';
import type { EpochRecord, RunState } from '../../src-shared/schemas/run.ts';
import { splitValidation } from '../datasets/split.ts';
import type { DatasetStore } from '../datasets/store.ts';
import type { Dataset } from '../datasets/types.ts';
import { createTrainer } from '../engine/trainer.ts';
import type { SplitResult, StepReport, Trainer } from '../engine/types.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { encodeModel } from '../runs/modelFile.ts';
import { EarlyStoppingWatch } from './earlyStopping.ts';
import { EpochMeter } from './epochMeter.ts';
import { modelOf, resultsOf } from './keptModel.ts';
import type { Control, FromTraining, TrainingOrder } from './messages.ts';
import { epochsPerPrediction, logPredictions } from './predictionLog.ts';

/** How long training goes on before it listens again: pause and stop take effect within about this. */
const sliceMs = 25;
/** Progress is told at most ten times a second. */
const progressIntervalMs = 100;
/** Weights are written after an epoch when the last writing is at least this long ago; at the end always. */
const keepIntervalMs = 5000;

export interface TrainingJobOptions {
  workerProgram: URL;
  send: (message: FromTraining) => void;
}

interface Prepared {
  dataset: Dataset;
  trainer: Trainer;
  meter: EpochMeter;
  epochsPerPrediction: number;
}

/** One run from its order to its end. Everything it finds goes out as messages. */
export class TrainingJob {
  readonly #order: TrainingOrder;
  readonly #options: TrainingJobOptions;
  readonly #earlyStopping: EarlyStoppingWatch | undefined;
  readonly #epochs: EpochRecord[] = [];
  #isPaused: boolean;
  #isStopped = false;
  /** Requests for a single batch, while paused. */
  readonly #steps: number[] = [];
  /** Controls to answer when the slice under way is over. */
  #unanswered: number[] = [];
  #newLearningRate: number | undefined;
  #wake: () => void = () => undefined;
  #unsent: StepReport[] = [];
  #lastProgressMs = 0;
  #lastKeptMs = 0;
  /** None yet: even a run that is stopped before its first batch keeps its weights. */
  #lastKeptEpoch = -1;

  constructor(order: TrainingOrder, options: TrainingJobOptions) {
    this.#order = order;
    this.#options = options;
    this.#isPaused = order.paused;
    const { earlyStopping } = order.recipe;
    this.#earlyStopping = earlyStopping === null ? undefined : new EarlyStoppingWatch(earlyStopping);
  }

  control(control: Control): void {
    switch (control.kind) {
      case 'pause':
        this.#isPaused = true;
        break;
      case 'resume':
        this.#isPaused = false;
        this.#unanswered.push(...this.#steps.splice(0));
        break;
      case 'step':
        this.#isPaused = true;
        this.#steps.push(control.requestId);
        break;
      case 'stop':
        this.#isStopped = true;
        break;
      case 'changeLearningRate':
        this.#newLearningRate = control.learningRate;
        break;
    }
    if (control.kind !== 'step') this.#unanswered.push(control.requestId);
    this.#wake();
  }

  /** Trains to the end. Never rejects: a fault is sent as `failed`. */
  async run(datasets: Pick<DatasetStore, 'load'>): Promise<void> {
    try {
      const prepared = await this.#prepare(await datasets.load(this.#order.datasetId));
      try {
        await this.#train(prepared);
      } finally {
        await prepared.trainer.close();
      }
    } catch (error) {
      this.#options.send({ kind: 'failed', error: toErrorData(error) });
    }
  }

  async #prepare(dataset: Dataset): Promise<Prepared> {
    const { recipe, threads } = this.#order;
    const { train, test, shape, classes } = dataset;
    const split = splitValidation(train.labels, test.labels.length, recipe.validation, recipe.seed);
    const trainer = await createTrainer({
      recipe,
      shape,
      classCount: classes.length,
      threads,
      workerProgram: this.#options.workerProgram,
      train,
      trainIndices: split.trainIndices,
      validation: dataset[split.validationSplit],
      validationIndices: split.validationIndices,
    });
    const images = split.trainIndices.length;
    const validationImages = split.validationIndices.length;
    const logInterval = epochsPerPrediction(recipe.epochs, validationImages, classes.length);
    this.#options.send({
      kind: 'began',
      facts: {
        parameters: trainer.parameters,
        kernels: trainer.kernels,
        threads: trainer.threads,
        classes,
        shape,
        datasetFingerprint: dataset.fingerprint,
        validationImages,
        batchesPerEpoch: trainer.batchesPerEpoch,
        epochsPerPrediction: logInterval,
      },
    });
    const batchSize = recipe.batchSize === 'full' ? images : recipe.batchSize;
    const meter = new EpochMeter(images, batchSize, trainer.batchesPerEpoch);
    return { dataset, trainer, meter, epochsPerPrediction: logInterval };
  }

  async #train(prepared: Prepared): Promise<void> {
    const { trainer } = prepared;
    while (!this.#isStopped && !this.#isOver()) {
      this.#settleControls(prepared);
      if (this.#isPaused && this.#steps.length === 0) {
        this.#sendProgress(prepared, 'paused');
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const startMs = performance.now();
      const reports = this.#isPaused ? trainer.train(sliceMs, 1) : trainer.train(sliceMs);
      prepared.meter.addSlice(reports, trainer.stepProgress, performance.now() - startMs);
      this.#unsent.push(...reports);
      const last = reports.at(-1);
      if (last !== undefined && last.step % trainer.batchesPerEpoch === 0) {
        await this.#endEpoch(prepared, last.learningRate);
      }
      if (this.#isPaused && reports.length > 0) this.#unanswered.push(...this.#steps.splice(0, 1));
      if (performance.now() - this.#lastProgressMs >= progressIntervalMs) {
        this.#sendProgress(prepared, this.#isPaused ? 'paused' : 'running');
      }
      await nextTurn();
    }
    await this.#end(prepared);
  }

  #isOver(): boolean {
    return this.#epochs.length === this.#order.recipe.epochs || this.#earlyStopping?.isPatienceOver === true;
  }

  /** Applies and answers what the person asked for. */
  #settleControls(prepared: Prepared): void {
    const { trainer } = prepared;
    if (this.#newLearningRate !== undefined) {
      trainer.baseLearningRate = this.#newLearningRate;
      const change = { step: trainer.step, learningRate: this.#newLearningRate };
      this.#newLearningRate = undefined;
      this.#options.send({ kind: 'learningRateChanged', ...change });
    }
    if (this.#unanswered.length === 0) return;
    this.#sendProgress(prepared, this.#isPaused ? 'paused' : 'running');
    for (const requestId of this.#unanswered) this.#options.send({ kind: 'answered', requestId });
    this.#unanswered = [];
  }

  /** `learningRate` is that of the epoch's last step: the trainer's own is the next one's already. */
  async #endEpoch(prepared: Prepared, learningRate: number): Promise<void> {
    const { trainer, meter } = prepared;
    const { loss, accuracy, probabilities } = await this.#validate(prepared);
    trainer.observeValidation(loss);
    const epoch = this.#epochs.length + 1;
    const record: EpochRecord = {
      epoch,
      ...meter.endEpoch(),
      validationLoss: loss,
      validationAccuracy: accuracy,
      learningRate,
    };
    this.#epochs.push(record);
    this.#earlyStopping?.observe(epoch, loss, () => trainer.tensors());
    if (epoch % prepared.epochsPerPrediction === 0) {
      await logPredictions(this.#order.predictionsPath, probabilities);
    }
    this.#sendProgress(prepared, this.#isPaused ? 'paused' : 'running');
    this.#options.send({ kind: 'epochEnded', record });
    if (!this.#isOver() && performance.now() - this.#lastKeptMs >= keepIntervalMs) await this.#keep(prepared);
  }

  /** Validates in slices, listening in between. */
  async #validate(prepared: Prepared): Promise<SplitResult> {
    const { trainer, meter } = prepared;
    for (;;) {
      const startMs = performance.now();
      const result = trainer.validate(sliceMs);
      meter.addValidation(performance.now() - startMs);
      if (result !== null) return result;
      this.#settleControls(prepared);
      await nextTurn();
    }
  }

  async #end(prepared: Prepared): Promise<void> {
    await this.#keep(prepared);
    const state = this.#isOver() ? 'finished' : 'stopped';
    this.#sendProgress(prepared, state);
    this.#options.send({ kind: 'ended', state });
  }

  /** Writes the weights that the run would keep if it ended now. */
  async #keep({ dataset, trainer }: Prepared): Promise<void> {
    const best = this.#earlyStopping?.best;
    const epoch = best?.epoch ?? Math.ceil(trainer.step / trainer.batchesPerEpoch);
    const isPartial = best === undefined && trainer.step % trainer.batchesPerEpoch !== 0;
    this.#lastKeptMs = performance.now();
    if (epoch === this.#lastKeptEpoch && !isPartial) return;
    const results = resultsOf(epoch, isPartial ? undefined : this.#epochs[epoch - 1]);
    const model = modelOf(this.#order, dataset, results, best?.tensors ?? trainer.tensors());
    await writeFileSafely(this.#order.modelPath, encodeModel(model));
    this.#lastKeptEpoch = epoch;
    this.#options.send({ kind: 'kept', epoch });
  }

  #sendProgress({ trainer, meter }: Prepared, state: RunState): void {
    const { runId, recipe } = this.#order;
    const { step, stepProgress, batchesPerEpoch } = trainer;
    const stepsDone = step + stepProgress;
    const epoch = Math.max(1, Math.ceil(step / batchesPerEpoch));
    const reports = this.#unsent;
    this.#unsent = [];
    this.#lastProgressMs = performance.now();
    this.#options.send({
      kind: 'progressed',
      progress: {
        runId,
        state,
        epoch,
        step,
        stepProgress,
        epochs: recipe.epochs,
        batch: step - (epoch - 1) * batchesPerEpoch,
        batches: batchesPerEpoch,
        imagesPerSecond: meter.imagesPerSecond,
        secondsElapsed: meter.secondsElapsed,
        secondsLeft:
          stepsDone === 0
            ? null
            : (meter.secondsElapsed / stepsDone) * (recipe.epochs * batchesPerEpoch - stepsDone),
        learningRate: trainer.learningRate,
      },
      steps: Uint32Array.from(reports, (report) => report.step),
      losses: Float32Array.from(reports, (report) => report.loss),
      accuracies: Float32Array.from(reports, (report) => report.accuracy),
    });
  }
}
