// `npm run bench`: seconds an epoch of Weft, PyTorch, NumPy, scikit-learn and TensorFlow.js, all in turns in one run, so
// that whatever else the machine does meets everyone. README.md says what the figures mean.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { families, findContestants } from './bench/contestants.mjs';
import { benchDatasets } from './bench/datasets.mjs';
import {
  combineRuns,
  formatAugmentation,
  formatAutosave,
  formatKernels,
  formatResults,
  formatSummary,
  readRun,
  warmUpEpochs,
} from './bench/results.mjs';
import { benchLabelIssues } from './bench/labelIssues.mjs';
import { benchScreens } from './bench/screens.mjs';
import { prepare } from './prepare.mjs';

const usage = `npm run bench -- [options]
  --quick           one round with one timed epoch instead of three with two
  --batch-size N    only this batch size instead of 32, 64 and 128
  --cnn             a convolutional network, batch 64, Weft and PyTorch only
  --datasets        only how long data takes to load: gzip, copy, CSV, a folder of PNGs
  --steps N         with --cnn: so many timed steps instead of 200
  --only NAME       only contestants with NAME in their name; may be repeated
  --label-issues    how many of 500 labels exchanged at random are found; nothing else
  --screens         how soon Evaluate and Errors show what was asked for, in a real browser; nothing else
  --threads-only    only Weft, with one thread and with all
  --node PATH       Weft in another Node too; may be repeated, or WEFT_BENCH_NODE=PATH
  --data FOLDER     where Fashion-MNIST's four .gz files are
  --no-build        takes the programs as they were built last
  --out FOLDER      takes the programs from another folder than out`;

const root = join(import.meta.dirname, '..');
const cores = availableParallelism();

function readOptions() {
  const text = (fallback) => ({ type: 'string', default: fallback });
  const flag = { type: 'boolean', default: false };
  const list = { type: 'string', multiple: true, default: [] };
  const { values } = parseArgs({
    options: {
      quick: flag,
      cnn: flag,
      datasets: flag,
      screens: flag,
      'label-issues': flag,
      'threads-only': flag,
      'no-build': flag,
      help: flag,
      'batch-size': { type: 'string' },
      steps: text('200'),
      only: list,
      node: list,
      data: text('/usr/share/datasets/fashion-mnist'),
      out: { type: 'string' },
    },
  });
  const count = (name) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a whole number from 1 on.`);
    return number;
  };
  if (!existsSync(join(values.data, 'train-images-idx3-ubyte.gz')))
    throw new Error(`There is no Fashion-MNIST in ${values.data}: name its folder with --data FOLDER.`);
  const everyBatchSize = values.cnn ? [64] : [32, 64, 128];
  return {
    ...values,
    root,
    network: values.cnn ? 'cnn' : 'dense',
    steps: values.cnn ? count('steps') : 0,
    batchSizes: values['batch-size'] === undefined ? everyBatchSize : [count('batch-size')],
    rounds: values.quick ? 1 : 3,
    epochs: warmUpEpochs + (values.quick ? 1 : 2),
    nodes: [...new Set([...values.node, process.env.WEFT_BENCH_NODE ?? ''])].filter((path) => path !== ''),
    shallBuild: !values['no-build'] && values.out === undefined,
    out: values.out === undefined ? join(root, 'out') : resolve(values.out),
  };
}

/** The environment without what the person has set for these libraries: each contestant sets its own. */
const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(OPENBLAS|MKL|OMP|KMP|GOTO)_/.test(name)),
);

/** Runs a contestant once in a process of its own. Throws the reason when it fails. */
function measure({ program, args, environment, steps }, batchSize) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args(batchSize).map(String), {
    encoding: 'utf8',
    env: { ...plainEnvironment, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });
  if (error !== undefined) throw error;
  if (status === 0) return readRun(stdout, steps);
  const lines = stderr.split('\n').map((line) => line.trim());
  throw new Error(
    signal ?? lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.filter(Boolean).at(-1),
  );
}

/** All rounds: each runs every contestant once with every batch size. A contestant that fails once is out. */
function runRounds({ rounds, batchSizes }, contestants, skipped) {
  const runs = new Map(batchSizes.map((batchSize) => [batchSize, new Map(contestants.map((c) => [c, []]))]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const batchSize of batchSizes) {
      for (const [contestant, measured] of runs.get(batchSize)) {
        const { name, firstRoundOnly } = contestant;
        if (firstRoundOnly && round > 1) continue;
        const place = `round ${round} of ${rounds}, batch ${batchSize}: ${name}`;
        try {
          measured.push(measure(contestant, batchSize));
          console.error(
            `${place}: ${measured
              .at(-1)
              .seconds.map((value) => value.toFixed(2))
              .join(', ')} s`,
          );
        } catch (error) {
          console.error(`${place}: failed`);
          skipped.push({ name: `${name}, batch ${batchSize}`, reason: error.message });
          runs.get(batchSize).delete(contestant);
        }
      }
    }
  }
  return batchSizes.map((batchSize) => ({
    batchSize,
    rows: [...runs.get(batchSize)].map(([contestant, measured]) => {
      const row = combineRuns(contestant, measured);
      if (contestant.steps === 0) return row;
      const share = `of ${contestant.steps} steps, scaled`;
      return { ...row, note: row.note === undefined ? share : `${share}; ${row.note}` };
    }),
  }));
}

function printHead({ network, rounds, epochs, steps }, versions, nodes) {
  const layers =
    network === 'cnn'
      ? 'conv 3x3x32 - ReLU - max pool 2 - conv 3x3x64 - ReLU - max pool 2 - dense 128 - ReLU - dense 10'
      : '784-128-64-10, ReLU';
  const measured =
    network === 'cnn'
      ? `${steps} steps after 30 that warm up, scaled to an epoch of 60,000 images`
      : `${epochs} epochs of 60,000 shuffled images, the first ${warmUpEpochs} left out`;
  console.log(`${layers}; softmax cross-entropy, Adam 0.001, Glorot uniform, float32`);
  console.log(`Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; each: ${measured}`);
  console.log(`${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads`);
  for (const version of [...[...nodes].map((node) => `Weft in Node ${node}`), ...versions])
    console.log(`  ${version}`);
  if (versions.some((version) => version.startsWith('scikit-learn')))
    console.log(
      'scikit-learn: one partial_fit an epoch, without L2 penalty; its biases do not start at zero.',
    );
  console.log('Only those called "flushing" flush subnormal numbers in hardware; Weft keeps clear of them.');
}

/** Runs one of Weft's own programs in a Node; what it printed, a JSON object a line. */
function readLines(program, node, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args[0]} fails in Node ${node}:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What one thread's products reach, and what augmentation costs, in each Node that Weft was measured in. */
function printDetails(out, weft) {
  const programs = new Map(weft.map(({ node, program }) => [node, program]));
  for (const [node, program] of programs) {
    const kernels = readLines(program, node, [join(out, 'main/benchKernels.js')]);
    console.log(`\nKernels of one thread, ${kernels[0].build}, Node ${node}`);
    console.log(formatKernels(kernels).join('\n'));
    const steps = readLines(program, node, [join(out, 'main/benchAugmentation.js'), cores]);
    console.log(`\nSteps with augmentation, ${cores} threads, ${steps[0].kernels}, Node ${node}`);
    console.log(formatAugmentation(steps).join('\n'));
  }
}

/** What saving a checkpoint after every epoch costs. */
function printAutosave({ out, data, quick }, weft) {
  const programs = new Map(weft.map(({ node, program }) => [node, program]));
  for (const [node, program] of programs) {
    const args = [join(out, 'main/benchAutosave.js'), data, quick ? '4' : '10'];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Autosave can't be measured in Node ${node}:\n${stderr}`);
    console.log(`\n${formatAutosave(JSON.parse(stdout), node)}`);
  }
}

