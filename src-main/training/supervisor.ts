// The core's side of training: one run at a time, in a process of its own.
import { WeftError } from '../../src-shared/failure.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunHistory, RunProgress, RunSummary } from '../../src-shared/schemas/run.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { TrainingChannel } from './channel.ts';
import { SupervisedRun } from './supervisedRun.ts';

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
    if (this.#isStarting || this.current() !== null) {
      throw new WeftError(
        'run.busy',
        'Another run is being trained; there can be one at a time.',
        'Stop it, or wait until it has finished.',
      );
    }
    this.#isStarting = true;
    let run: SupervisedRun;
    try {
      run = await this.#create(request);
    } finally {
      this.#isStarting = false;
    }
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

  /** Where the run under way is. */
  current(): RunProgress | null {
    return this.#latest === undefined || this.#latest.isOver ? null : this.#latest.progress;
  }

  isUnderWay(runId: string): boolean {
    return this.current()?.runId === runId;
  }

  /** Throws `run.not-active`, as all that follow do when the run is not under way. */
  pause(runId: string): Promise<void> {
    return this.#active(runId).control({ kind: 'pause' });
  }

  resume(runId: string): Promise<void> {
    return this.#active(runId).control({ kind: 'resume' });
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

  async #create({ recipe, dataset, name, threads, paused }: TrainingRequest): Promise<SupervisedRun> {
    const { runs, dataDirectory, weftVersion, spawnTraining, onProgress, onChange } = this.#options;
    const summary = await runs.create({
      name,
      datasetId: dataset.id,
      recipe,
      state: 'preparing',
      weftVersion,
      classes: dataset.classes,
      shape: dataset.shape,
    });
    const run = new SupervisedRun({
      runs,
      channel: spawnTraining(),
      order: {
        kind: 'train',
        runId: summary.id,
        name,
        createdAt: summary.createdAt,
        weftVersion,
        dataDirectory,
        datasetId: dataset.id,
        recipe,
        threads,
        paused,
        modelPath: runs.modelPath(summary.id),
        predictionsPath: runs.predictionsPath(summary.id),
      },
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
