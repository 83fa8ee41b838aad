// The loop of a run, in the training process: a slice of training, then an ear for the person, and so on.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toErrorData, type ErrorData } from '../../src-shared/failure.ts';
import type { EpochRecord, RunState } from '../../src-shared/schemas/run.ts';
import type { DatasetStore } from '../datasets/store.ts';
import type { SplitResult, StepReport } from '../engine/types.ts';
import type { Control, FromTraining, TrainingOrder } from './messages.ts';
import { prepareTraining, type PreparedTraining } from './preparation.ts';
import type { RunSaver } from './runSaver.ts';

/** How long training goes on before it listens again: pause and stop take effect within about this. */
const sliceMs = 25;
/** Progress is told at most ten times a second. */
const progressIntervalMs = 100;

export interface TrainingJobOptions {
  workerProgram: URL;
  send: (message: FromTraining) => void;
}

/** What can't be written, and that the run waits for it. */
function troubleOf({ failure }: RunSaver): ErrorData | null {
  if (failure === undefined) return null;
  const { code, message } = toErrorData(failure);
  return {
    code,
    message: `Training waits: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    remedy: `${code === 'files.disk-full' ? 'Free some space; it' : 'It'} is tried again every few seconds, and at once with Resume. Nothing is lost meanwhile.`,
  };
}

/** One run from its order to its end. Everything it finds goes out as messages. */
export class TrainingJob {
  readonly #order: TrainingOrder;
  readonly #options: TrainingJobOptions;
  #epochsEnded = 0;
  #saver: RunSaver | undefined;
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

  constructor(order: TrainingOrder, options: TrainingJobOptions) {
    this.#order = order;
    this.#options = options;
    this.#isPaused = order.paused;
    this.#newLearningRate = order.resume?.learningRate ?? undefined;
  }

  control(control: Control): void {
    switch (control.kind) {
      case 'pause':
        this.#isPaused = true;
        break;
      case 'resume':
        this.#isPaused = false;
        this.#unanswered.push(...this.#steps.splice(0));
        this.#saver?.retry();
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
      const prepared = await prepareTraining(this.#order, await datasets.load(this.#order.datasetId), {
        ...this.#options,
        onDiskChange: () => this.#wake(),
      });
      this.#saver = prepared.saver;
      this.#epochsEnded = prepared.trainer.epoch;
      try {
        await this.#train(prepared);
      } catch (error) {
        await prepared.saver.salvage();
        throw error;
      } finally {
        prepared.saver.close();
        await prepared.trainer.close();
      }
    } catch (error) {
      this.#options.send({ kind: 'failed', error: toErrorData(error) });
    }
  }

  async #train(prepared: PreparedTraining): Promise<void> {
    const { trainer, saver } = prepared;
    // A step whose parameters are being moved is finished before the run ends.
    while (!(this.#isStopped && trainer.canCopyState) && !this.#isOver(prepared)) {
      const isHeld = this.#isHeld(prepared);
      if (isHeld) this.#unanswered.push(...this.#steps.splice(0));
      this.#settleControls(prepared);
      if (!this.#isStopped && (isHeld || (this.#isPaused && this.#steps.length === 0))) {
        saver.saveCheckpoint();
        this.#sendProgress(prepared, 'paused');
        await this.#awaitWake();
        continue;
      }
      const startMs = performance.now();
      const reports = this.#isPaused ? trainer.train(sliceMs, 1) : trainer.train(sliceMs);
      prepared.meter.addSlice(reports, trainer.stepProgress, performance.now() - startMs);
      this.#unsent.push(...reports);
      saver.addSteps(reports);
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

  /** Whether training waits because something of it can't be written. */
  #isHeld({ saver }: PreparedTraining): boolean {
    return saver.failure !== undefined;
  }

  /** Until the person does something, or the disk does. */
  async #awaitWake(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = () => undefined;
  }

  #isOver({ watch }: PreparedTraining): boolean {
    return this.#epochsEnded === this.#order.recipe.epochs || watch?.isPatienceOver === true;
  }

  /** Applies and answers what the person asked for. */
  #settleControls(prepared: PreparedTraining): void {
    const { trainer, saver } = prepared;
    if (this.#newLearningRate !== undefined) {
      trainer.baseLearningRate = this.#newLearningRate;
      const change = { step: trainer.step, learningRate: this.#newLearningRate };
      this.#newLearningRate = undefined;
      saver.addLearningRateChange(change.step, change.learningRate);
      this.#options.send({ kind: 'learningRateChanged', ...change });
    }
    if (this.#unanswered.length === 0) return;
    this.#sendProgress(prepared, this.#isPaused ? 'paused' : 'running');
    for (const requestId of this.#unanswered) this.#options.send({ kind: 'answered', requestId });
    this.#unanswered = [];
  }

  /** `learningRate` is that of the epoch's last step: the trainer's own is the next one's already. */
  async #endEpoch(prepared: PreparedTraining, learningRate: number): Promise<void> {
    const { trainer, meter, saver } = prepared;
    const { loss, accuracy, probabilities } = await this.#validate(prepared);
    trainer.observeValidation(loss);
    this.#epochsEnded += 1;
    const record: EpochRecord = {
      epoch: this.#epochsEnded,
      ...meter.endEpoch(),
      validationLoss: loss,
      validationAccuracy: accuracy,
      learningRate,
    };
    saver.endEpoch(record, probabilities, this.#epochsEnded === this.#order.recipe.epochs);
    this.#sendProgress(prepared, this.#isPaused ? 'paused' : 'running');
    this.#options.send({ kind: 'epochEnded', record });
  }

  /** Validates in slices, listening in between. */
  async #validate(prepared: PreparedTraining): Promise<SplitResult> {
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

  /** A run that is over waits until the disk takes what it came to; one that is stopped tries once. */
  async #end(prepared: PreparedTraining): Promise<void> {
    for (let save = (): Promise<void> => prepared.saver.end(); ; save = () => prepared.saver.flush()) {
      try {
        await save();
        break;
      } catch (error) {
        if (this.#isStopped || !this.#isHeld(prepared)) throw error;
        this.#settleControls(prepared);
        this.#sendProgress(prepared, 'paused');
        await this.#awaitWake();
      }
    }
    const state = this.#isOver(prepared) ? 'finished' : 'stopped';
    this.#sendProgress(prepared, state);
    this.#options.send({ kind: 'ended', state });
  }

  #sendProgress({ trainer, meter, saver }: PreparedTraining, state: RunState): void {
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
        trouble: troubleOf(saver),
      },
      steps: Uint32Array.from(reports, (report) => report.step),
      losses: Float32Array.from(reports, (report) => report.loss),
      accuracies: Float32Array.from(reports, (report) => report.accuracy),
    });
  }
}
