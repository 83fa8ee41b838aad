// The program of a worker thread: plans the same network on the same memory and runs its share of every pass.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelBuildNamed } from '../kernels/select.ts';
import type { Batch } from '../operation.ts';
import { readBatch, readPass, waitForAll } from './control.ts';
import type { ThreadTask } from './engine.ts';
import { planEngine } from './enginePlan.ts';
import { runPass } from './runPass.ts';

function work({ specification, thread, memory }: ThreadTask): void {
  const plan = planEngine(specification);
  plan.arena.bind(memory.buffer);
  const kernels = kernelBuildNamed(specification.kernels).create(memory, plan.scratch[thread]!.byteOffset);
  const wait = (): void => {
    waitForAll(plan.control, specification.threads);
  };
  const batch: Batch = { rows: 0, first: 0, startsSum: true, scale: 0 };
  parentPort?.postMessage('ready');
  for (;;) {
    wait();
    const pass = readPass(plan.control);
    if (pass === null) return;
    readBatch(plan.control, batch);
    runPass(plan.passes[pass], kernels, batch, thread, specification.threads, wait);
    wait();
  }
}

const isThreadTask = (value: unknown): value is ThreadTask =>
  typeof value === 'object' &&
  value !== null &&
  'specification' in value &&
  'thread' in value &&
  'memory' in value;

const task: unknown = workerData;
if (!isThreadTask(task))
  throw new Error('This program is a thread of Weft: it is started by the engine alone.');
work(task);
