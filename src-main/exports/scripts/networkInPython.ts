// A network's own part of network.py in each framework: its layers, in the words of the framework.
import type { PlacedLayer } from '../../engine/architecture.ts';
import { tensorName } from '../../engine/architecture.ts';
import type { ParameterKind } from '../../engine/layers/layer.ts';
import { layerInPython, type LayerInPlace } from './layersInPython.ts';
import { bracketed, literal, tuple } from './pythonText.ts';

/** A network and what its classes are called. */
export interface PythonNetwork {
  placed: readonly PlacedLayer[];
  /** Height, width, channels. */
  shape: readonly [number, number, number];
  classes: readonly string[];
}

const placesOf = ({ placed }: PythonNetwork): LayerInPlace[] =>
  placed.map(({ component, inputShape, outputShape }, index) => {
    return { component, inputShape, outputShape, index, isOutput: index === placed.length - 1 };
  });

/** The names of the tensors of a kind. */
function tensorsOfKind({ placed }: PythonNetwork, kind: ParameterKind): string[] {
  return placed.flatMap(({ parameterShapes }, index) =>
    parameterShapes.filter((one) => one.kind === kind).map(({ name }) => tensorName(index, name)),
  );
}

/** A constant that is a tuple of texts. */
function textsConstant(name: string, texts: readonly string[]): string {
  const items = texts.map(literal);
  if (items.length === 0) return `${name} = ()`;
  if (items.length === 1) return `${name} = ${tuple(items)}`;
  return bracketed(`${name} = `, items, '');
}

/** What is known of the network whatever computes it. */
function constantsOf(network: PythonNetwork): string[] {
  return [
    '# Height, width and channels of an image.',
    `IMAGE_SHAPE = ${tuple(network.shape.map(String))}`,
    textsConstant('CLASSES', network.classes),
    '# What penalties and a maximum norm apply to.',
    textsConstant('WEIGHTS', tensorsOfKind(network, 'weight')),
    '# What batch normalization measures and no optimizer moves.',
    textsConstant('STATISTICS', tensorsOfKind(network, 'statistic')),
    '',
    '',
  ];
}

/** Throws `export.no-python`. */
export function numpyNetwork(network: PythonNetwork): string {
  const layers = placesOf(network).flatMap((layer) => layerInPython(layer).numpy(layer));
  return [
    ...constantsOf(network),
    'def make_layers(tensors):',
    '    """The layers from the image to the output."""',
    bracketed('return ', layers, '', 4, '[]'),
    '',
    '',
  ].join('\n');
}

/** Throws `export.no-python`. */
export function torchNetwork(network: PythonNetwork): string {
  const layers = placesOf(network).map((layer) => ({
    ...layerInPython(layer).torch(layer),
    index: layer.index,
  }));
  const modules = layers.flatMap(({ module, index }) =>
    module === null ? [] : [`                "${index}": ${module},`],
  );
  const calls = layers.flatMap((layer) => layer.calls);
  return [
    ...constantsOf(network),
    'class Network(nn.Module):',
    '    """The layers; `forward` gives logits (images, classes)."""',
    '',
    '    def __init__(self):',
    '        super().__init__()',
    '        self.layers = nn.ModuleDict(',
    '            {',
    ...modules.map(foldModule),
    '            }',
    '        )',
    '',
    '    def forward(self, x, step=None):',
    '        """`x` is (images, channels, height, width), numbers from 0 to 1."""',
    ...calls.map((call) => `        x = ${call}`),
    '        return x',
    '',
    '',
  ].join('\n');
}

/** A module on more lines where it is too long for one. */
function foldModule(line: string): string {
  const [, key, name, list] = /^\s*("\d+"): ([\w.]+)\((.*)\),$/.exec(line) ?? [];
  if (key === undefined || name === undefined || list === undefined) return line;
  return bracketed(`${key}: ${name}`, list.split(', '), ',', 16);
}

/** Throws `export.no-python`. */
export function kerasNetwork(network: PythonNetwork): string {
  const places = placesOf(network);
  const inKeras = places.map((layer) => ({ ...layerInPython(layer).keras(layer), index: layer.index }));
  const layers = [
    `keras.Input(${tuple(network.shape.map(String))}, dtype="uint8")`,
    'layers.Rescaling(1 / 255)',
    ...inKeras.flatMap((layer) => layer.layers),
  ];
  const settings = inKeras.flatMap(({ tensors, index }) =>
    tensors === null
      ? []
      : [
          bracketed(
            `network.get_layer("layer_${index}").set_weights`,
            [`${tensors}(tensors, "layers.${index}")`],
            '',
            4,
          ),
        ],
  );
  return [
    ...constantsOf(network),
    'def make_network():',
    '    """The network, untrained: uint8 images in, probabilities out."""',
    bracketed('return keras.Sequential', [bracketed('', layers.map(foldLayer), '', 0, '[]')], '', 4),
    '',
    '',
    'def set_tensors(network, tensors):',
    '    """Gives the layers the tensors of an .npz file."""',
    ...settings,
    '',
    '',
  ].join('\n');
}

/** The room that a layer of a Sequential has on its line. */
const roomOfLayer = 66;

/** A layer on more lines where it is too long for one. */
function foldLayer(layer: string): string {
  if (layer.length <= roomOfLayer) return layer;
  const [, name, list] = /^([\w.]+)\((.*)\)$/.exec(layer) ?? [];
  if (name === undefined || list === undefined) return layer;
  const items = list.split(/, (?=\w+=)/);
  return `${name}(\n${items.map((item) => `    ${item},\n`).join('')})`;
}