let options;
try {
  options = readOptions();
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}
if (options.screens) {
  await prepare({ build: options.shallBuild });
  await benchScreens(options.out);
  process.exit(0);
}
if (options['label-issues']) {
  await prepare({ build: options.shallBuild });
  benchLabelIssues(options);
  process.exit(0);
}
if (options.datasets) {
  await prepare({ build: options.shallBuild });
  process.exit(benchDatasets(options));
}
const parts = options.only.map((part) => part.toLowerCase());
const isNamed = (name) => parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part));
/** A part of a name that isn't in a family's name, as "1 thread", may be in anyone's. */
const isAbout = (part, family) => part.includes(family) || family.includes(part);
const familyNames = families.map((family) => family.toLowerCase());
const isWanted = (family) =>
  parts.length === 0 ||
  parts.some((part) => isAbout(part, family) || !familyNames.some((name) => isAbout(part, name)));
const wants = (family) => (options['threads-only'] ? family === 'Weft' : isWanted(family.toLowerCase()));

const { contestants: all, versions: allVersions, skipped } = findContestants(options, wants);
const contestants = all.filter(({ name }) => isNamed(name));
const versions = allVersions.filter((version) =>
  contestants.some(({ family }) => version.startsWith(family)),
);
if (contestants.length === 0) {
  for (const { name, reason } of skipped) console.error(`${name}: ${reason}`);
  console.error('Nobody is left to measure.');
  process.exit(2);
}
await prepare({ build: options.shallBuild });

const results = runRounds(options, contestants, skipped);
console.log();
printHead(options, versions, new Set(contestants.flatMap(({ node }) => node ?? [])));
for (const { batchSize, rows } of results)
  console.log(`\nBatch ${batchSize}\n${formatResults(rows).join('\n')}`);
const summary = formatSummary(results);
if (summary.length > 1) console.log(`\nSummary\n${summary.join('\n')}`);
const weft = contestants.filter(({ family }) => family === 'Weft');
printDetails(options.out, weft);
if (options.network === 'dense') printAutosave(options, weft);
if (skipped.length > 0) console.log('\nSkipped');
for (const { name, reason } of skipped) console.log(`  ${name}: ${reason}`);
process.exitCode = skipped.some(({ name }) => name.startsWith('Weft')) ? 1 : 0;
