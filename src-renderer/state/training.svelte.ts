// The run on the Train screen: the one under way, or else the latest. Follows the core's events, fetches the history
// it lacks (one request at a time), and sends the person's commands.
import { WeftError } from '../../src-shared/failure.ts';
import type { Client } from '../../src-shared/protocol.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import {
  isActiveState,
  type RunProgress,
  type RunState,
  type RunSummary,
} from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';
import { RunCurves } from './runCurves.ts';
import { attempt } from './toasts.svelte.ts';

type TrainingCommand =
  'run.start' | 'run.pause' | 'run.resume' | 'run.step' | 'run.stop' | 'run.changeLearningRate';

/** The run ended while the command was on its way: the screen says so already. */
const overtakenCodes: readonly string[] = ['run.not-active', 'run.discarded'];

function ignoreOvertaken(error: unknown): void {
  if (!(error instanceof WeftError && overtakenCodes.includes(error.code))) throw error;
}

class Training {
  /** Null before the first run of this data directory. */
  run = $state.raw<RunSummary | null>(null);
  /** The latest word on where the run is; null for a run that this page did not see running. */
  progress = $state.raw<RunProgress | null>(null);
  /** Grows in place; `curvesVersion` changes when it did. */
  curves = $state.raw(new RunCurves());
  curvesVersion = $state(0);
  /** The command that was sent and is not answered yet. */
  pending = $state.raw<TrainingCommand | null>(null);
  readonly isBusy = $derived(this.pending !== null);

  /** Of a run under way, as of its progress; that it has ended its summary tells, together with what it reached. */
  readonly state: RunState | null = $derived(
    this.run !== null &&
      isActiveState(this.run.state) &&
      this.progress !== null &&
      isActiveState(this.progress.state)
      ? this.progress.state
      : (this.run?.state ?? null),
  );
  readonly isActive = $derived(this.state !== null && isActiveState(this.state));

  #isFetching = false;
  #isFetchWanted = false;
  #isSubscribed = false;

  constructor() {
    app.onConnected((client) => {
      this.#subscribe(client);
      attempt(() => this.#restore(client));
    });
  }

  /** Stepwise: the run begins paused and trains its first batch. */
  start(
    recipe: Recipe,
    datasetId: string,
    wishes: { threads: number; corrections: 'apply' | 'ignore'; isStepwise: boolean },
  ): void {
    const { isStepwise, ...others } = wishes;
    this.#send('run.start', async () => {
      const run = await app.client.call('run.start', { recipe, datasetId, ...others, paused: isStepwise });
      this.#show(run);
      if (isStepwise) await app.client.call('run.step', { runId: run.id });
    });
  }

  pause(): void {
    this.#command('run.pause');
  }

  resume(): void {
    this.#command('run.resume');
  }

  /**
   * Goes on with a run that has ended, from its last checkpoint; paused, so that the learning rate can be changed first,
   * where `isPaused`.
   */
  resumeEnded({ id }: RunSummary, isPaused: boolean): void {
    this.#send('run.resume', async () => {
      const { threads } = app.settings;
      this.#show(await app.client.call('run.resume', { runId: id, threads, paused: isPaused }));
    });
  }

  step(): void {
    this.#command('run.step');
  }

  stopAndKeep(): void {
    this.#send('run.stop', async (runId) => {
      this.#runChanged(await app.client.call('run.stop', { runId }));
    });
  }

  /** Waits for no other command: a batch that takes minutes, or a run being prepared, can be given up at once. */
  discard(): void {
    const runId = this.run?.id ?? '';
    attempt(() => app.client.call('run.discard', { runId }).catch(ignoreOvertaken));
  }

  changeLearningRate(learningRate: number): void {
    this.#send('run.changeLearningRate', async (runId) => {
      await app.client.call('run.changeLearningRate', { runId, learningRate });
      this.#fetchHistory();
    });
  }

  #command(command: 'run.pause' | 'run.resume' | 'run.step'): void {
    this.#send(command, (runId) => app.client.call(command, { runId }));
  }

  /** One command at a time: a key held down must not send a hundred. */
  #send(command: TrainingCommand, work: (runId: string) => Promise<unknown>): void {
    if (this.isBusy) return;
    this.pending = command;
    attempt(() =>
      work(this.run?.id ?? '')
        .catch(ignoreOvertaken)
        .finally(() => (this.pending = null)),
    );
  }

  #subscribe(client: Client): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    client.on('run.progressed', (progress) => this.#progressed(progress));
    client.on('run.changed', (run) => this.#runChanged(run));
    client.on('run.removed', ({ runId }) => {
      if (runId === this.run?.id) this.#show(null);
    });
  }

  /** What a page that was reloaded, or lost its connection, does to be where it was. */
  async #restore(client: Client): Promise<void> {
    const [progress, runs] = await Promise.all([client.call('run.current', {}), client.call('run.list', {})]);
    const latest = runs.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1))[0] ?? null;
    const run =
      runs.find((one) => one.id === progress?.runId) ?? runs.find((one) => one.id === this.run?.id) ?? latest;
    this.#show(run);
    if (progress !== null && progress.runId === run?.id) this.progress = progress;
  }

  #show(run: RunSummary | null): void {
    // What came after the checkpoint that a run was gone on with from is trained again.
    if (run?.id !== this.run?.id || run?.resumes.length !== this.run?.resumes.length) {
      this.curves = new RunCurves();
      this.curvesVersion += 1;
      if (this.progress?.runId !== run?.id) this.progress = null;
    }
    this.run = run;
    this.#fetchHistory();
  }

  #progressed(progress: RunProgress): void {
    this.progress = progress;
    if (progress.runId === this.run?.id) this.#fetchHistory();
    else attempt(() => this.#restore(app.client));
  }

  #runChanged(run: RunSummary): void {
    const isNewRun = isActiveState(run.state) && run.id !== this.run?.id;
    if (isNewRun || run.id === this.run?.id) this.#show(run);
  }

  /** Asks for what is lacking; a wish that comes while an answer is awaited is met once, after it. */
  #fetchHistory(): void {
    if (this.#isFetching) {
      this.#isFetchWanted = true;
      return;
    }
    const { run, curves } = this;
    if (run === null) return;
    this.#isFetching = true;
    this.#isFetchWanted = false;
    attempt(async () => {
      try {
        curves.append(await app.client.call('run.history', { runId: run.id, ...curves.position }));
        this.curvesVersion += 1;
      } finally {
        this.#isFetching = false;
        if (this.#isFetchWanted) this.#fetchHistory();
      }
    });
  }
}

export const training = new Training();
