// Finds in which order layers follow one another, and how their weights are laid out, from their shapes alone.
import { WeftError } from '../../src-shared/failure.ts';
import type { TensorLayout } from '../../src-shared/schemas/foreignModel.ts';
import { classLimit } from '../runs/modelMetadata.ts';
import type { ForeignFile } from './foreignTensors.ts';
import type { TensorGroup } from './foreignLayers.ts';
import { compareByNumbers, compareNaturally } from './tensorNames.ts';

/** What goes in and out of a layer under a layout: numbers, or of convolutions channels. */
export interface LayerSizes {
  inputs: number;
  outputs: number;
  /** Side of a convolution's window; null for other layers. */
  kernel: number | null;
}

/** A chain that holds together. */
export interface LayerChain {
  layout: TensorLayout;
  groups: readonly TensorGroup[];
}

export interface ChainSearch {
  /** With the suggested layout where both hold together. */
  chain: LayerChain;
  /** Whether it would hold together in the other layout, too. */
  isLayoutOpen: boolean;
  /** Whether the order had to be found out from the shapes. */
  isOrderDeduced: boolean;
}

/** Steps of the search for an order before it gives up; files of real models take a few. */
const searchLimit = 20_000;

const kindOrder = { convolution: 0, dense: 0, 'batch-norm': 1, prelu: 2 } as const;
const layouts: readonly TensorLayout[] = ['pytorch', 'keras'];

/** What goes in and out. Throws `import.unsupported` for windows that are not square. */
export function sizesOf(group: TensorGroup, layout: TensorLayout): LayerSizes {
  const shape = group.weight?.shape ?? group.mean?.shape ?? [];
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  switch (group.kind) {
    case 'dense':
      return layout === 'pytorch'
        ? { inputs: b, outputs: a, kernel: null }
        : { inputs: a, outputs: b, kernel: null };
    case 'convolution': {
      const [outputs, inputs, height, width] = layout === 'pytorch' ? [a, b, c, d] : [d, c, a, b];
      return { inputs, outputs, kernel: height === width ? height : 0 };
    }
    case 'batch-norm':
    case 'prelu':
      return { inputs: a, outputs: a, kernel: null };
  }
}

const lengthOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** What comes out of the layers so far. */
interface Flow {
  /** Undefined before the first layer. */
  features: number | undefined;
  isImage: boolean;
}

const quoted = (group: TensorGroup): string => `"${group.name}"`;

/** Why a layer can't take what comes; undefined where it can. */
function findMisfit(group: TensorGroup, layout: TensorLayout, flow: Flow): string | undefined {
  const { inputs, outputs, kernel } = sizesOf(group, layout);
  const vectors = [group.bias, group.mean, group.variance].filter((tensor) => tensor !== undefined);
  for (const { name, shape } of vectors) {
    if (lengthOf(shape) !== outputs) {
      return `${quoted(group)} gives ${outputs} numbers, but its "${name}" has ${lengthOf(shape)}`;
    }
  }
  if (kernel === 0) return `the windows of ${quoted(group)} are not square`;
  const { features, isImage } = flow;
  if (features === undefined) {
    return group.kind === 'prelu' ? `${quoted(group)} comes first` : undefined;
  }
  const fits = (): boolean => {
    switch (group.kind) {
      case 'dense':
        return isImage ? inputs % features === 0 : inputs === features;
      case 'convolution':
        return isImage && inputs === features;
      case 'batch-norm':
        return inputs === features;
      case 'prelu':
        return inputs === 1 || inputs === features;
    }
  };
  if (fits()) return undefined;
  const given = isImage ? `${features} channels` : `${features} numbers`;
  return `${quoted(group)} takes ${inputs}, but what comes before it gives ${given}`;
}

