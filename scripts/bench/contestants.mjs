// Who takes part in the benchmark: for each contestant its name, what tells it apart in the summary, the program, its
// arguments by batch size, and what is set in its environment.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { coreType } from './processor.mjs';
import { findPython } from './python.mjs';
import { installTensorflow, tensorflowVersion } from './tensorflow.mjs';

const cores = availableParallelism();
const threadsOf = (count) => `${count} thread${count === 1 ? '' : 's'}`;

const kernels = { OPENBLAS_CORETYPE: coreType };

/** Every library of threads and matrix products that a peer may be built with. */
const blasThreads = (count) =>
  Object.fromEntries(
    ['OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'OMP_NUM_THREADS'].map((name) => [name, String(count)]),
  );
// PyTorch counts its own threads by OMP_NUM_THREADS and gets them as an argument. Two OpenBLAS threads inside each of
// its own fight over the processor and take several times as long.
const oneBlasThread = { OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Weft in one Node, with one thread and with all. */
function weftIn(program, { data, epochs, out, network, steps }, isOnlyNode) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} doesn't run as Node`);
  const node = stdout.trim().replace(/^v/, '');
  const wanted = network === 'cnn' ? [network, steps] : [];
  return [...new Set([1, cores])].map((threads) => ({
    name: `Weft, ${threadsOf(threads)}${isOnlyNode ? '' : `, Node ${node}`}`,
    family: 'Weft',
    threads,
    node,
    program,
    args: (batch) => [join(out, 'main/bench.js'), data, batch, epochs, threads, ...wanted],
    steps,
  }));
}

/** NumPy and scikit-learn, whose threads are all OpenBLAS's. */
function blasPeers(family, script, program, { root, data, epochs }) {
  const threaded = [...new Set([1, cores])].map((count) => ({
    name: threadsOf(count),
    environment: blasThreads(count),
  }));
  const tuned = threaded.map(({ name, environment }) => ({
    name: `${name}, ${coreType} kernels`,
    environment: { ...environment, ...kernels },
  }));
  const variants = [{ name: 'as it comes', asItComes: true }, ...threaded];
  if (coreType !== undefined) variants.push(...tuned);
  return variants.map(({ name, ...rest }) => ({
    ...rest,
    name: `${family}, ${name}`,
    family,
    program,
    args: (batch) => [join(root, 'tests/bench', script), data, batch, epochs],
    steps: 0,
  }));
}

/** PyTorch's dense network: by itself, Adam updates one tensor after the other and nothing is flushed. */
function denseVariants() {
  const own = [...new Set([1, cores])].map((count) => ({
    name: threadsOf(count),
    flags: ['--threads', count],
    environment: oneBlasThread,
  }));
  const withinBlas = {
    name: `${cores} OpenBLAS threads`,
    flags: ['--threads', 1],
    environment: { ...oneBlasThread, OPENBLAS_NUM_THREADS: String(cores) },
  };
  const foreach = [...own, ...(cores > 1 ? [withinBlas] : [])].map((variant) => ({
    ...variant,
    name: `${variant.name}, foreach`,
    flags: [...variant.flags, '--foreach'],
  }));
  const tuned = foreach.map((variant) => ({
    ...variant,
    name: `${variant.name}, ${coreType} kernels`,
    environment: { ...variant.environment, ...kernels },
  }));
  const best = coreType === undefined ? foreach : [...foreach, ...tuned];
  const flushing = best.map((variant) => ({
    ...variant,
    name: `${variant.name}, flushing`,
    flags: [...variant.flags, '--flush-denormal'],
    flushes: true,
  }));
  return [{ name: 'as it comes', asItComes: true, flags: [] }, ...own, ...best, ...flushing];
}

/** PyTorch's convolutions run on oneDNN with its own threads; OpenBLAS only has the dense layers. */
function convolutionVariants() {
  const all = { flags: ['--threads', cores], environment: oneBlasThread };
  const best = {
    name: `${threadsOf(cores)}, channels last${coreType === undefined ? '' : `, ${coreType} kernels`}`,
    flags: [...all.flags, '--channels-last', '--foreach'],
    environment: coreType === undefined ? oneBlasThread : { ...oneBlasThread, ...kernels },
  };
  return [
    { name: 'as it comes', asItComes: true, flags: [] },
    { name: threadsOf(cores), ...all },
    best,
    {
      ...best,
      name: `${best.name}, flushing`,
      flags: [...best.flags, '--flush-denormal'],
      flushes: true,
    },
  ];
}

function pytorch(program, { root, data, epochs, network, steps }) {
  const variants = network === 'cnn' ? convolutionVariants() : denseVariants();
  return variants.map(({ name, flags, ...rest }) => ({
    ...rest,
    name: `PyTorch, ${name}`,
    family: 'PyTorch',
    program,
    args: (batch) => [
      join(root, 'tests/bench/torch_peer.py'),
      data,
      batch,
      epochs,
      ...['--network', network, '--steps', steps, ...flags],
    ],
    steps,
  }));
}

/** TensorFlow.js in Node has no threads. Its CPU backend takes about a minute an epoch, so it trains a share of one. */
function tensorflow({ root, data, epochs }) {
  const folder = installTensorflow(root);
  const cpuSteps = 200;
  const backend = (name, id, steps) => ({
    name: `TensorFlow.js, ${name}`,
    family: 'TensorFlow.js',
    program: process.execPath,
    args: (batch) => [
      join(root, 'tests/bench/tensorflowPeer.mjs'),
      ...[data, batch, epochs, folder, id, steps],
    ],
    steps,
  });
  return [backend('WebAssembly', 'wasm', 0), { ...backend('CPU', 'cpu', cpuSteps), firstRoundOnly: true }];
}

export const families = ['Weft', 'PyTorch', 'NumPy', 'scikit-learn', 'TensorFlow.js'];

/**
 * Everyone who can take part, with the words that say which version each is, and who can't with the reason. Families
 * that `wants` says no to are neither looked for nor installed.
 */
export function findContestants(options, wants) {
  const contestants = [];
  const versions = [];
  const skipped = [];
  const add = (family, find) => {
    if (!wants(family)) return;
    try {
      contestants.push(...find());
    } catch (error) {
      skipped.push({ name: family, reason: error.message });
    }
  };
  const inPython = (family, module, debianPackage, create) =>
    add(family, () => {
      const { program, python, version } = findPython(module, debianPackage);
      versions.push(`${family} ${version} in Python ${python} (${program})`);
      return create(program);
    });

  const nodes = [process.execPath, ...options.nodes];
  for (const node of nodes) add('Weft', () => weftIn(node, options, nodes.length === 1));
  inPython('PyTorch', 'torch', 'python3-torch', (program) => pytorch(program, options));
  if (options.network === 'dense') {
    inPython('NumPy', 'numpy', 'python3-numpy', (program) =>
      blasPeers('NumPy', 'numpy_peer.py', program, options),
    );
    inPython('scikit-learn', 'sklearn', 'python3-sklearn', (program) =>
      blasPeers('scikit-learn', 'sklearn_peer.py', program, options),
    );
    add('TensorFlow.js', () => {
      const found = tensorflow(options);
      versions.push(`TensorFlow.js ${tensorflowVersion} in Node ${process.versions.node}`);
      return found;
    });
  }
  return { contestants, versions, skipped };
}
