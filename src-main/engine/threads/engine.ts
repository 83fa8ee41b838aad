// A planned network with its memory, its kernels and its threads: runs passes.
import { Worker } from 'node:worker_threads';
import { WeftError } from '../../../src-shared/failure.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { kernelBuildNamed, selectKernels } from '../kernels/select.ts';
import type { NetworkSpecification, PassName } from '../network.ts';
import type { Batch } from '../operation.ts';
import { announcePass, waitForAll } from './control.ts';
import { planEngine, type EnginePlan, type EngineSpecification } from './enginePlan.ts';
import { runPass } from './runPass.ts';

/** What a worker thread is started with. */
export interface ThreadTask {
  specification: EngineSpecification;
  /** From 1; 0 is the thread that started the others. */
  thread: number;
  memory: WebAssembly.Memory;
}

/** No single operation takes this long: a thread that others wait for so long is gone. */
const lostThreadMs = 60_000;

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
  /** Whether passes are shared among the threads; else the first one does all, with the same bits, and the others sleep. */
  isShared = true;
  readonly #kernels: Kernels;
  readonly #workers: readonly Worker[];
  readonly #waitForOthers = (): void => this.#wait();
  #isClosed = false;

  private constructor(
    plan: EnginePlan,
    specification: EngineSpecification,
    kernels: Kernels,
    workers: readonly Worker[],
  ) {
    this.plan = plan;
    this.kernels = specification.kernels;
    this.threads = specification.threads;
    this.#kernels = kernels;
    this.#workers = workers;
  }

  /**
   * Allocates the network's memory and starts its threads. Throws `recipe.invalid`, `network.too-large` and
   * `network.no-memory`.
   */
  static async start(network: NetworkSpecification, threads: number, workerProgram: URL): Promise<Engine> {
    const specification: EngineSpecification = { network, threads, kernels: selectKernels().name };
    const plan = planEngine(specification);
    const memory = plan.arena.createMemory();
    plan.arena.bind(memory.buffer);
    const kernels = kernelBuildNamed(specification.kernels).create(memory, plan.scratch[0]!.byteOffset);
    const workers = Array.from({ length: threads - 1 }, (_value, index) => {
      const task: ThreadTask = { specification, thread: index + 1, memory };
      return new Worker(workerProgram, { workerData: task });
    });
    await Promise.all(workers.map((worker) => happens(worker, 'message')));
    // Only a pass keeps them busy: a process that has nothing else to do may end.
    for (const worker of workers) worker.unref();
    return new Engine(plan, specification, kernels, workers);
  }

  /** Runs a pass and returns when it is done. */
  runPass(pass: PassName, batch: Batch): void {
    const operations = this.plan.passes[pass];
    if (this.threads === 1 || !this.isShared) {
      runPass(operations, this.#kernels, batch, 0, 1, this.#waitForOthers);
      return;
    }
    announcePass(this.plan.control, pass, batch);
    this.#wait();
    runPass(operations, this.#kernels, batch, 0, this.threads, this.#waitForOthers);
    this.#wait();
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ends = this.#workers.map((worker) => {
      worker.ref();
      return happens(worker, 'exit');
    });
    if (this.threads > 1) {
      announcePass(this.plan.control, null, { rows: 0, first: 0, startsSum: false, scale: 0 });
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
