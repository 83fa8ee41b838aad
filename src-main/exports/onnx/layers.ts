// Each layer of the catalogue as operators of ONNX's operator set 17, and back. Images are `(batch, channels, height,
// width)` between the nodes, the layout of all of ONNX's operators on images.
import { WeftError } from '../../../src-shared/failure.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { choiceOf, numberOf } from '../../engine/options.ts';
import type { NamedTensor } from '../../engine/types.ts';
import { activationOperators } from './activations.ts';
import type { GraphReader, TakenNode } from './graphReader.ts';
import type { GraphWriter } from './graphWriter.ts';

/** A layer where it is in its network. */
export interface LayerToWrite {
  component: Component;
  /** `[units]` or `[height, width, channels]`. */
  inputShape: readonly number[];
  /** The layer's tensor of that name: `weight`. */
  tensor: (name: string) => NamedTensor;
}

/** A layer that was read, its tensors under the names that they have in it. */
export interface ReadLayer {
  component: Component;
  tensors: NamedTensor[];
}

const isImage = (shape: readonly number[]): boolean => shape.length > 1;
const channelAxes = (inputShape: readonly number[], channels: number): number[] =>
  isImage(inputShape) ? [channels, 1, 1] : [channels];

function writeActivation(graph: GraphWriter, component: Component): void {
  const type = choiceOf(component, 'activation');
  const operators = activationOperators[type];
  if (operators === undefined) throw unsupported(`activation "${type}"`);
  operators.write(graph);
}

const unsupported = (what: string): WeftError =>
  new WeftError('onnx.unsupported', `ONNX files can't be made of networks with the ${what} yet.`);

function flattenImages(graph: GraphWriter, inputShape: readonly number[]): void {
  if (isImage(inputShape)) graph.node('Flatten', [graph.value], { axis: { int: 1 } });
}

/** The attributes of a square window. */
function windowAttributes(size: number, stride: number) {
  return { kernel_shape: { ints: [size, size] }, strides: { ints: [stride, stride] } };
}

function pooling(opType: string): (graph: GraphWriter, layer: LayerToWrite) => void {
  return (graph, { component }) => {
    graph.node(
      opType,
      [graph.value],
      windowAttributes(numberOf(component, 'size'), numberOf(component, 'stride')),
    );
  };
}

/** By the type in the catalogue. */
const writers: Readonly<Record<string, (graph: GraphWriter, layer: LayerToWrite) => void>> = {
  dense: (graph, { component, inputShape, tensor }) => {
    flattenImages(graph, inputShape);
    const inputs = [graph.value, graph.tensor(tensor('weight')), graph.tensor(tensor('bias'))];
    graph.node('Gemm', inputs, { transB: { int: 1 } });
    writeActivation(graph, component);
  },
  convolution: (graph, { component, tensor }) => {
    const kernel = numberOf(component, 'kernel');
    const padding = numberOf(component, 'padding');
    const inputs = [graph.value, graph.tensor(tensor('weight')), graph.tensor(tensor('bias'))];
    graph.node('Conv', inputs, {
      ...windowAttributes(kernel, numberOf(component, 'stride')),
      pads: { ints: [padding, padding, padding, padding] },
    });
    writeActivation(graph, component);
  },
  'max-pooling': pooling('MaxPool'),
  'average-pooling': pooling('AveragePool'),
  'global-average-pooling': (graph) => {
    graph.node('GlobalAveragePool');
    graph.node('Flatten', [graph.value], { axis: { int: 1 } });
  },
  flatten: (graph, { inputShape }) => flattenImages(graph, inputShape),
  // Predicting drops nothing.
  dropout: () => undefined,
  'batch-norm': (graph, { component, tensor }) => {
    const names = ['weight', 'bias', 'running_mean', 'running_var'];
    const inputs = [graph.value, ...names.map((name) => graph.tensor(tensor(name)))];
    graph.node('BatchNormalization', inputs, { epsilon: { float: numberOf(component, 'epsilon') } });
  },
  activation: (graph, { component }) => writeActivation(graph, component),
  prelu: (graph, { inputShape, tensor }) => {
    const weight = tensor('weight');
    graph.node('PRelu', [graph.value, graph.tensor(weight, channelAxes(inputShape, weight.data.length))]);
  },
};

/** Adds the nodes of a layer. Throws `onnx.unsupported` for one that is not in the table. */
export function writeLayer(graph: GraphWriter, layer: LayerToWrite): void {
  const write = writers[layer.component.type];
  if (write === undefined) throw unsupported(`layer "${layer.component.type}"`);
  write(graph, layer);
}

const tensorAt = (node: TakenNode, place: number, name: string): NamedTensor => ({
  name,
  ...node.floats(place),
});
const without = (component: Component): ReadLayer => ({ component, tensors: [] });

function readPool(type: string, node: TakenNode): ReadLayer {
  const [size = 0] = node.ints('kernel_shape');
  const [stride = 0] = node.ints('strides');
  node.expectInts('kernel_shape', [size, size]);
  node.expectInts('strides', [stride, stride]);
  return without({ type, size, stride });
}

/** By the operator. Activations that follow are layers of their own. */
const readers: Readonly<Record<string, (node: TakenNode) => ReadLayer>> = {
  Gemm: (node) => {
    const tensors = [tensorAt(node, 1, 'weight'), tensorAt(node, 2, 'bias')];
    const [units = 0] = tensors[0]!.shape;
    node.expectInt('transB', 1);
    return { component: { type: 'dense', units, activation: 'linear' }, tensors };
  },
  Conv: (node) => {
    const tensors = [tensorAt(node, 1, 'weight'), tensorAt(node, 2, 'bias')];
    const [filters = 0] = tensors[0]!.shape;
    const [kernel = 0] = node.ints('kernel_shape');
    const [stride = 0] = node.ints('strides');
    const [padding = 0] = node.ints('pads');
    node.expectInts('kernel_shape', [kernel, kernel]);
    node.expectInts('strides', [stride, stride]);
    node.expectInts('pads', [padding, padding, padding, padding]);
    return {
      component: { type: 'convolution', filters, kernel, stride, padding, activation: 'linear' },
      tensors,
    };
  },
  MaxPool: (node) => readPool('max-pooling', node),
  AveragePool: (node) => readPool('average-pooling', node),
  GlobalAveragePool: () => without({ type: 'global-average-pooling' }),
  Flatten: (node) => {
    node.expectInt('axis', 1);
    return without({ type: 'flatten' });
  },
  BatchNormalization: (node) => ({
    component: { type: 'batch-norm', epsilon: node.float('epsilon') },
    tensors: ['weight', 'bias', 'running_mean', 'running_var'].map((name, place) =>
      tensorAt(node, place + 1, name),
    ),
  }),
  PRelu: (node) => {
    const { data } = node.floats(1);
    return { component: { type: 'prelu' }, tensors: [{ name: 'weight', shape: [data.length], data }] };
  },
};

/** Takes the nodes of the next layer. Throws `onnx.other-graph`. */
export function readLayer(graph: GraphReader): ReadLayer {
  for (const [activation, operators] of Object.entries(activationOperators)) {
    if (operators.read(graph)) return without({ type: 'activation', activation });
  }
  const read = readers[graph.nextType];
  if (read === undefined) throw graph.fault(`${graph.nextType} is no layer`);
  return read(graph.take(graph.nextType));
}
