import { WeftError } from '../../../src-shared/failure.ts';

/** An activation in each framework. */
export interface ActivationInPython {
  /** The class of numpy_activations.py; null where nothing is to be done. */
  numpy: string | null;
  /** The function of `x`. */
  torch: string | null;
  /** What Keras calls it, or the layer where it has options of its own. */
  keras: { name: string } | { layer: string } | null;
}

/** By the types of the engine's activations. */
export const activationsInPython: Readonly<Record<string, ActivationInPython>> = {
  relu: { numpy: 'ReLU', torch: 'functional.relu(x)', keras: { name: 'relu' } },
  'leaky-relu': {
    numpy: 'LeakyReLU',
    torch: 'functional.leaky_relu(x, 0.01)',
    keras: { layer: 'layers.LeakyReLU(negative_slope=0.01)' },
  },
  tanh: { numpy: 'Tanh', torch: 'torch.tanh(x)', keras: { name: 'tanh' } },
  sigmoid: { numpy: 'Sigmoid', torch: 'torch.sigmoid(x)', keras: { name: 'sigmoid' } },
  elu: { numpy: 'ELU', torch: 'functional.elu(x)', keras: { name: 'elu' } },
  gelu: { numpy: 'GELU', torch: 'functional.gelu(x)', keras: { name: 'gelu' } },
  silu: { numpy: 'SiLU', torch: 'functional.silu(x)', keras: { name: 'silu' } },
  softplus: { numpy: 'Softplus', torch: 'functional.softplus(x)', keras: { name: 'softplus' } },
  linear: { numpy: null, torch: null, keras: null },
};

/** Throws `export.no-python`, naming what has none, where a table has no entry. */
export function entryOf<Entry>(table: Readonly<Record<string, Entry>>, type: string, kind: string): Entry {
  const entry = Object.hasOwn(table, type) ? table[type] : undefined;
  if (entry !== undefined) return entry;
  throw new WeftError(
    'export.no-python',
    `This Weft has no Python for the ${kind} "${type}".`,
    'Export the model in another format.',
  );
}
