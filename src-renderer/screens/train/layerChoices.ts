// How layers are offered: in which groups, with which options in view, and what a network can start from.
import { completeComponent, findDescription } from '../../../src-shared/components.ts';
import type {
  Component,
  ComponentDescription,
  OptionDescription,
} from '../../../src-shared/schemas/component.ts';

export interface LayerGroup {
  title: string;
  layers: ComponentDescription[];
}

const groups: readonly { title: string; types: readonly string[] }[] = [
  { title: 'Dense & activation', types: ['dense', 'activation', 'prelu', 'flatten'] },
  {
    title: 'Convolution & pooling',
    types: ['convolution', 'max-pooling', 'average-pooling', 'global-average-pooling'],
  },
  { title: 'Regularisation', types: ['dropout', 'batch-norm'] },
];

/** The layers of the catalogue by what they are for; those of no group come last. Empty groups are left out. */
export function groupLayers(layers: readonly ComponentDescription[]): LayerGroup[] {
  const grouped = new Set(groups.flatMap(({ types }) => types));
  return [
    ...groups.map(({ title, types }) => ({
      title,
      layers: layers.filter(({ type }) => types.includes(type)),
    })),
    { title: 'More', layers: layers.filter(({ type }) => !grouped.has(type)) },
  ].filter((group) => group.layers.length > 0);
}

/** Layers whose most important options are not simply the first ones. */
const optionsInView: Record<string, readonly string[]> = {
  convolution: ['filters', 'kernel', 'activation'],
  'batch-norm': [],
};
const usuallyInView = 2;

export interface DividedOptions {
  inView: OptionDescription[];
  folded: OptionDescription[];
}

/** What a layer's row shows at once, and what it shows when it is unfolded. */
export function divideOptions({ type, options }: ComponentDescription): DividedOptions {
  const names = optionsInView[type] ?? options.slice(0, usuallyInView).map(({ name }) => name);
  return {
    inView: options.filter(({ name }) => names.includes(name)),
    folded: options.filter(({ name }) => !names.includes(name)),
  };
}

export interface StartingPoint {
  title: string;
  layers: Component[];
}

const startingPoints: readonly StartingPoint[] = [
  {
    title: 'Convolutional network',
    layers: [
      { type: 'convolution', filters: 32 },
      { type: 'max-pooling' },
      { type: 'convolution', filters: 64 },
      { type: 'max-pooling' },
      { type: 'flatten' },
      { type: 'dense', units: 128 },
    ],
  },
  {
    title: 'Dense network',
    layers: [
      { type: 'dense', units: 128 },
      { type: 'dense', units: 64 },
    ],
  },
];

/** The networks that an empty form can be filled with; those that need a layer that there is not are left out. */
export function listStartingPoints(catalogue: readonly ComponentDescription[]): StartingPoint[] {
  return startingPoints.flatMap(({ title, layers }) => {
    const complete = layers.flatMap((layer) => {
      const description = findDescription(catalogue, layer.type);
      return description === undefined ? [] : [completeComponent(description, layer)];
    });
    return complete.length === layers.length ? [{ title, layers: complete }] : [];
  });
}
