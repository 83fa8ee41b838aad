// PyTorch's side of the accuracy benchmark: its seconds for the same recipe, at its best. tests/bench/torch_recipe.py
// tries its threads and memory formats; what a process must be started with is varied here.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { coreType } from '../bench/processor.mjs';
import { findPython } from '../bench/python.mjs';
import { lastWords, runProgram } from './program.mjs';

const cores = availableParallelism();

/** OpenBLAS threads beside PyTorch's own fight over the processor: one of both has all, the other one. */
const blasThreads = (count) => ({
  OPENBLAS_NUM_THREADS: String(count),
  MKL_NUM_THREADS: String(count),
});

/** Ways to start PyTorch: the environment, the numbers of its own threads to try, and what to call it. */
function starts(recipe) {
  const own = [...new Set([1, cores])];
  const tuned = coreType === undefined ? {} : { OPENBLAS_CORETYPE: coreType };
  const kernels = coreType === undefined ? '' : `, ${coreType} kernels`;
  const best = { name: kernels, own, environment: { ...blasThreads(1), ...tuned } };
  // Convolutions are oneDNN's, which chooses its kernels by itself.
  if (recipe.layers.some(({ type }) => type === 'convolution')) return [best];
  const all = [best];
  if (coreType !== undefined) all.push({ name: '', own, environment: blasThreads(1) });
  if (cores > 1)
    all.push({
      name: `, ${cores} OpenBLAS threads${kernels}`,
      own: [1],
      environment: { ...blasThreads(cores), ...tuned },
    });
  return all;
}

/** Where the training images are, packed or not: what Weft has verified and unpacked, or the system's package. */
function findImages(dataDirectory) {
  const folders = [join(dataDirectory, 'datasets', 'fashion-mnist'), '/usr/share/datasets/fashion-mnist'];
  const name = 'train-images-idx3-ubyte';
  const found = folders.find((folder) => [name, `${name}.gz`].some((file) => existsSync(join(folder, file))));
  if (found === undefined) throw new Error(`there is no ${name} in ${folders.join(' or ')}`);
  return found;
}

/** A Python with PyTorch. Throws the reason where there is none. */
export function findPytorch() {
  return findPython('torch', 'python3-torch');
}

/** Measures a recipe: the fastest of all setups. `root` is the folder of the repository. Throws why it can't. */
export async function measurePytorch(recipe, { root, python, dataDirectory, signal }) {
  const script = join(root, 'tests', 'bench', 'torch_recipe.py');
  const images = findImages(dataDirectory);
  let best;
  for (const { name, own, environment } of starts(recipe)) {
    const result = await runProgram(python.program, [script, images, '--threads', ...own], {
      signal,
      environment,
      input: JSON.stringify(recipe),
    });
    if (result.status !== 0) throw new Error(lastWords(result));
    for (const line of result.lines) {
      const { setup, secondsAnEpoch, ...rest } = JSON.parse(line);
      if (best !== undefined && best.epochSeconds <= secondsAnEpoch) continue;
      best = { ...rest, setup: setup + name, epochSeconds: secondsAnEpoch };
    }
  }
  return best;
}
