// The program of a worker thread: plans the same network on the same memory and runs its share of every pass.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelBuildNamed } from '../kernels/select.ts';
import type { Thread } from '../operation.ts';
import { readBatch, readPass, waitForAll } from './control.ts';
import type { ThreadTask } from './engine.ts';
import { planEngine } from './enginePlan.ts';
import { runsOf } from './passRun.ts';

function work({ specification, thread, memory }: ThreadTask): void {
  const plan = planEngine(specification);
  plan.arena.bind(memory.buffer);
  const own: Thread = {
    kernels: kernelBuildNamed(specification.kernels).create(memory, plan.kernelScratch[thread]!.byteOffset),
    batch: { rows: 0, first: 0, startsSum: true, scale: 0, noise: 0 },
    scratch: plan.scratch[thread]!,
  };
  const runs = runsOf(plan);
  const wait = (): void => {
    waitForAll(plan.control, specification.threads);
  };
  parentPort?.postMessage('ready');
  for (;;) {
    wait();
    const pass = readPass(plan.control);
    if (pass === null) return;
    readBatch(plan.control, own.batch);
    runs[pass].runAll(own, thread, specification.threads, wait);
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
