// The core's side of training: one run at a time, in a process of its own.
import { WeftError } from '../../src-shared/failure.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import {
  isActiveState,
  type RunHistory,
  type RunProgress,
  type RunSummary,
} from '../../src-shared/schemas/run.ts';
import type { Corrections } from '../files/corrections.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { TrainingChannel } from './channel.ts';
import type { TrainingOrder } from './messages.ts';
import { SupervisedRun, type EarlierRun } from './supervisedRun.ts';

/** How long a run may take to write its weights when Weft ends. */
const interruptPatienceMs = 3000;

export interface SupervisorOptions {
  runs: RunStore;
  dataDirectory: string;
  weftVersion: string;
  spawnTraining: () => TrainingChannel;
  /** At most ten times a second. */
  onProgress: (progress: RunProgress) => void;
  onChange: (run: RunSummary) => void;
  onRemove: (runId: string) => void;
}

/** What `run.start` says, checked. */
export interface TrainingRequest {
  recipe: Recipe;
  dataset: Pick<DatasetSummary, 'id' | 'classes' | 'shape'>;
  name: string;
  threads: number;
  paused: boolean;
  /** Those of the dataset to train with; none where it is left out. */
  corrections?: Corrections | null;
  /** Names the run's folder; undefined lets the store choose. */
  runId?: string | undefined;
}

/** What `run.resume` says, checked. */
export interface ResumeRequest {
  runId: string;
  threads: number;
  paused: boolean;
  /** From there on; null leaves it as it was. */
  learningRate: number | null;
}

export class TrainingSupervisor {
  readonly #options: SupervisorOptions;
  /** The run under way, or the last one: its history stays in memory, complete. */
  #latest: SupervisedRun | undefined;
  #isStarting = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when training has begun. Throws `run.busy`, `run.discarded`, and what prevented it; nothing of
   * the run is then left. */
  async start(request: TrainingRequest): Promise<RunSummary> {
    const run = await this.#begin(() => this.#create(request));
    try {
      return await run.began;
    } catch (error) {
      // Whoever discarded it removes it.
      if (error instanceof WeftError && error.code === 'run.discarded') throw error;
      await Promise.allSettled([run.ended]);
      await this.#options.runs.remove(run.runId).catch(() => undefined);
      this.#options.onRemove(run.runId);
      throw error;
    }
  }

  /**
   * Goes on with a run that is paused, or with one that has ended and has epochs left, from its newest good checkpoint.
   * Resolves when it goes on. Throws `run.busy`, `run.finished`, `run.no-checkpoint`, `run.other-dataset` and what else
   * prevented it; an ended run is then as it was.
   */
  async resume(request: ResumeRequest): Promise<RunSummary> {
    const { runId, learningRate } = request;
    if (this.isUnderWay(runId)) {
      if (learningRate !== null) await this.changeLearningRate(runId, learningRate);
      await this.#active(runId).control({ kind: request.paused ? 'pause' : 'resume' });
      return this.#options.runs.summary(runId);
    }
    const run = await this.#begin(() => this.#takeOn(request));
    return run.began;
  }

