// The catalogue's layers in each framework: one table, a line in which says what becomes of a layer.
import type { Component } from '../../../src-shared/schemas/component.ts';
import type { PlacedLayer } from '../../engine/architecture.ts';
import { activationOf } from '../../engine/activations/catalogue.ts';
import { choiceOf, numberOf } from '../../engine/options.ts';
import { featuresOf } from '../../engine/layers/layer.ts';
import { activationsInPython, entryOf } from './activationsInPython.ts';
import { float } from './pythonText.ts';

/** A layer in its place. */
export interface LayerInPlace extends Pick<PlacedLayer, 'component' | 'inputShape' | 'outputShape'> {
  /** Counted from 0. */
  index: number;
  /** The implied output layer. */
  isOutput: boolean;
}

/** What a layer is in PyTorch. */
export interface LayerInTorch {
  /** The module with its tensors; null where it has none. */
  module: string | null;
  /** What becomes of `x`, one after the other. */
  calls: string[];
}

/** What a layer is in Keras. */
export interface LayerInKeras {
  layers: string[];
  /** The function of keras_network.py that gives the layer named `layer_<index>` its tensors. */
  tensors: string | null;
}

export interface LayerInPython {
  /** The objects that it is made of, one after the other. */
  numpy(layer: LayerInPlace): string[];
  torch(layer: LayerInPlace): LayerInTorch;
  keras(layer: LayerInPlace): LayerInKeras;
}

const isImage = (shape: readonly number[]): boolean => shape.length === 3;
const channelsOf = (shape: readonly number[]): number => shape.at(-1) ?? 1;
const tensorsOf = (index: number): string => `tensors, "layers.${index}"`;
const nameOf = (index: number): string => `name="layer_${index}"`;
const callModule = (index: number): string => `self.layers["${index}"](x)`;

const activationIn = (component: Component) => {
  const { type } = activationOf(choiceOf(component, 'activation'));
  return entryOf(activationsInPython, type, 'activation');
};
const numpyActivation = (component: Component): string[] => {
  const { numpy } = activationIn(component);
  return numpy === null ? [] : [`${numpy}()`];
};
const torchActivation = (component: Component): string[] => {
  const { torch } = activationIn(component);
  return torch === null ? [] : [torch];
};
/** An argument of the layer, or a layer after it. */
const kerasActivation = (component: Component): { argument: string; layers: string[] } => {
  const { keras } = activationIn(component);
  if (keras === null) return { argument: '', layers: [] };
  if ('layer' in keras) return { argument: '', layers: [keras.layer] };
  return { argument: `activation="${keras.name}", `, layers: [] };
};

/** Images as rows of numbers in PyTorch's order, in which weights for them lie. */
const numpyFlattened = (shape: readonly number[]): string[] => (isImage(shape) ? ['Flatten()'] : []);
const torchFlattened = (shape: readonly number[]): string[] => (isImage(shape) ? ['x.flatten(1)'] : []);
function kerasFlattened(shape: readonly number[]): string[] {
  if (!isImage(shape)) return [];
  const isInOrder = channelsOf(shape) === 1 || featuresOf(shape) === channelsOf(shape);
  return isInOrder ? ['layers.Flatten()'] : ['layers.Permute((3, 1, 2))', 'layers.Flatten()'];
}

/** Pooling of square windows. */
function poolingInPython(numpy: string, torch: string, keras: string): LayerInPython {
  const sizeOf = (component: Component): number => numberOf(component, 'size');
  const strideOf = (component: Component): number => numberOf(component, 'stride');
  return {
    numpy: ({ component }) => [`${numpy}(size=${sizeOf(component)}, stride=${strideOf(component)})`],
    torch: ({ component }) => ({
      module: null,
      calls: [`functional.${torch}(x, ${sizeOf(component)}, ${strideOf(component)})`],
    }),
    keras: ({ component }) => ({
      layers: [`layers.${keras}(${sizeOf(component)}, strides=${strideOf(component)})`],
      tensors: null,
    }),
  };
}

