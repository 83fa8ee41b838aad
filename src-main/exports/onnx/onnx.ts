// A model as an ONNX file that takes images as they come: bytes of 0 to 255.
//
//   images         uint8 (batch, height, width), or (batch, height, width, channels) where there are several: as
//                  image libraries and IDX files hold them
//   logits         float32 (batch, classes)
//   probabilities  float32 (batch, classes), their softmax
//
// The batch may be of any size. The metadata holds what a model file's does, as JSON, but for the name.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { placeLayers, tensorName } from '../../engine/architecture.ts';
import type { Architecture, NamedTensor } from '../../engine/types.ts';
import { decodeOnnx, encodeOnnx, floatTensor, integerTensor } from '../../formats/onnx/file.ts';
import { dataTypes } from '../../formats/onnx/messages.ts';
import type { Model } from '../../runs/modelFile.ts';
import { pixelScale, writeModelMetadata } from '../../runs/modelMetadata.ts';
import type { ExportMaker, Network } from '../exportFormat.ts';
import { GraphReader } from './graphReader.ts';
import { GraphWriter } from './graphWriter.ts';
import { readLayer, writeLayer } from './layers.ts';

/** Of 2022: what runs ONNX anywhere reads these. */
const operatorSet = 17;
const intermediateRepresentation = 8;

const inputName = 'images';
const logitsName = 'logits';
const probabilitiesName = 'probabilities';

/** From `(batch, height, width, channels)` to `(batch, channels, height, width)`. */
const channelsFirst = [0, 3, 1, 2];
const channelAxis = 1;

/** The input's sides after the batch. */
const sidesOf = ({ height, width, channels }: ImageShape): number[] =>
  channels === 1 ? [height, width] : [height, width, channels];

function valueInfo(name: string, elemType: number, sides: readonly number[], docString: string) {
  const dim = [{ dimParam: 'batch' }, ...sides.map((side) => ({ dimValue: BigInt(side) }))];
  return { name, docString, type: { tensorType: { elemType, shape: { dim } } } };
}

/** Bytes to numbers from 0 to 1, channels first. */
function writePreprocessing(graph: GraphWriter, { preprocessing, architecture }: Model): void {
  graph.place = 'preprocessing';
  graph.node('Cast', [graph.value], { to: { int: dataTypes.float32 } });
  const scale = floatTensor('preprocessing.scale', [], Float32Array.of(preprocessing.scale));
  graph.node('Mul', [graph.value, graph.constant(scale)]);
  if (architecture.shape.channels === 1) {
    graph.node('Unsqueeze', [
      graph.value,
      graph.constant(integerTensor('preprocessing.axes', [channelAxis])),
    ]);
  } else {
    graph.node('Transpose', [graph.value], { perm: { ints: channelsFirst } });
  }
}

function writeNetwork(graph: GraphWriter, architecture: Architecture, tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  placeLayers(architecture).forEach(({ component, inputShape }, index) => {
    graph.place = `layers.${index}`;
    const tensor = (name: string): NamedTensor => {
      const found = byName.get(tensorName(index, name));
      if (found === undefined)
        throw new Error(`A model was exported without its ${tensorName(index, name)}.`);
      return found;
    };
    writeLayer(graph, { component, inputShape, tensor });
  });
  graph.renameValue(logitsName);
  graph.place = 'output';
  graph.node('Softmax', [graph.value], { axis: { int: 1 } });
  graph.renameValue(probabilitiesName);
}

function make(model: Model): Uint8Array<ArrayBuffer> {
  const { tensors, ...metadata } = model;
  const { architecture, classes, name, weftVersion } = metadata;
  const graph = new GraphWriter(inputName);
  writePreprocessing(graph, model);
  writeNetwork(graph, architecture, tensors);
  const list = classes.join(', ');
  return encodeOnnx({
    irVersion: BigInt(intermediateRepresentation),
    opsetImport: [{ domain: '', version: BigInt(operatorSet) }],
    producerName: 'Weft',
    producerVersion: weftVersion,
    docString: `${name}: takes images as bytes from 0 to 255, gives the probabilities of ${list}.`,
    graph: {
      name: 'network',
      node: graph.nodes,
      initializer: graph.constants,
      input: [
        valueInfo(inputName, dataTypes.uint8, sidesOf(architecture.shape), 'Pixels, 0 black to 255 white.'),
      ],
      output: [
        valueInfo(probabilitiesName, dataTypes.float32, [architecture.classCount], `Of ${list}.`),
        valueInfo(logitsName, dataTypes.float32, [architecture.classCount], 'Before the softmax.'),
      ],
    },
    metadataProps: [...writeModelMetadata(metadata)].map(([key, value]) => ({ key, value })),
  });
}

function readPreprocessing(graph: GraphReader, isGrey: boolean): void {
  graph.take('Cast').expectInt('to', dataTypes.float32);
  graph.take('Mul').expectConstant(1, pixelScale);
  if (!isGrey) {
    graph.take('Transpose').expectInts('perm', channelsFirst);
    return;
  }
  const axes = graph.take('Unsqueeze').integers(1);
  if (axes.join() !== String(channelAxis)) throw graph.fault(`the channels' axis is ${axes.join()}`);
}

function readBack(bytes: Uint8Array, fileName: string): Network {
  const { graph: written } = decodeOnnx(bytes, fileName);
  const graph = new GraphReader(written, inputName, fileName);
  const input = written?.input[0];
  const dimensions = input?.type?.tensorType?.shape?.dim ?? [];
  const [height = 0, width = 0, channels = 1] = dimensions.slice(1).map(({ dimValue }) => Number(dimValue));
  if (input?.name !== inputName || input.type?.tensorType?.elemType !== dataTypes.uint8) {
    throw graph.fault(`it takes no bytes called ${inputName}`);
  }
  readPreprocessing(graph, dimensions.length === 3);
  const layers = [];
  const tensors: NamedTensor[] = [];
  while (graph.hasMore && graph.value !== logitsName) {
    const layer = readLayer(graph);
    for (const tensor of layer.tensors) {
      tensors.push({ ...tensor, name: tensorName(layers.length, tensor.name) });
    }
    layers.push(layer.component);
  }
  graph.take('Softmax').expectInt('axis', 1);
  if (graph.value !== probabilitiesName || graph.hasMore) {
    throw graph.fault(`it does not end in ${probabilitiesName}`);
  }
  const output = layers.pop();
  if (output?.type !== 'dense' || typeof output.units !== 'number') {
    throw graph.fault('its last layer is not dense');
  }
  return {
    architecture: { shape: { height, width, channels }, classCount: output.units, layers },
    tensors,
  };
}

/** For anything that runs ONNX: onnxruntime in any language, phones, browsers. */
export const onnx: ExportMaker = { covers: 'file', make: ({ model }) => make(model), readBack };
