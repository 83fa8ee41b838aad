import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../src-main/engine/trainer.ts';
import { everyOption, smallTrainerOptions } from './samples.ts';

const batchSize = 64;
const steps = 300;
/** Until V8 has optimised what a step runs: that allocates, too. */
const warmUpSteps = 1500;
/**
 * V8 compiles now and then and forgets what it had compiled, and the test runner has messages of its own: the median of
 * some rounds is free of that.
 */
const rounds = 9;
/** Bytes that a step may leave behind: less than an object and an array. Measuring itself leaves up to 20 a step. */
const keptBytesOfStep = 64;
/**
 * Bytes that a step may use in passing: its report, and numbers that V8 puts on the heap when they are handed from
 * function to function, some 1000 bytes in all. The activations of the smallest layer are 12 KiB.
 */
const passingBytesOfStep = 4096;

const isAction = (value: unknown): value is () => void => typeof value === 'function';

/** V8's collector, which only a flag makes visible. */
function findGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (!isAction(collect)) throw new Error('V8 gives no access to its garbage collector.');
  return collect;
}

it('steps with everything that a recipe can ask for keep no memory, and hardly use any in passing', async () => {
  const collectGarbage = findGarbageCollector();
  const layers = [
    { type: 'convolution', filters: 5, kernel: 3, stride: 1, padding: 1, activation: 'gelu' },
    { type: 'max-pooling', size: 2, stride: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 24, activation: 'silu' },
    { type: 'dropout', rate: 0.3 },
  ];
  const schedule = { type: 'cosine', final: 0.1 };
  const imageCount = batchSize * (warmUpSteps + rounds * steps);
  const changes = { ...everyOption, layers, schedule, batchSize };
  const trainer = await createTrainer(smallTrainerOptions(changes, imageCount));
  trainer.train(Infinity, warmUpSteps);
  const measured = Array.from({ length: rounds }, () => {
    collectGarbage();
    const before = process.memoryUsage();
    trainer.train(Infinity, steps);
    const passing = process.memoryUsage().heapUsed - before.heapUsed;
    collectGarbage();
    const after = process.memoryUsage();
    const buffers = after.arrayBuffers - before.arrayBuffers;
    return { passing, kept: after.heapUsed - before.heapUsed, buffers };
  });
  expect(trainer.step).toBe(warmUpSteps + rounds * steps);
  const median = (values: number[]): number => values.sort((a, b) => a - b)[(rounds - 1) / 2]!;
  expect(median(measured.map(({ buffers }) => buffers))).toBe(0);
  expect(median(measured.map(({ kept }) => kept))).toBeLessThan(keptBytesOfStep * steps);
  expect(median(measured.map(({ passing }) => passing))).toBeLessThan(passingBytesOfStep * steps);
});
