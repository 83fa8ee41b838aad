// Decides what of a run under way goes to the disk and when: its history, predictions, checkpoints and the model that
// it would keep if it ended now.
import type { WeftError } from '../../src-shared/failure.ts';
import type { EpochRecord, RunHistory } from '../../src-shared/schemas/run.ts';
import type { ValidationSplit } from '../datasets/split.ts';
import type { Dataset } from '../datasets/types.ts';
import { isFiniteState, keptTensors } from '../engine/trainerState.ts';
import { diverged } from '../engine/trainingStep.ts';
import type { NamedTensor, StepReport, Trainer, TrainerState } from '../engine/types.ts';
import type { Checkpoint, CheckpointState } from '../runs/checkpoint.ts';
import type { Corrections } from '../files/corrections.ts';
import { stepsPerStoredPoint, type HistoryEntry } from '../runs/historyFile.ts';
import { encodeModel } from '../runs/modelFile.ts';
import { encodePredictionHead, encodePredictions } from '../runs/predictionLog.ts';
import { RunWriter, type RunLengths } from '../runs/runWriter.ts';
import type { EarlyStoppingWatch } from './earlyStopping.ts';
import type { EpochMeter } from './epochMeter.ts';
import { modelOf, resultsOf } from './keptModel.ts';
import type { FromTraining, TrainingOrder } from './messages.ts';

/** Within an epoch a checkpoint is written when the last one is this old. */
const autosaveMs = 30_000;
/**
 * Preparing checkpoints may take this share of the time of training; in excess of it an epoch that ends less than
 * `crowdedMs` after the last checkpoint has none. So runs whose epochs take milliseconds are not slowed down.
 */
const costLimit = 0.015;
const crowdedMs = 1000;
/** History is written at least this often. */
const historyIntervalMs = 1000;
/** The model is written after an epoch when the last writing is at least this long ago; at the end always. */
const modelIntervalMs = 1000;

export interface RunSaverOptions {
  order: TrainingOrder;
  /** As it is trained on. */
  dataset: Dataset;
  /** That it is trained with. */
  corrections: Corrections | null;
  split: ValidationSplit;
  trainer: Trainer;
  meter: EpochMeter;
  watch: EarlyStoppingWatch | undefined;
  epochsPerPrediction: number;
  /** What the run goes on from; undefined for a new one. */
  checkpoint: Checkpoint | undefined;
  /** What the person made of the learning rate before that. */
  learningRateChanges: RunHistory['learningRateChanges'];
  /** Where the files that grow end. */
  lengths: RunLengths;
  send: (message: FromTraining) => void;
  /** Called when something can't be written, and when it can again. */
  onDiskChange: () => void;
}

/** The weights of a moment, and which epoch they are of. */
interface KeptWeights {
  epoch: number;
  /** Null for an epoch that was not finished. */
  record: EpochRecord | null;
  tensors: NamedTensor[];
}

export class RunSaver {
  readonly #options: RunSaverOptions;
  readonly #writer: RunWriter;
  readonly #stepsPerStoredPoint: number;
  readonly #learningRateChanges: RunHistory['learningRateChanges'];
  #entries: HistoryEntry[] = [];
  #lastHistoryMs = 0;
  #lastModelMs = 0;
  /** None yet: even a run that is stopped before its first batch keeps its weights. */
  #lastModelEpoch = -1;
  /** How many changes of the learning rate it says. */
  #lastModelChanges = 0;
  #lastCheckpointMs: number;
  #lastCheckpointStep: number;
  #lastEpoch: EpochRecord | null;
  #best: CheckpointState['best'];
  /** Of the last epoch that ended: what is kept when training diverges. */
  #finite: KeptWeights | undefined;
  /** Of training, before this process took it on. */
  readonly #secondsBefore: number;
  /** The best one so far, while it is not written because epochs are too short. */
  #unwrittenBest: Checkpoint | undefined;
  /** Time that copying states took, in milliseconds. */
  #copyMs = 0;

