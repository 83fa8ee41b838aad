// Puts tensors together to layers.
import { WeftError } from '../../src-shared/failure.ts';
import type { ForeignLayer, TensorLayout } from '../../src-shared/schemas/foreignModel.ts';
import { recipeLimits } from '../../src-shared/schemas/recipe.ts';
import type { ForeignTensor } from './foreignTensors.ts';
import { isPositionalName, readTensorName, type ReadName, type TensorRole } from './tensorNames.ts';

export type LayerKind = ForeignLayer['kind'];

/** A layer's tensors. Dense layers and convolutions have a weight, batch normalizations a mean and a variance. */
export interface TensorGroup {
  name: string;
  kind: LayerKind;
  weight: ForeignTensor | undefined;
  bias: ForeignTensor | undefined;
  mean: ForeignTensor | undefined;
  variance: ForeignTensor | undefined;
}

export interface GroupedTensors {
  /** In the order of their first tensors in the file. */
  groups: TensorGroup[];
  /** How the names suggest that weights are laid out. */
  suggestedLayout: TensorLayout;
  notes: string[];
}

const unsupported = (what: string): WeftError =>
  new WeftError(
    'import.unsupported',
    `${what}.`,
    'Weft can take over dense layers, square convolutions, batch normalization and PReLU, one after the other.',
  );

const describe = ({ name, shape }: ForeignTensor): string => `"${name}" of shape [${shape.join(', ')}]`;

function kindOf(name: string, tensors: ReadonlyMap<TensorRole, ForeignTensor>): LayerKind {
  const weight = tensors.get('weight');
  const mean = tensors.get('mean');
  const variance = tensors.get('variance');
  if (mean !== undefined || variance !== undefined) {
    if (mean !== undefined && variance !== undefined) return 'batch-norm';
    throw unsupported(`Batch normalization "${name}" has only one of its running mean and variance`);
  }
  if (weight === undefined) {
    const [lonely] = tensors.values();
    throw unsupported(`Tensor ${lonely === undefined ? name : describe(lonely)} belongs to no weight`);
  }
  switch (weight.shape.length) {
    case 1:
      if (!tensors.has('bias')) return 'prelu';
      throw unsupported(
        `Layer "${name}" has a scale and a bias but no running mean, as layer normalization has`,
      );
    case 2:
      return 'dense';
    case 4:
      return 'convolution';
    default:
      throw unsupported(`Tensor ${describe(weight)} is no weight of a layer that Weft has`);
  }
}

function groupNamed(
  named: readonly { tensor: ForeignTensor; read: ReadName }[],
): Map<string, Map<TensorRole, ForeignTensor>> {
  const layers = new Map<string, Map<TensorRole, ForeignTensor>>();
  for (const { tensor, read } of named) {
    const roles = layers.get(read.layer) ?? new Map<TensorRole, ForeignTensor>();
    layers.set(read.layer, roles);
    const other = roles.get(read.role);
    if (other !== undefined) {
      throw unsupported(
        `Tensors ${describe(other)} and ${describe(tensor)} seem to be the same part of one layer`,
      );
    }
    roles.set(read.role, tensor);
  }
  return layers;
}

/** `numpy.savez(path, *model.get_weights())`: after each weight its bias, then a normalization's four vectors. */
function groupPositional(tensors: readonly ForeignTensor[]): Map<string, Map<TensorRole, ForeignTensor>> {
  const ordered = [...tensors].sort((a, b) => Number(a.name.slice(4)) - Number(b.name.slice(4)));
  const isVector = ({ shape }: ForeignTensor): boolean => shape.length === 1 || shape[0] === 1;
  const layers = new Map<string, Map<TensorRole, ForeignTensor>>();
  for (let at = 0; at < ordered.length;) {
    const first = ordered[at]!;
    let end = at + 1;
    while (end < ordered.length && isVector(ordered[end]!)) end += 1;
    const vectors = ordered.slice(isVector(first) ? at : at + 1, end);
    if (!isVector(first)) {
      const roles = new Map<TensorRole, ForeignTensor>([['weight', first]]);
      const bias = vectors.length % 4 === 1 ? vectors.shift() : undefined;
      if (bias !== undefined) roles.set('bias', bias);
      layers.set(first.name, roles);
    }
    if (vectors.length % 4 !== 0) {
      throw unsupported(
        `After ${describe(first)} come ${vectors.length} vectors; one is a bias and four are a batch normalization`,
      );
    }
    const roles: TensorRole[] = ['weight', 'bias', 'mean', 'variance'];
    for (let from = 0; from < vectors.length; from += 4) {
      const four = vectors.slice(from, from + 4);
      layers.set(four[0]!.name, new Map(four.map((tensor, index) => [roles[index]!, tensor])));
    }
    at = end;
  }
  return layers;
}

/** As many as a recipe may have, and the output layer. */
const layerLimit = recipeLimits.layers.maximum + 1;

function checkTensors(tensors: readonly ForeignTensor[]): void {
  const empty = tensors.find(({ shape }) => shape.includes(0));
  if (empty !== undefined) throw unsupported(`Tensor ${describe(empty)} holds no numbers`);
}

/** The layers that the tensors are of. Throws `import.no-layers`, `import.unknown-tensor`, `import.unsupported`. */
export function groupTensors(tensors: readonly ForeignTensor[], fileName: string): GroupedTensors {
  checkTensors(tensors);
  const notes: string[] = [];
  const layers = new Map<string, Map<TensorRole, ForeignTensor>>();
  const habits = new Set<ReadName['habit']>();
  if (tensors.length > 0 && tensors.every(({ name }) => isPositionalName(name))) {
    for (const entry of groupPositional(tensors)) layers.set(...entry);
    notes.push('The arrays have no names, so they were read in their order, as Keras gives its weights.');
  } else {
    const named = tensors.map((tensor) => {
      const read = readTensorName(tensor.name);
      if (read === undefined) {
        throw new WeftError(
          'import.unknown-tensor',
          `"${fileName}" holds a tensor ${describe(tensor)}, whose name says neither which layer it is of nor what it is there.`,
          'Name tensors as PyTorch ("0.weight", "0.bias") or Keras ("dense/kernel", "dense/bias") does.',
        );
      }
      return { tensor, read };
    });
    const counted = named.filter(({ read }) => read.role !== 'ignored');
    if (counted.length < named.length)
      notes.push('How many batches were seen (num_batches_tracked) is left out.');
    for (const { read } of counted) if (read.role === 'weight') habits.add(read.habit);
    for (const entry of groupNamed(counted)) layers.set(...entry);
  }
  if (layers.size === 0) {
    throw new WeftError(
      'import.no-layers',
      `"${fileName}" holds no weights.`,
      'Choose a file of a trained model.',
    );
  }
  if (layers.size > layerLimit) {
    throw unsupported(`"${fileName}" has ${layers.size} layers; Weft's networks have at most ${layerLimit}`);
  }
  const groups = [...layers].map(([name, roles]): TensorGroup => {
    return {
      name: name === '' ? 'model' : name,
      kind: kindOf(name, roles),
      weight: roles.get('weight'),
      bias: roles.get('bias'),
      mean: roles.get('mean'),
      variance: roles.get('variance'),
    };
  });
  return { groups, suggestedLayout: habits.has('pytorch') ? 'pytorch' : 'keras', notes };
}
