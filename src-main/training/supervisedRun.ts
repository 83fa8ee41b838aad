// One run as the core sees it: the process that trains it, its history in memory and its record on the disk.
import * as v from 'valibot';
import { fromErrorData, toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { RunProgress, RunState, RunSummary } from '../../src-shared/schemas/run.ts';
import { stepsPerStoredPoint, TrainingHistory, type HistoryEntry } from '../runs/historyFile.ts';
import type { RunRecord } from '../runs/runRecord.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { TrainingChannel } from './channel.ts';
import { createDeferred } from './deferred.ts';
import { fromTrainingSchema, type Control, type FromTraining, type TrainingOrder } from './messages.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/** Progress reaches pages at most ten times a second. */
const progressIntervalMs = 100;

export interface SupervisedRunOptions {
  runs: RunStore;
  channel: TrainingChannel;
  order: TrainingOrder;
  onProgress: (progress: RunProgress) => void;
  onChange: (run: RunSummary) => void;
}

type ControlWithoutId = Control extends infer C ? (C extends Control ? Omit<C, 'requestId'> : never) : never;

export class SupervisedRun {
  readonly runId: string;
  readonly history = new TrainingHistory();
  readonly #options: SupervisedRunOptions;
  readonly #began = createDeferred<RunSummary>();
  readonly #ended = createDeferred<RunSummary>();
  readonly #exited = createDeferred<undefined>();
  readonly #waiting = new Map<number, () => void>();
  readonly #progressThrottle: Throttle<RunProgress>;
  #nextRequestId = 1;
  #progress: RunProgress;
  #batchesPerEpoch = 0;
  #stepsPerStoredPoint = 1;
  #hasBegun = false;
  #isOver = false;
  #isInterrupted = false;
  /** What is to be written follows what was written before. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SupervisedRunOptions) {
    this.#options = options;
    const { order, channel } = options;
    this.runId = order.runId;
    this.#progress = {
      runId: order.runId,
      state: 'preparing',
      epoch: 1,
      epochs: order.recipe.epochs,
      batch: 0,
      batches: 0,
      step: 0,
      stepProgress: 0,
      imagesPerSecond: 0,
      secondsElapsed: 0,
      secondsLeft: null,
      learningRate: 0,
    };
    this.#progressThrottle = createThrottle(progressIntervalMs, options.onProgress);
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => this.#processEnded(reason));
    channel.send(order);
  }

  get progress(): RunProgress {
    return this.#progress;
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
    const parsed = v.safeParse(fromTrainingSchema, message);
    if (parsed.success) this.#handle(parsed.output);
    else this.#processEnded(`its message was wrong, ${describeIssue(parsed.issues)}`);
  }

  #handle(message: FromTraining): void {
    switch (message.kind) {
      case 'began': {
        const { facts } = message;
        this.#batchesPerEpoch = facts.batchesPerEpoch;
        this.#stepsPerStoredPoint = stepsPerStoredPoint(
          facts.batchesPerEpoch * this.#options.order.recipe.epochs,
        );
        this.#hasBegun = true;
        this.#changeState(this.#options.order.paused ? 'paused' : 'running', facts, (run) =>
          this.#began.resolve(run),
        );
        return;
      }
      case 'progressed': {
        const { progress, steps, losses, accuracies } = message;
        this.#addSteps(steps, losses, accuracies);
        const { state } = this.#progress;
        this.#progress = progress;
        this.#progressThrottle.offer(progress);
        const isSwitch = progress.state === 'running' || progress.state === 'paused';
        if (isSwitch && progress.state !== state) this.#changeState(progress.state, {});
        return;
      }
      case 'epochEnded':
        this.#record([{ epoch: message.record }]);
        return;
      case 'learningRateChanged':
        this.#record([{ learningRateChange: { step: message.step, learningRate: message.learningRate } }]);
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
      case 'evaluated':
      case 'inspected':
      case 'neighboursFound':
      case 'exported':
      case 'refused':
        return;
    }
  }

  #addSteps(steps: Uint32Array, losses: Float32Array, accuracies: Float32Array): void {
    const stored: HistoryEntry[] = [];
    steps.forEach((step, index) => {
      const point = { step, loss: losses[index]!, accuracy: accuracies[index]! };
      this.history.add(point);
      if (step % this.#stepsPerStoredPoint === 0) stored.push(point);
    });
    this.#write(() => this.#options.runs.append(this.runId, stored));
  }

  #record(entries: HistoryEntry[]): void {
    for (const entry of entries) this.history.add(entry);
    this.#write(() => this.#options.runs.append(this.runId, entries));
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
    this.#progress = { ...this.#progress, state };
    this.#progressThrottle.offer(this.#progress);
    this.#progressThrottle.flush();
    if (!this.#hasBegun) {
      const interruption = { code: 'run.interrupted', message: 'Weft ended before training began.' };
      this.#began.reject(fromErrorData(failure ?? interruption));
    }
    this.#write(async () => {
      const run = await this.#save({ state, failure });
      if (this.#hasBegun) this.#options.onChange(run);
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
        'What it had kept by then is still there. Start the run again; if it happens again, try a smaller network or batch.',
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

  /** Training goes on when its record can't be written; the process itself fails when its weights can't. */
  #write(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      console.warn(`Run "${this.runId}": ${toErrorData(error).message}`);
    });
  }
}