  constructor(options: RunSaverOptions) {
    this.#options = options;
    this.#learningRateChanges = [...options.learningRateChanges];
    const { order, dataset, split, checkpoint, trainer, lengths } = options;
    this.#writer = new RunWriter({ folder: order.runFolder, lengths, onChange: options.onDiskChange });
    this.#stepsPerStoredPoint = stepsPerStoredPoint(trainer.batchesPerEpoch * order.recipe.epochs);
    this.#secondsBefore = options.meter.secondsElapsed;
    this.#lastEpoch = checkpoint?.lastEpoch ?? null;
    this.#best = checkpoint?.best ?? null;
    this.#lastCheckpointMs = performance.now();
    this.#lastCheckpointStep = checkpoint === undefined ? -1 : checkpoint.trainer.position.step;
    if (lengths.predictionsBytes === 0) {
      const { labels } = dataset[split.validationSplit];
      const head = encodePredictionHead({
        imageSplit: split.validationSplit,
        imageIndices: split.validationIndices,
        labels: Uint8Array.from(split.validationIndices, (image) => labels[image]!),
        classCount: dataset.classes.length,
        epochsPerPrediction: options.epochsPerPrediction,
      });
      this.#writer.addPredictions(head);
    }
    // From now on the run can be gone on with, wherever it is cut off.
    if (checkpoint === undefined) this.saveCheckpoint();
  }

  /** What can't be written at present. */
  get failure(): WeftError | undefined {
    return this.#writer.failure;
  }

