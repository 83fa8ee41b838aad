// Lets one process at a time install or build: two at once over the same folders leave neither whole. Plain Node, as
// nothing is installed yet when it runs. Works as src-main/files/ownership.ts does: the highest-numbered file names who
// is at work, and to create the next number is to begin.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 200;
/** A file is empty for a moment before its process has written its id. */
const unwrittenLimitMs = 2000;
/** Longer than any build: by then the process id means another program. */
const longestWorkMs = 15 * 60_000;
const ended = 'ended';

const numbersIn = (folder) =>
  readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);

function isAlive(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The process that is at work by this file; undefined when none is. */
function workerOf(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (text === ended || ageMs > longestWorkMs) return undefined;
    if (text === '') return ageMs < unwrittenLimitMs ? 'unknown' : undefined;
    return isAlive(Number(text)) ? text : undefined;
  } catch (error) {
    // It has just given way to a higher number.
    if (error.code === 'ENOENT') return 'unknown';
    throw error;
  }
}

/** Whether this process has become the one that is at work by creating this number. */
function begin(folder, number) {
  try {
    writeFileSync(join(folder, String(number)), String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  if (numbersIn(folder).at(-1) !== number) {
    rmSync(join(folder, String(number)), { force: true });
    return false;
  }
  for (const earlier of numbersIn(folder)) {
    if (earlier < number) rmSync(join(folder, String(earlier)), { force: true });
  }
  return true;
}

/** Waits until no other process is at work by this folder, then works. `onWait` is told once which one is waited for. */
export async function exclusively(folder, onWait, work) {
  mkdirSync(folder, { recursive: true });
  let hasTold = false;
  for (;;) {
    const latest = numbersIn(folder).at(-1) ?? 0;
    const worker = latest === 0 ? undefined : workerOf(join(folder, String(latest)));
    if (worker === undefined) {
      if (!begin(folder, latest + 1)) continue;
      try {
        return await work();
      } finally {
        writeFileSync(join(folder, String(latest + 1)), ended);
      }
    }
    if (!hasTold && worker !== 'unknown') {
      hasTold = true;
      onWait(worker);
    }
    await delay(lookEveryMs);
  }
}
