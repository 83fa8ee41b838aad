// Makes a model of a file that another tool wrote: recognises its layers, says what is not in it, and puts the network
// together once that is known.
import { findComponentProblems } from '../../src-shared/components.ts';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type {
  ForeignAnswers,
  ForeignLayer,
  ForeignQuestion,
  ForeignSketch,
  LayerAnswer,
} from '../../src-shared/schemas/foreignModel.ts';
import { catalogue } from '../engine/catalogue.ts';
import type { Model } from '../runs/modelFile.ts';
import { assembleModel } from './assembleModel.ts';
import { convertedTypes, readForeignFile } from './foreignTensors.ts';
import { groupTensors, type TensorGroup } from './foreignLayers.ts';
import { findChain, sizesOf, type LayerChain } from './layerChain.ts';
import { guessShape, guessWindows } from './windowGuess.ts';

/** What a person has said so far; what is missing is assumed. */
export type GivenAnswers = Partial<ForeignAnswers>;

/** A dataset that the model may be made for. */
export type KnownDataset = Pick<DatasetSummary, 'id' | 'name' | 'classes' | 'shape'>;

export interface RecognisedModel {
  sketch: ForeignSketch;
  /** The model as the answers of the sketch make it. Throws the sketch's problem. */
  assemble: () => Model;
}

/** Epsilons that PyTorch and Keras take where nothing else is said. */
const usualEpsilon = { pytorch: 1e-5, keras: 1e-3 } as const;
const layoutNames = { pytorch: 'PyTorch', keras: 'Keras' } as const;
const plainInput = { means: [0], deviations: [1] };

function tensorsOf({ weight, bias, mean, variance }: TensorGroup): ForeignLayer['tensors'] {
  return [weight, bias, mean, variance]
    .filter((tensor) => tensor !== undefined)
    .map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }));
}

function describeLayers({ groups, layout }: LayerChain): ForeignLayer[] {
  return groups.map((group) => {
    const { kind, name } = group;
    return { kind, name, tensors: tensorsOf(group), ...sizesOf(group, layout) };
  });
}

/** The layer's activation where nothing else is said: none before a normalization and at the output. */
function usualActivation(layers: readonly ForeignLayer[], index: number): string {
  const next = layers[index + 1];
  const isFollowed = next === undefined || next.kind === 'batch-norm' || next.kind === 'prelu';
  const isFirstNorm = index === 0 && layers[0]?.kind === 'batch-norm';
  return isFollowed || isFirstNorm || layers[index]?.kind === 'prelu' ? 'linear' : 'relu';
}

function guessAnswers(
  { layout }: LayerChain,
  layers: readonly ForeignLayer[],
  given: GivenAnswers,
  name: string,
  datasets: readonly KnownDataset[],
): ForeignAnswers {
  const activations = layers.map((_, index): LayerAnswer => {
    return { activation: usualActivation(layers, index), stride: 1, padding: 0, pooling: 'none' };
  });
  const convolutions = layers.filter((layer) => layer.kind === 'convolution');
  const [first] = convolutions;
  const lastConvolution = layers.findLastIndex((layer) => layer.kind === 'convolution');
  const taker = layers.slice(lastConvolution + 1).find((layer) => layer.kind === 'dense');
  let shape = given.shape;
  if (first === undefined) {
    const inputs = layers.find((layer) => layer.kind === 'dense')?.inputs ?? 1;
    shape ??= guessShape(inputs);
  } else {
    const guess = guessWindows(
      convolutions.map(({ kernel }) => kernel ?? 1),
      first.inputs,
      convolutions.at(-1)?.outputs ?? 1,
      taker?.inputs ?? 1,
      given.shape,
    );
    shape = guess.shape;
    convolutions.forEach((layer, index) => {
      Object.assign(activations[layers.indexOf(layer)]!, guess.windows[index]);
    });
  }
  const classCount = layers.at(-1)?.outputs ?? 0;
  const { height, width, channels } = shape;
  const dataset =
    datasets.find(({ id }) => id === given.datasetId) ??
    datasets.find(
      (one) =>
        one.classes.length === classCount &&
        one.shape.height === height &&
        one.shape.width === width &&
        one.shape.channels === channels,
    );
  const numbered = Array.from({ length: classCount }, (_, index) => `class ${index}`);
  const defaults: ForeignAnswers = {
    name,
    layout,
    shape,
    flattening: layout === 'pytorch' ? 'channels-first' : 'channels-last',
    input: plainInput,
    layers: activations,
    epsilon: usualEpsilon[layout],
    classes: dataset?.classes.length === classCount ? dataset.classes : numbered,
    datasetId: dataset?.id ?? '',
  };
  return { ...defaults, ...given, layout };
}