  /** The share of the time of training that saving took from it so far. */
  get costShare(): number {
    const seconds = this.#options.meter.secondsElapsed - this.#secondsBefore;
    return seconds === 0 ? 0 : (this.#copyMs + this.#writer.costMs) / (seconds * 1000);
  }

  retry(): void {
    this.#writer.retry();
  }

  /** Steps that were done. */
  addSteps(reports: readonly StepReport[]): void {
    for (const { step, loss, accuracy } of reports) {
      if (step % this.#stepsPerStoredPoint === 0) this.#entries.push({ step, loss, accuracy });
    }
    const now = performance.now();
    if (now - this.#lastHistoryMs >= historyIntervalMs) this.#writeHistory();
    if (now - this.#lastCheckpointMs >= autosaveMs) this.saveCheckpoint();
  }

  /** What the person did must not be lost with the last moments: the next checkpoint is due at once. */
  addLearningRateChange(step: number, learningRate: number): void {
    this.#lastCheckpointStep = -1;
    this.#lastCheckpointMs = -Infinity;
    this.#entries.push({ learningRateChange: { step, learningRate } });
    this.#learningRateChanges.push({ step, learningRate });
  }

  /** Keeps what an epoch came to, `probabilities` of the validation images among it. */
  endEpoch(record: EpochRecord, probabilities: Float32Array, isOver: boolean): void {
    const { dataset, trainer, watch, epochsPerPrediction } = this.#options;
    this.#entries.push({ epoch: record });
    this.#lastEpoch = record;
    if (record.epoch % epochsPerPrediction === 0) {
      this.#writer.addPredictions(encodePredictions(record.epoch, probabilities, dataset.classes.length));
    }
    const state = this.#copyState();
    const weights = { epoch: record.epoch, record, tensors: keptTensors(state) };
    this.#finite = weights;
    watch?.observe(record, () => weights.tensors);
    const isBest = this.#best === null || record.validationLoss < this.#best.validationLoss;
    if (isBest) this.#best = { step: trainer.step, validationLoss: record.validationLoss };
    const now = performance.now();
    const isCrowded = this.costShare > costLimit && now - this.#lastCheckpointMs < crowdedMs;
    if (isOver || !isCrowded) this.#writeCheckpoint(state);
    else if (isBest) this.#unwrittenBest = this.#checkpointOf(state);
    if (!isOver && now - this.#lastModelMs >= modelIntervalMs) this.#writeModel(weights);
  }

  /**
   * Writes a checkpoint unless there is one of this step; nothing in the moments in which there is no state to copy. Throws
   * `training.diverged`.
   */
  saveCheckpoint(): void {
    const { trainer } = this.#options;
    if (trainer.step !== this.#lastCheckpointStep && trainer.canCopyState)
      this.#writeCheckpoint(this.#copyState());
  }

  /**
   * Keeps the weights and the state as they are now; resolves when all is on the disk. Throws `training.diverged`, and what
   * prevents the writing.
   */
  async end(): Promise<void> {
    const { step, batchesPerEpoch } = this.#options.trainer;
    const state = this.#copyState();
    const isPartial = step % batchesPerEpoch !== 0;
    this.#writeModel({
      epoch: Math.ceil(step / batchesPerEpoch),
      record: isPartial ? null : this.#lastEpoch,
      tensors: keptTensors(state),
    });
    if (step !== this.#lastCheckpointStep) this.#writeCheckpoint(state);
    await this.flush();
  }

  /** Resolves when all is on the disk. Tries once what has failed; throws what prevents it. */
  flush(): Promise<void> {
    this.#writeHistory();
    return this.#writer.flush();
  }

  /** After training went wrong: keeps the last good weights and what happened up to then, as far as that can be written. */
  async salvage(): Promise<void> {
    if (this.#finite !== undefined) this.#writeModel(this.#finite);
    await this.flush().catch(() => undefined);
  }

  /** Writes nothing more. */
  close(): void {
    this.#writer.close();
  }

  /** Throws `training.diverged` when a number is not finite: such a state is never written. */
  #copyState(): TrainerState {
    const startMs = performance.now();
    const state = this.#options.trainer.state();
    const isFinite = isFiniteState(state);
    this.#copyMs += performance.now() - startMs;
    if (isFinite) return state;
    throw diverged('a weight, or what the optimizer remembers of it,');
  }

  #writeHistory(): void {
    this.#lastHistoryMs = performance.now();
    this.#writer.addHistory(this.#entries);
    this.#entries = [];
  }

  /** Counts on all that has happened so far. */
  #checkpointOf(trainerState: TrainerState): Checkpoint {
    const { order, dataset, trainer, meter, watch } = this.#options;
    this.#writeHistory();
    return {
      runId: order.runId,
      weftVersion: order.weftVersion,
      kernels: trainer.kernels,
      datasetFingerprint: dataset.fingerprint,
      ...(order.corrections === null ? {} : { correctionsFingerprint: order.corrections.fingerprint }),
      recipe: order.recipe,
      trainer: trainerState,
      meter: meter.state,
      lastEpoch: this.#lastEpoch,
      watch: watch?.state ?? null,
      bestTensors: watch?.best?.tensors ?? null,
      best: this.#best,
      ...this.#writer.lengths,
    };
  }

  #writeCheckpoint(trainerState: TrainerState): void {
    const { send } = this.#options;
    const { step } = trainerState.position;
    this.#lastCheckpointMs = performance.now();
    this.#lastCheckpointStep = step;
    if (this.#unwrittenBest !== undefined && this.#unwrittenBest.best?.step === this.#best?.step) {
      this.#writer.addCheckpoint(this.#unwrittenBest);
    }
    this.#unwrittenBest = undefined;
    this.#writer.addCheckpoint(this.#checkpointOf(trainerState), () => send({ kind: 'checkpointed', step }));
  }

  /** The best epoch's, where the recipe watches for it, else the weights given. */
  #writeModel(weights: KeptWeights): void {
    const { order, dataset, corrections, watch, send } = this.#options;
    const best = watch?.best;
    const { epoch, record, tensors } =
      best === undefined || best === null ? weights : { ...best, epoch: best.record.epoch };
    this.#lastModelMs = performance.now();
    const changes = this.#learningRateChanges.length;
    const isWritten = epoch === this.#lastModelEpoch && changes === this.#lastModelChanges;
    if (isWritten && record !== null) return;
    this.#lastModelEpoch = epoch;
    this.#lastModelChanges = changes;
    const images = { dataset, corrections };
    const model = modelOf(order, images, resultsOf(epoch, record ?? undefined), tensors, [
      ...this.#learningRateChanges,
    ]);
    this.#writer.addModel(encodeModel(model), () => send({ kind: 'kept', epoch }));
  }
}