function after(group: TensorGroup, layout: TensorLayout, flow: Flow): Flow {
  const { outputs } = sizesOf(group, layout);
  switch (group.kind) {
    case 'dense':
      return { features: outputs, isImage: false };
    case 'convolution':
      return { features: outputs, isImage: true };
    case 'batch-norm':
      // Before any other layer it normalizes the image's channels, or a flat image.
      return {
        features: flow.features ?? outputs,
        isImage: flow.features === undefined ? true : flow.isImage,
      };
    case 'prelu':
      return flow;
  }
}

const start: Flow = { features: undefined, isImage: true };

/** Why the layers in this order are no network; undefined where they are. */
function findBreak(groups: readonly TensorGroup[], layout: TensorLayout): string | undefined {
  let flow = start;
  for (const group of groups) {
    const misfit = findMisfit(group, layout, flow);
    if (misfit !== undefined) return misfit;
    flow = after(group, layout, flow);
  }
  const last = groups.at(-1);
  if (last?.kind !== 'dense') return 'the last layer is no dense layer with one output a class';
  const { outputs } = sizesOf(last, layout);
  if (outputs < 2 || outputs > classLimit) {
    return `the last layer ${quoted(last)} has ${outputs} outputs; it needs one for each of 2 to ${classLimit} classes`;
  }
  return undefined;
}

/** An order that holds together, tried in the given order of preference. */
function searchOrder(groups: readonly TensorGroup[], layout: TensorLayout): TensorGroup[] | undefined {
  let steps = 0;
  const path: TensorGroup[] = [];
  const left = new Set(groups);
  const goOn = (flow: Flow): boolean => {
    if (left.size === 0) return findBreak(path, layout) === undefined;
    for (const group of groups) {
      steps += 1;
      if (steps > searchLimit) return false;
      if (!left.has(group) || findMisfit(group, layout, flow) !== undefined) continue;
      left.delete(group);
      path.push(group);
      if (goOn(after(group, layout, flow))) return true;
      path.pop();
      left.add(group);
    }
    return false;
  };
  return goOn(start) ? path : undefined;
}

/** The orders that names and the file suggest, the likeliest first. */
function suggestOrders(groups: readonly TensorGroup[], format: ForeignFile['format']): TensorGroup[][] {
  const natural = groups.toSorted((a, b) => compareNaturally(a.name, b.name));
  const byNumbers = natural.toSorted(
    (a, b) => compareByNumbers(a.name, b.name) || kindOrder[a.kind] - kindOrder[b.kind],
  );
  // A safetensors file is sorted by name, an archive keeps the order in which arrays were given.
  return format === 'npz' ? [[...groups], natural, byNumbers] : [natural, byNumbers, [...groups]];
}

/**
 * The order and the layout in which the layers form a network; `saidLayout` where a person said which. Throws `import.broken-chain`, saying where the likeliest
 * order breaks.
 */
export function findChain(
  groups: readonly TensorGroup[],
  format: ForeignFile['format'],
  suggestedLayout: TensorLayout,
  saidLayout: TensorLayout | undefined,
): ChainSearch {
  const suggested = suggestOrders(groups, format);
  const preferred = saidLayout ?? suggestedLayout;
  const byPreference = layouts.toSorted((a) => (a === preferred ? -1 : 1));
  const found = byPreference.flatMap((layout) => {
    const named = suggested.find((order) => findBreak(order, layout) === undefined);
    const order = named ?? searchOrder(suggested.at(format === 'npz' ? 2 : 1) ?? groups, layout);
    return order === undefined
      ? []
      : [{ chain: { layout, groups: order }, isOrderDeduced: named === undefined }];
  });
  const [first] = found;
  const isAsSaid = saidLayout === undefined || first?.chain.layout === saidLayout;
  if (first !== undefined && isAsSaid) return { ...first, isLayoutOpen: found.length > 1 };
  const likeliest = suggested.at(1) ?? groups;
  throw new WeftError(
    'import.broken-chain',
    `The shapes form no network of layers that follow one another: ${findBreak(likeliest, preferred) ?? 'no order fits'}.`,
    'Weft takes networks whose every layer feeds the next. Export the weights of such a part.',
  );
}