function questionsFor(
  layers: readonly ForeignLayer[],
  answers: ForeignAnswers,
  isLayoutOpen: boolean,
): ForeignQuestion[] {
  const has = (kind: ForeignLayer['kind']): boolean => layers.some((layer) => layer.kind === kind);
  const flattened = layers.findLast((layer) => layer.kind === 'convolution')?.outputs;
  const asked: [ForeignQuestion, boolean][] = [
    ['layout', isLayoutOpen],
    ['shape', true],
    ['flattening', (flattened ?? answers.shape.channels) > 1],
    ['input', true],
    ['activations', layers.length > 1],
    ['convolutions', has('convolution')],
    ['epsilon', has('batch-norm')],
    ['classes', true],
  ];
  return asked.filter(([, isAsked]) => isAsked).map(([question]) => question);
}

function notesOn(layers: readonly ForeignLayer[], isOrderDeduced: boolean): string[] {
  const tensors = layers.flatMap((layer) => layer.tensors);
  const types = [...new Set(tensors.map(({ dtype }) => dtype))].filter((dtype) => convertedTypes.has(dtype));
  const withoutBias = layers.filter(
    ({ kind, tensors: own }) => (kind === 'dense' || kind === 'convolution') && own.length === 1,
  );
  const notes: string[] = [];
  if (types.length > 0) notes.push(`Numbers of the type ${types.join(' and ')} become 32-bit floats.`);
  if (isOrderDeduced) notes.push('The order of the layers was found out from their shapes.');
  if (withoutBias.length > 0) {
    notes.push(`Without a bias, so with zeros: ${withoutBias.map(({ name }) => `"${name}"`).join(', ')}.`);
  }
  return notes;
}

/** Throws `import.wrong-answer` for answers that belong to another network or name what is not there. */
function checkAnswers(layers: readonly ForeignLayer[], answers: ForeignAnswers): void {
  const refuse = (message: string): WeftError => new WeftError('import.wrong-answer', `${message}.`);
  const outputs = layers.at(-1)?.outputs ?? 0;
  if (answers.layers.length !== layers.length) {
    throw refuse(`There are ${layers.length} layers, but answers for ${answers.layers.length}`);
  }
  if (answers.classes.length !== outputs) {
    throw refuse(`The network has ${outputs} outputs, but ${answers.classes.length} classes are named`);
  }
  for (const [index, { activation }] of answers.layers.entries()) {
    const [problem] = findComponentProblems(catalogue.layers, { type: 'activation', activation }, 'layer');
    if (problem !== undefined) throw refuse(`The activation of "${layers[index]!.name}" ${problem.message}`);
  }
  const { means, deviations } = answers.input;
  for (const list of [means, deviations]) {
    if (list.length !== 1 && list.length !== answers.shape.channels) {
      throw refuse(
        `The scaling has ${list.length} numbers, but images have ${answers.shape.channels} channels`,
      );
    }
  }
}

/**
 * What is recognised in the bytes of a safetensors or `.npz` file. `fileName` is for the errors and the model's name.
 * Throws `import.no-layers`, `.unknown-tensor`, `.unsupported`, `.broken-chain`, and the errors of the file formats.
 */
export function recogniseModel(
  bytes: Uint8Array,
  fileName: string,
  given: GivenAnswers,
  datasets: readonly KnownDataset[],
  weftVersion: string,
): RecognisedModel {
  const { format, tensors } = readForeignFile(bytes, fileName);
  const { groups, suggestedLayout, notes } = groupTensors(tensors, fileName);
  const { chain, isLayoutOpen, isOrderDeduced } = findChain(groups, format, suggestedLayout, given.layout);
  const layers = describeLayers(chain);
  const isUnexpected = chain.layout !== suggestedLayout && given.layout === undefined;
  const name = fileName.replace(/\.[a-z]+$/i, '').trim() || 'Model';
  const answers = guessAnswers(chain, layers, given, name.slice(0, 120), datasets);
  const assemble = (): Model => {
    checkAnswers(layers, answers);
    return assembleModel(chain, answers, weftVersion);
  };
  let problem: ForeignSketch['problem'] = null;
  try {
    assemble();
  } catch (error) {
    problem = toErrorData(error);
  }
  const sketch: ForeignSketch = {
    layers,
    notes: [
      ...notes,
      ...(isUnexpected
        ? [
            `The names are ${layoutNames[suggestedLayout]}'s, but the shapes fit ${layoutNames[chain.layout]}'s layout only.`,
          ]
        : []),
      ...notesOn(layers, isOrderDeduced),
    ],
    questions: questionsFor(layers, answers, isLayoutOpen),
    answers,
    problem,
  };
  return { sketch, assemble };
}
