// A planned network with its memory, its kernels and its threads: runs passes.
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { WeftError } from '../../../src-shared/failure.ts';
import { kernelBuildNamed, selectKernels } from '../kernels/select.ts';
import type { NetworkSpecification, PassName } from '../network.ts';
import type { Batch, Thread } from '../operation.ts';
import { announcePass, waitForAll } from './control.ts';
import { planEngine, type EnginePlan, type EngineSpecification } from './enginePlan.ts';
import { runsOf, type PassRun } from './passRun.ts';

/** What a worker thread is started with. */
export interface ThreadTask {
  specification: EngineSpecification;
  /** From 1; 0 is the thread that started the others. */
  thread: number;
  memory: WebAssembly.Memory;
}

/** No piece of an operation takes this long: a thread that others wait for so long is gone. */
const lostThreadMs = 20_000;

/** Resolves at the event, which says that the thread is ready or has ended; rejects when the thread fails. */
function happens(worker: Worker, event: 'message' | 'exit'): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once(event, () => resolve());
    worker.once('error', reject);
  });
}

export class Engine {
  readonly plan: EnginePlan;
  readonly kernels: string;
  readonly threads: number;
  /**
   * Whether passes are shared among the threads; else the first one does all, with the same bits, and the others sleep.
   * Changes with the next pass.
   */
  isShared = true;
  readonly #own: Thread;
  readonly #workers: readonly Worker[];
  readonly #runs: Record<PassName, PassRun>;
  readonly #waitForOthers = (): void => this.#wait();
  #run: PassRun | null = null;
  #isRunShared = false;
  #isClosed = false;

  private constructor(plan: EnginePlan, kernels: string, own: Thread, workers: readonly Worker[]) {
    this.plan = plan;
    this.kernels = kernels;
    this.threads = workers.length + 1;
    this.#own = own;
    this.#workers = workers;
    this.#runs = runsOf(plan);
  }

  /**
   * Allocates the network's memory and starts its threads. Throws `recipe.invalid`, `layer.impossible`,
   * `network.too-large` and `network.no-memory`.
   */
  static async start(network: NetworkSpecification, threads: number, workerProgram: URL): Promise<Engine> {
    const specification: EngineSpecification = { network, threads, kernels: selectKernels().name };
    const plan = planEngine(specification);
    const memory = plan.arena.createMemory();
    plan.arena.bind(memory.buffer);
    const own: Thread = {
      kernels: kernelBuildNamed(specification.kernels).create(memory, plan.kernelScratch[0]!.byteOffset),
      batch: { rows: 0, first: 0, startsSum: true, scale: 0, noise: 0 },
      scratch: plan.scratch[0]!,
    };
    const workers = Array.from({ length: threads - 1 }, (_value, index) => {
      const task: ThreadTask = { specification, thread: index + 1, memory };
      return new Worker(workerProgram, { workerData: task });
    });
    try {
      await Promise.all(workers.map((worker) => happens(worker, 'message')));
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    }
    // Only a pass keeps them busy: a process that has nothing else to do may end.
    for (const worker of workers) worker.unref();
    return new Engine(plan, specification.kernels, own, workers);
  }

  /** Runs a pass and returns when it is done. */
  runPass(pass: PassName, batch: Batch): void {
    this.startPass(pass, batch);
    this.continuePass(Infinity);
  }

  /** Begins a pass; `continuePass` then runs it. The batch is read at once. */
  startPass(pass: PassName, batch: Batch): void {
    Object.assign(this.#own.batch, batch);
    this.#run = this.#runs[pass];
    this.#run.restart();
    this.#isRunShared = this.threads > 1 && this.isShared;
    if (!this.#isRunShared) return;
    announcePass(this.plan.control, pass, batch);
    this.#wait();
  }

  /**
   * Runs the pass until it is done or the clock (`performance.now()`) has passed `untilMs`, and returns whether it is
   * done. Meanwhile the other threads wait at the point where they need this one.
   */
  continuePass(untilMs: number): boolean {
    const run = this.#run;
    if (run === null) return true;
    while (!run.isDone) {
      run.runNext(this.#own, 0, this.#isRunShared ? this.threads : 1, this.#waitForOthers);
      if (untilMs !== Infinity && performance.now() >= untilMs) break;
    }
    if (!run.isDone) return false;
    if (this.#isRunShared) this.#wait();
    this.#run = null;
    return true;
  }

  /** The share of the pass under way that is done; 0 between passes. */
  get passProgress(): number {
    return this.#run?.progress ?? 0;
  }

  /** Ends the threads; a pass under way is given up. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#run !== null) {
      await Promise.all(this.#workers.map((worker) => worker.terminate()));
      return;
    }
    const ends = this.#workers.map((worker) => {
      worker.ref();
      return happens(worker, 'exit');
    });
    if (this.threads > 1) {
      announcePass(this.plan.control, null, { rows: 0, first: 0, startsSum: false, scale: 0, noise: 0 });
      this.#wait();
    }
    await Promise.all(ends);
  }

  #wait(): void {
    if (waitForAll(this.plan.control, this.threads, lostThreadMs)) return;
    throw new WeftError(
      'engine.thread-lost',
      'A thread of the engine has stopped answering.',
      'Start again; if it happens again, set the number of threads to 1.',
    );
  }
}