/** By the types of the engine's layers. */
export const layersInPython: Readonly<Record<string, LayerInPython>> = {
  dense: {
    numpy: ({ component, inputShape, index }) => [
      ...numpyFlattened(inputShape),
      `Dense(${tensorsOf(index)})`,
      ...numpyActivation(component),
    ],
    torch: ({ component, inputShape, index }) => ({
      module: `nn.Linear(${featuresOf(inputShape)}, ${numberOf(component, 'units')})`,
      calls: [...torchFlattened(inputShape), callModule(index), ...torchActivation(component)],
    }),
    keras: ({ component, inputShape, index, isOutput }) => {
      const { argument, layers } = isOutput
        ? { argument: 'activation="softmax", ', layers: [] }
        : kerasActivation(component);
      const units = numberOf(component, 'units');
      return {
        layers: [
          ...kerasFlattened(inputShape),
          `layers.Dense(${units}, ${argument}${nameOf(index)})`,
          ...layers,
        ],
        tensors: 'dense_tensors',
      };
    },
  },
  convolution: {
    numpy: ({ component, index }) => {
      const options = `stride=${numberOf(component, 'stride')}, padding=${numberOf(component, 'padding')}`;
      return [`Convolution(${tensorsOf(index)}, ${options})`, ...numpyActivation(component)];
    },
    torch: ({ component, inputShape, index }) => {
      const [filters, kernel] = [numberOf(component, 'filters'), numberOf(component, 'kernel')];
      const options = `stride=${numberOf(component, 'stride')}, padding=${numberOf(component, 'padding')}`;
      return {
        module: `nn.Conv2d(${channelsOf(inputShape)}, ${filters}, ${kernel}, ${options})`,
        calls: [callModule(index), ...torchActivation(component)],
      };
    },
    keras: ({ component, index }) => {
      const [filters, kernel] = [numberOf(component, 'filters'), numberOf(component, 'kernel')];
      const padding = numberOf(component, 'padding');
      const { argument, layers } = kerasActivation(component);
      const options = `strides=${numberOf(component, 'stride')}, ${argument}${nameOf(index)}`;
      return {
        layers: [
          ...(padding === 0 ? [] : [`layers.ZeroPadding2D(${padding})`]),
          `layers.Conv2D(${filters}, ${kernel}, ${options})`,
          ...layers,
        ],
        tensors: 'convolution_tensors',
      };
    },
  },
  'max-pooling': poolingInPython('MaxPooling', 'max_pool2d', 'MaxPooling2D'),
  'average-pooling': poolingInPython('AveragePooling', 'avg_pool2d', 'AveragePooling2D'),
  'global-average-pooling': {
    numpy: () => ['GlobalAveragePooling()'],
    torch: () => ({ module: null, calls: ['x.mean((2, 3))'] }),
    keras: () => ({ layers: ['layers.GlobalAveragePooling2D()'], tensors: null }),
  },
  flatten: {
    numpy: ({ inputShape }) => numpyFlattened(inputShape),
    torch: ({ inputShape }) => ({ module: null, calls: torchFlattened(inputShape) }),
    keras: ({ inputShape }) => ({ layers: kerasFlattened(inputShape), tensors: null }),
  },
  dropout: {
    numpy: ({ component, index }) => [`Dropout(${index}, rate=${float(numberOf(component, 'rate'))})`],
    torch: ({ component, index }) => ({
      module: null,
      calls: [`dropout(x, ${float(numberOf(component, 'rate'))}, ${index}, step)`],
    }),
    keras: ({ component }) => ({
      layers: [`layers.Dropout(${float(numberOf(component, 'rate'))})`],
      tensors: null,
    }),
  },
  'batch-norm': {
    numpy: ({ component, index }) => {
      const options = `momentum=${float(numberOf(component, 'momentum'))}, epsilon=${float(numberOf(component, 'epsilon'))}`;
      return [`BatchNormalization(${tensorsOf(index)}, ${options})`];
    },
    torch: ({ component, inputShape, index }) => {
      const options = `eps=${float(numberOf(component, 'epsilon'))}, momentum=${float(numberOf(component, 'momentum'))}`;
      const module = isImage(inputShape) ? 'BatchNorm2d' : 'BatchNorm1d';
      return { module: `nn.${module}(${channelsOf(inputShape)}, ${options})`, calls: [callModule(index)] };
    },
    keras: ({ component, index }) => {
      // What Keras calls momentum is what is kept.
      const kept = Number((1 - numberOf(component, 'momentum')).toPrecision(12));
      const options = `momentum=${float(kept)}, epsilon=${float(numberOf(component, 'epsilon'))}`;
      return {
        layers: [`layers.BatchNormalization(${options}, ${nameOf(index)})`],
        tensors: 'batch_normalization_tensors',
      };
    },
  },
  activation: {
    numpy: ({ component }) => numpyActivation(component),
    torch: ({ component }) => ({ module: null, calls: torchActivation(component) }),
    keras: ({ component }) => {
      const { keras } = activationIn(component);
      if (keras === null) return { layers: [], tensors: null };
      return {
        layers: ['layer' in keras ? keras.layer : `layers.Activation("${keras.name}")`],
        tensors: null,
      };
    },
  },
  prelu: {
    numpy: ({ index }) => [`PReLU(${tensorsOf(index)})`],
    torch: ({ inputShape, index }) => ({
      module: `nn.PReLU(${channelsOf(inputShape)})`,
      calls: [callModule(index)],
    }),
    keras: ({ inputShape, index }) =>
      isImage(inputShape)
        ? { layers: [`layers.PReLU(shared_axes=[1, 2], ${nameOf(index)})`], tensors: 'prelu_image_tensors' }
        : { layers: [`layers.PReLU(${nameOf(index)})`], tensors: 'prelu_tensors' },
  },
};

/** The layer's Python. Throws `export.no-python`. */
export const layerInPython = (layer: LayerInPlace): LayerInPython =>
  entryOf(layersInPython, layer.component.type, 'layer');
