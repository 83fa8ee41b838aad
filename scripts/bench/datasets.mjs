// `npm run bench -- --datasets`: how long data takes to load, each task in a process of its own, beside NumPy's loadtxt.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from './python.mjs';

const mebibyte = 1024 * 1024;

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1));
  return JSON.parse(stdout);
}

/** What is measured, and what it should take at most. */
const measurements = [
  { name: 'Fashion-MNIST, from gzip files to ready', args: ['load'], seconds: 1 },
  { name: 'Fashion-MNIST, from its unpacked copy', args: ['load'], seconds: 0.15, isRepeated: true },
  { name: 'CSV of 42,000 x 785', args: ['import', 'table.csv'], seconds: 3, mebibytes: 400 },
  { name: 'folder of 10,000 PNGs', args: ['import', 'pngs'], seconds: 10 },
];

function describe(name, { seconds, residentBytes }, goal) {
  const time = `${seconds.toFixed(2)} s`.padStart(9);
  const memory = `${(residentBytes / mebibyte).toFixed(0)} MiB`.padStart(9);
  return `${name.padEnd(42)}${time}${memory}${goal === undefined ? '' : `   goal ${goal}`}`;
}

/** Prints a line for each; the exit status of the whole, 1 where a goal is missed. */
export function benchDatasets({ root, out, data, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'weft-bench-data-'));
  const program = join(out, 'main/benchDatasets.js');
  const weft = (task, ...rest) => run(process.execPath, [program, task, folder, ...rest]);
  const best = (measure) =>
    Array.from({ length: rounds }, measure).reduce((a, b) => (b.seconds < a.seconds ? b : a));
  let status = 0;
  try {
    weft('make', data);
    console.log(
      `Node ${process.version}; the best of ${rounds}, but for the first load: the only one of its kind`,
    );
    for (const { name, args, seconds, mebibytes, isRepeated } of measurements) {
      const [task, file = data] = args;
      const isFirstLoad = task === 'load' && !isRepeated;
      const result = isFirstLoad ? weft(task, file) : best(() => weft(task, file));
      const goal = `${seconds} s${mebibytes === undefined ? '' : `, ${mebibytes} MiB`}`;
      if (result.seconds > seconds || result.residentBytes > (mebibytes ?? Infinity) * mebibyte) status = 1;
      console.log(describe(name, result, goal));
    }
    try {
      const python = findPython('numpy', 'python3-numpy');
      const peer = [join(root, 'tests/bench/loadtxt_peer.py'), join(folder, 'table.csv')];
      console.log(
        describe(
          `the same CSV, NumPy ${python.version} loadtxt`,
          best(() => run(python.program, peer)),
        ),
      );
    } catch (error) {
      console.log(`NumPy is skipped: ${error.message}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return status;
}
