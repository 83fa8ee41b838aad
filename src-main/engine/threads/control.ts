// What the threads of one engine tell each other through the shared memory.
import type { Arena } from '../arena.ts';
import type { Region } from '../region.ts';
import { passNames, type PassName } from '../network.ts';
import type { Batch } from '../operation.ts';

/** Places of the words. */
const places = {
  arrived: 0,
  generation: 16,
  pass: 32,
  rows: 33,
  first: 34,
  startsSum: 35,
  noise: 36,
} as const;
const wordCount = 48;

export interface Control {
  words: Region<Int32Array>;
  scale: Region<Float64Array>;
}

export function planControl(arena: Arena): Control {
  return { words: arena.words(wordCount), scale: arena.doubles(1) };
}

/** States what comes next, the pass by its number from 1 on; `null`, as 0, ends the threads. They read it after the next barrier. */
export function announcePass({ words, scale }: Control, pass: PassName | null, batch: Batch): void {
  words.data[places.pass] = pass === null ? 0 : passNames.indexOf(pass) + 1;
  words.data[places.rows] = batch.rows;
  words.data[places.first] = batch.first;
  words.data[places.startsSum] = batch.startsSum ? 1 : 0;
  words.data[places.noise] = batch.noise;
  scale.data[0] = batch.scale;
}

export function readPass({ words }: Control): PassName | null {
  return passNames[words.data[places.pass]! - 1] ?? null;
}

export function readBatch({ words, scale }: Control, batch: Batch): void {
  batch.rows = words.data[places.rows]!;
  batch.first = words.data[places.first]!;
  batch.startsSum = words.data[places.startsSum] === 1;
  batch.noise = words.data[places.noise]! >>> 0;
  batch.scale = scale.data[0]!;
}

/** Looks this often before sleeping: sleeping and waking takes 100 times as long as most waits. */
const spins = 20_000;

/**
 * Returns once all threads have called it. `timeoutMs` bounds one wait; false says that it passed, because a thread
 * has died.
 */
export function waitForAll({ words }: Control, threads: number, timeoutMs = Infinity): boolean {
  const memory = words.data;
  const generation = Atomics.load(memory, places.generation);
  if (Atomics.add(memory, places.arrived, 1) === threads - 1) {
    Atomics.store(memory, places.arrived, 0);
    Atomics.add(memory, places.generation, 1);
    Atomics.notify(memory, places.generation);
    return true;
  }
  for (let spin = 0; spin < spins; spin += 1) {
    if (Atomics.load(memory, places.generation) !== generation) return true;
  }
  while (Atomics.load(memory, places.generation) === generation) {
    if (Atomics.wait(memory, places.generation, generation, timeoutMs) === 'timed-out') return false;
  }
  return true;
}
