// `npm run bench`: seconds an epoch of Weft and of vectorised NumPy, alternated in one run so that whatever else the
// machine does meets both. `--quick` for fewer epochs, `--batch-size N`, `--data FOLDER` with Fashion-MNIST's files.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'batch-size': { type: 'string', default: '64' },
    data: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
  },
});
const root = join(import.meta.dirname, '..');
const batchSize = options['batch-size'];
const rounds = options.quick ? 1 : 3;
/** The first epoch of each program warms it up and is left out. */
const epochs = options.quick ? 2 : 3;

/** The first Python that has NumPy: the one in the path may be another than the one that Debian's packages are for. */
const python = ['python3', '/usr/bin/python3', 'python'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);

const weft = (threads) => ({
  name: `Weft, ${threads} thread${threads === 1 ? '' : 's'}`,
  program: process.execPath,
  args: [join(root, 'out/main/bench.js'), options.data, batchSize, epochs, threads],
  environment: {},
});
const numpy = (name, environment) => ({
  name,
  program: python,
  args: [join(root, 'tests/bench/numpy_peer.py'), options.data, batchSize, epochs],
  environment,
});
const contestants = [
  weft(1),
  ...(availableParallelism() > 1 ? [weft(availableParallelism())] : []),
  numpy('NumPy, as it comes', {}),
  numpy('NumPy, 1 thread', { OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }),
  numpy('NumPy, 1 thread, Haswell kernels', { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'Haswell' }),
];

function measure({ name, program, args, environment }) {
  const { status, stdout, stderr } = spawnSync(program, args.map(String), {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line).seconds);
}

const medianOf = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

if (!existsSync(join(options.data, 'train-images-idx3-ubyte.gz'))) {
  console.error(`There is no Fashion-MNIST in ${options.data}: name its folder with --data FOLDER.`);
  process.exit(2);
}
if (python === undefined) {
  console.error('The benchmark compares with NumPy: install python3-numpy.');
  process.exit(1);
}
await prepare({ build: true });

console.log(`784-128-64-10, ReLU, Adam, float32, batch ${batchSize}, 60,000 shuffled images an epoch`);
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.versions.node}`,
);
console.log('Neither side flushes subnormal numbers in hardware; Weft keeps its moments clear of them.\n');
const seconds = new Map(contestants.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const contestant of contestants) seconds.get(contestant.name).push(...measure(contestant));
}
const medians = [...seconds].map(([name, measured]) => ({ name, median: medianOf(measured) }));
for (const { name, median } of medians) console.log(`${name.padEnd(36)} ${median.toFixed(3)} s an epoch`);
const fastest = (start) =>
  Math.min(...medians.filter(({ name }) => name.startsWith(start)).map(({ median }) => median));
console.log(
  `\nWeft takes ${(fastest('Weft') / fastest('NumPy')).toFixed(2)} of the time of the fastest NumPy.`,
);
