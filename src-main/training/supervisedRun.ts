// One run as the core sees it: the process that trains it, its history in memory and its record on the disk.
import * as v from 'valibot';
import { fromErrorData, toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { RunProgress, RunState, RunSummary } from '../../src-shared/schemas/run.ts';
import { decodeHistory, TrainingHistory } from '../runs/historyFile.ts';
import type { RunRecord } from '../runs/runRecord.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { TrainingChannel } from './channel.ts';
import { createDeferred } from './deferred.ts';
import {
  fromTrainingSchema,
  type ControlWithoutId,
  type FromTraining,
  type TrainingOrder,
} from './messages.ts';
import { progressOfNone } from './progressOfNone.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { notResponding, Watchdog } from './watchdog.ts';

/** Progress reaches pages at most ten times a second. */
const progressIntervalMs = 100;
/** A training process speaks every second. */
const silenceMs = 4500;

/** How a run was before it was gone on with. */
export interface EarlierRun {
  state: RunState;
  failure: ErrorData | null;
  resumes: RunRecord['resumes'];
  /** Of history.ndjson. */
  historyBytes: Uint8Array;
}

export interface SupervisedRunOptions {
  runs: RunStore;
  channel: TrainingChannel;
  order: TrainingOrder;
  /** Null for a new run. */
  earlier: EarlierRun | null;
  onProgress: (progress: RunProgress) => void;
  onChange: (run: RunSummary) => void;
}

export class SupervisedRun {
  readonly runId: string;
  readonly #options: SupervisedRunOptions;
  readonly #began = createDeferred<RunSummary>();
  readonly #ended = createDeferred<RunSummary>();
  readonly #exited = createDeferred<undefined>();
  readonly #waiting = new Map<number, () => void>();
  readonly #progressThrottle: Throttle<RunProgress>;
  readonly #watchdog: Watchdog;
  #history = new TrainingHistory();
  #nextRequestId = 1;
  #progress: RunProgress;
  #batchesPerEpoch = 0;
  #hasBegun = false;
  #isOver = false;
  #isInterrupted = false;
  /** What is to be written follows what was written before. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SupervisedRunOptions) {
    this.#options = options;
    const { order, channel } = options;
    this.runId = order.runId;
    this.#progress = progressOfNone(order);
    this.#progressThrottle = createThrottle(progressIntervalMs, options.onProgress);
    this.#watchdog = new Watchdog(silenceMs, () => this.#progressThrottle.offer(this.progress));
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => this.#processEnded(reason));
    channel.send(order);
  }

  get progress(): RunProgress {
    return this.#watchdog.isSilent ? { ...this.#progress, trouble: notResponding } : this.#progress;
  }

  /** Everything that happened so far. */
  get history(): TrainingHistory {
    return this.#history;
  }

  get batchesPerEpoch(): number {
    return this.#batchesPerEpoch;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when training has begun; rejects with what prevented it. */
  get began(): Promise<RunSummary> {
    return this.#began.promise;
  }

  /** Resolves with the run as it ended, whichever way. */
  get ended(): Promise<RunSummary> {
    return this.#ended.promise;
  }

  /** Resolves when the person's wish has taken effect, or the run is over. */
  control(control: ControlWithoutId): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(requestId, resolve);
      this.#options.channel.send({ ...control, requestId });
    });
  }

  /** Ends the run because Weft ends: its weights are written if that takes no longer than `patienceMs`. */
  async interrupt(patienceMs: number): Promise<void> {
    this.#isInterrupted = true;
    const timer = setTimeout(() => this.#options.channel.kill(), patienceMs);
    void this.control({ kind: 'stop' });
    await Promise.allSettled([this.#ended.promise]);
    clearTimeout(timer);
  }

  /** Ends the process at once and writes nothing more; resolves when it is gone. */
  async abandon(): Promise<void> {
    this.#isOver = true;
    this.#watchdog.stop();
    this.#progressThrottle.cancel();
    this.#options.channel.kill();
    await this.#exited.promise;
    await this.#writing;
    const error = new WeftError('run.discarded', 'The run was discarded.');
    this.#began.reject(error);
    this.#ended.reject(error);
    this.#answerAll();
  }

  #receive(message: unknown): void {
    if (this.#isOver) return;
    this.#watchdog.heard();
    const parsed = v.safeParse(fromTrainingSchema, message);
    if (parsed.success) this.#handle(parsed.output);
    else this.#processEnded(`its message was wrong, ${describeIssue(parsed.issues)}`);
  }

  #handle(message: FromTraining): void {
    switch (message.kind) {
      case 'began': {
        const { facts, resumed } = message;
        this.#batchesPerEpoch = facts.batchesPerEpoch;
        this.#hasBegun = true;
        const resumes = resumed === null ? {} : { resumes: this.#goOnFrom(resumed) };
        this.#changeState(
          this.#options.order.paused ? 'paused' : 'running',
          { ...facts, ...resumes, failure: null },
          (run) => this.#began.resolve(run),
        );
        return;
      }
      case 'progressed': {
        const { progress, steps, losses, accuracies } = message;
        this.#addSteps(steps, losses, accuracies);
        const { state } = this.#progress;
        this.#progress = progress;
        this.#progressThrottle.offer(this.progress);
        const isSwitch = progress.state === 'running' || progress.state === 'paused';
        if (isSwitch && progress.state !== state) this.#changeState(progress.state, {});
        return;
      }
      case 'epochEnded':
        this.#history.add({ epoch: message.record });
        this.#write(() => this.#options.runs.noteEpoch(this.runId, message.record));
        return;
      case 'learningRateChanged':
        this.#history.add({
          learningRateChange: { step: message.step, learningRate: message.learningRate },
        });
        return;
      case 'checkpointed':
        this.#write(() => this.#options.runs.noteCheckpoint(this.runId));
        return;
      case 'alive':
        return;
      case 'kept':
        this.#write(async () => {
          await this.#options.runs.change(this.runId, { keptEpoch: message.epoch, temperature: null });
        });
        return;
      case 'ended':
        this.#end(this.#isInterrupted ? 'interrupted' : message.state, null);
        return;
      case 'failed':
        this.#end('failed', message.error);
        return;
      case 'answered':
        this.#waiting.get(message.requestId)?.();
        this.#waiting.delete(message.requestId);
        return;
      // What other processes are asked for: a run's own answers none of it.
      case 'evaluated':
      case 'inspected':
      case 'predicted':
      case 'neighboursFound':
      case 'duplicatesProgressed':
      case 'duplicatesFound':
      case 'importProgressed':
      case 'importRead':
      case 'exported':
      case 'refused':
        return;
    }
  }

  #addSteps(steps: Uint32Array, losses: Float32Array, accuracies: Float32Array): void {
    steps.forEach((step, index) => {
      this.#history.add({ step, loss: losses[index]!, accuracy: accuracies[index]! });
    });
  }

  /** Forgets what came after the checkpoint. Returns what the record says of all resumes. */
  #goOnFrom(resumed: NonNullable<Extract<FromTraining, { kind: 'began' }>['resumed']>): RunRecord['resumes'] {
    const { historyBytes, ...point } = resumed;
    const { earlier, runs } = this.#options;
    this.#history = decodeHistory(earlier?.historyBytes.subarray(0, historyBytes) ?? new Uint8Array());
    const { epochs } = this.#history;
    this.#write(() => runs.resetEpochs(this.runId, epochs));
    return [...(earlier?.resumes ?? []), { at: new Date().toISOString(), ...point }];
  }

  #changeState(state: RunState, changes: Partial<RunRecord>, then?: (run: RunSummary) => void): void {
    this.#progress = { ...this.#progress, state };
    this.#write(async () => {
      const run = await this.#save({ ...changes, state });
      this.#options.onChange(run);
      then?.(run);
    });
  }

  #end(state: RunState, failure: ErrorData | null): void {
    this.#isOver = true;
    this.#watchdog.stop();
    this.#progress = { ...this.#progress, state, trouble: null };
    this.#progressThrottle.offer(this.#progress);
    this.#progressThrottle.flush();
    if (!this.#hasBegun) {
      const interruption = { code: 'run.interrupted', message: 'Weft ended before training began.' };
      this.#began.reject(fromErrorData(failure ?? interruption));
    }
    this.#write(async () => {
      const { earlier } = this.#options;
      const isAsBefore = !this.#hasBegun && earlier !== null;
      const run = await this.#save(
        isAsBefore ? { state: earlier.state, failure: earlier.failure } : { state, failure },
      );
      if (this.#hasBegun || isAsBefore) this.#options.onChange(run);
      this.#ended.resolve(run);
    });
    this.#answerAll();
    this.#options.channel.kill();
  }

  #processEnded(reason: string): void {
    this.#exited.resolve(undefined);
    if (this.#isOver) return;
    if (this.#isInterrupted) {
      this.#end('interrupted', null);
      return;
    }
    this.#end('failed', {
      code: 'training.process-ended',
      message: `The training process of this run ended unexpectedly (${reason}).`,
      remedy:
        'Resume goes on from its last checkpoint; if it happens again, try a smaller network or batch in a new run.',
    });
  }

  #answerAll(): void {
    for (const answer of this.#waiting.values()) answer();
    this.#waiting.clear();
  }

  /** What can't be written is still true in memory, and whoever waits for it must hear of it. */
  async #save(changes: Partial<RunRecord>): Promise<RunSummary> {
    try {
      return await this.#options.runs.change(this.runId, changes);
    } catch (error) {
      console.warn(`Run "${this.runId}": ${toErrorData(error).message}`);
      return this.#options.runs.summary(this.runId);
    }
  }

  /** Training goes on when its record can't be written; the process itself waits when its checkpoints can't. */
  #write(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      console.warn(`Run "${this.runId}": ${toErrorData(error).message}`);
    });
  }
}
