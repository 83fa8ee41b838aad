import type { Framework, ScriptSource } from './scriptSource.ts';
import { wrap } from './pythonText.ts';

const needs: Record<Framework, string> = {
  numpy: 'Python 3.9 or newer with NumPy 1.20 or newer; nothing else.',
  pytorch: 'Python 3.9 or newer with NumPy and PyTorch 1.13 or newer; nothing else.',
  keras: 'Python 3.9 or newer with NumPy and Keras 3 on TensorFlow, JAX or PyTorch.',
};

function describeTraining({ data }: ScriptSource, obstacles: readonly string[]): string[] {
  if (data === null || obstacles.length > 0) {
    return [`train.py does not train: ${obstacles.join(' ')}`];
  }
  const { name, sources } = data;
  const where =
    sources.length === 0
      ? `The images, ${name}, are in data.`
      : `FOLDER holds the four IDX files of ${name}, packed or not, as they are at ${sources[0]}`;
  return [
    `    python3 train.py${sources.length === 0 ? '' : ' --data FOLDER'}`,
    '',
    wrap(
      `trains it again: from the same weights (initial.npz), on the same images (split.npz) in the same order, with the same recipe (recipe.py). ${where}`,
    ),
    '',
    wrap(
      'Losses agree with those of Weft but for the rounding of float32, which grows from step to step. --steps 10 stops after ten steps, --log FILE writes the loss of each.',
    ),
  ];
}

/** What README.txt says. */
export function writeReadme(
  framework: Framework,
  title: string,
  source: ScriptSource,
  obstacles: readonly string[],
): string {
  const { model } = source;
  const name = model.name.replace(/\s+/g, ' ');
  return [
    wrap(`The network "${name}", trained by Weft ${model.weftVersion}, in ${title}.`),
    '',
    wrap(`It needs ${needs[framework]}`),
    '',
    '    python3 predict.py IMAGES',
    '',
    wrap(
      'says what is in images: .npz, .npy, IDX or PNG files of bytes from 0 to 255. predict.py --check examples.npz compares with what Weft computed, where that file was exported as well.',
    ),
    '',
    wrap(
      'network.py is the network. weights.npz has its weights, named and laid out as PyTorch does: (out, in), and (filters, channels, height, width).',
    ),
    ...(framework === 'keras' ? [] : ['', ...describeTraining(source, obstacles)]),
    '',
  ].join('\n');
}