  async #begin(make: () => Promise<SupervisedRun>): Promise<SupervisedRun> {
    if (this.#isStarting || this.current() !== null) {
      throw new WeftError(
        'run.busy',
        'Another run is being trained; there can be one at a time.',
        'Stop it, or wait until it has finished.',
      );
    }
    this.#isStarting = true;
    try {
      return await make();
    } finally {
      this.#isStarting = false;
    }
  }

  /** Where the run under way is. */
  current(): RunProgress | null {
    return this.#latest === undefined || this.#latest.isOver ? null : this.#latest.progress;
  }

  isUnderWay(runId: string): boolean {
    return this.current()?.runId === runId;
  }

  /** Resolves when the run is over; at once where it is not under way. Throws `run.unknown`, `run.discarded`. */
  ended(runId: string): Promise<RunSummary> {
    return this.#latest?.runId === runId ? this.#latest.ended : this.#options.runs.summary(runId);
  }

  /** Throws `run.not-active`, as all that follow do when the run is not under way. */
  pause(runId: string): Promise<void> {
    return this.#active(runId).control({ kind: 'pause' });
  }

  /** Resolves when the batch is done. */
  step(runId: string): Promise<void> {
    return this.#active(runId).control({ kind: 'step' });
  }

  /** Resolves when the run's weights are kept. */
  async stop(runId: string): Promise<RunSummary> {
    const run = this.#active(runId);
    void run.control({ kind: 'stop' });
    return run.ended;
  }

  /** Ends the run and removes everything of it. */
  async discard(runId: string): Promise<void> {
    await this.#active(runId).abandon();
    await this.#options.runs.remove(runId);
    this.#options.onRemove(runId);
  }

  changeLearningRate(runId: string, learningRate: number): Promise<void> {
    return this.#active(runId).control({ kind: 'changeLearningRate', learningRate });
  }

  /** Complete for the latest run; undefined for any other. */
  history(runId: string, afterStep: number, afterEpoch: number): RunHistory | undefined {
    const run = this.#latest?.runId === runId ? this.#latest : undefined;
    return run?.history.after(afterStep, afterEpoch, run.batchesPerEpoch);
  }

  /** Ends the process; a run under way is kept as interrupted. */
  async close(): Promise<void> {
    if (this.#latest !== undefined && !this.#latest.isOver) await this.#latest.interrupt(interruptPatienceMs);
    // The last writes of a run that has just ended.
    await Promise.allSettled([this.#latest?.ended]);
  }

  async #create(request: TrainingRequest): Promise<SupervisedRun> {
    const { recipe, dataset, corrections, name, threads, paused, runId } = request;
    const { runs, weftVersion } = this.#options;
    const summary = await runs.create(
      {
        name,
        datasetId: dataset.id,
        recipe,
        state: 'preparing',
        weftVersion,
        classes: dataset.classes,
        shape: dataset.shape,
      },
      runId,
      corrections,
    );
    return this.#train(summary, { threads, paused, resume: null }, null);
  }

  async #takeOn({ runId, threads, paused, learningRate }: ResumeRequest): Promise<SupervisedRun> {
    const { runs } = this.#options;
    const before = await runs.summary(runId);
    if (before.state === 'finished') {
      throw new WeftError(
        'run.finished',
        `"${before.name}" has trained all that its recipe asks for.`,
        'Start a new run with more epochs.',
      );
    }
    if (!isActiveState(before.state) && !before.canResume) {
      throw new WeftError(
        'run.no-checkpoint',
        `"${before.name}" has no checkpoint that it could go on from.`,
        'Start a new run of the same recipe.',
      );
    }
    const { state, failure, resumes } = before;
    const historyBytes = await runs.historyBytes(runId);
    await runs.takeOn(runId);
    const summary = await runs.change(runId, { state: 'preparing' });
    return this.#train(
      summary,
      { threads, paused, resume: { learningRate } },
      { state, failure, resumes, historyBytes },
    );
  }

  #train(
    summary: RunSummary,
    wishes: Pick<TrainingOrder, 'threads' | 'paused' | 'resume'>,
    earlier: EarlierRun | null,
  ): SupervisedRun {
    const { runs, dataDirectory, weftVersion, spawnTraining, onProgress, onChange } = this.#options;
    const { id: runId, name, createdAt, datasetId, corrections, recipe } = summary;
    const run = new SupervisedRun({
      runs,
      channel: spawnTraining(),
      order: {
        kind: 'train',
        ...{ runId, name, createdAt, weftVersion, dataDirectory, datasetId, corrections, recipe },
        ...wishes,
        runFolder: runs.folder(runId),
      },
      earlier,
      onProgress,
      onChange,
    });
    this.#latest = run;
    onChange(summary);
    return run;
  }

  #active(runId: string): SupervisedRun {
    if (this.#latest !== undefined && this.isUnderWay(runId)) return this.#latest;
    throw new WeftError('run.not-active', `Run "${runId}" is not being trained now.`);
  }
}
