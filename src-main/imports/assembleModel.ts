// Builds a model of ours out of a chain of layers made elsewhere, once everything about it is known.
import { findComponentProblems } from '../../src-shared/components.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { presets } from '../../src-shared/presets.ts';
import type { Component } from '../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { ForeignAnswers, LayerAnswer } from '../../src-shared/schemas/foreignModel.ts';
import { placeWhatFits, tensorName } from '../engine/architecture.ts';
import { catalogue } from '../engine/catalogue.ts';
import type { NamedTensor } from '../engine/types.ts';
import type { Model } from '../runs/modelFile.ts';
import { pixelScale } from '../runs/modelMetadata.ts';
import type { TensorGroup } from './foreignLayers.ts';
import {
  convolutionWeights,
  denseWeights,
  foldIntoDense,
  ofChannel,
  toChannelsFirst,
} from './foreignWeights.ts';
import { sizesOf, type LayerChain, type LayerSizes } from './layerChain.ts';

/** A layer of ours, and of which layer of the file; null for one that has no tensors there. */
interface PlannedLayer {
  component: Component;
  group: TensorGroup | null;
}

type Values = Readonly<Record<string, Float32Array>>;

const poolings: Readonly<Record<LayerAnswer['pooling'], Component | null>> = {
  none: null,
  max: { type: 'max-pooling', size: 2, stride: 2 },
  average: { type: 'average-pooling', size: 2, stride: 2 },
  'global-average': { type: 'global-average-pooling' },
};

/** An epsilon that, with the variance beside it, makes a divisor of 1. */
const scalingEpsilon = 1e-5;

const filled = (length: number, value: number): Float32Array => new Float32Array(length).fill(value);
const featuresOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function componentsOf(
  group: TensorGroup,
  { outputs, kernel }: LayerSizes,
  answer: LayerAnswer,
  epsilon: number,
): PlannedLayer[] {
  const { activation, stride, padding } = answer;
  const after: PlannedLayer[] =
    activation === 'linear' ? [] : [{ component: { type: 'activation', activation }, group: null }];
  switch (group.kind) {
    case 'dense':
      return [{ component: { type: 'dense', units: outputs, activation }, group }];
    case 'convolution': {
      const component = {
        type: 'convolution',
        filters: outputs,
        kernel: kernel ?? 1,
        stride,
        padding,
        activation,
      };
      return [{ component, group }];
    }
    case 'batch-norm':
      return [{ component: { type: 'batch-norm', epsilon }, group }, ...after];
    case 'prelu':
      return [{ component: { type: 'prelu' }, group }, ...after];
  }
}

/** All layers, the output layer last. A convolution's pooling follows what belongs to it. */
function planLayers({ groups, layout }: LayerChain, answers: ForeignAnswers): PlannedLayer[] {
  const planned: PlannedLayer[] = [];
  const first = groups[0];
  const isShifted = answers.input.means.some((mean) => mean !== 0);
  if (first?.kind === 'convolution' && isShifted) {
    planned.push({ component: { type: 'batch-norm', epsilon: scalingEpsilon }, group: null });
  }
  if (first?.kind === 'batch-norm' && sizesOf(first, layout).outputs !== answers.shape.channels) {
    if (answers.shape.channels > 1 && answers.flattening === 'channels-last') {
      throw new WeftError(
        'import.unsupported',
        `"${first.name}" normalizes a flat image of several channels in Keras's order.`,
        'Leave the first normalization out when you train it.',
      );
    }
    planned.push({ component: { type: 'flatten' }, group: null });
  }
  let pooling: Component | null = null;
  groups.forEach((group, index) => {
    if (pooling !== null && (group.kind === 'convolution' || group.kind === 'dense')) {
      planned.push({ component: pooling, group: null });
      pooling = null;
    }
    const answer = answers.layers[index]!;
    planned.push(...componentsOf(group, sizesOf(group, layout), answer, answers.epsilon));
    if (group.kind === 'convolution') pooling = poolings[answer.pooling];
  });
  return planned;
}

function checkComponents(planned: readonly PlannedLayer[]): void {
  for (const { component, group } of planned) {
    const name = group?.name ?? component.type;
    const [problem] = findComponentProblems(catalogue.layers, component, name);
    if (problem === undefined) continue;
    throw new WeftError('import.unsupported', `The ${problem.path} of the network ${problem.message}.`);
  }
}

function readDense(
  group: TensorGroup,
  chain: LayerChain,
  answers: ForeignAnswers,
  shape: readonly number[],
): Values {
  const { inputs, outputs } = sizesOf(group, chain.layout);
  if (featuresOf(shape) !== inputs) {
    throw new WeftError(
      'import.shape-mismatch',
      `"${group.name}" takes ${inputs} numbers, but with these answers an image of ${answers.shape.height} x ${answers.shape.width} becomes ${shape.join(' x ')} = ${featuresOf(shape)} before it.`,
      'Check the size of the image, and the padding, stride and pooling of the convolutions.',
    );
  }
  const [height = 1, width = 1, channels = 1] = shape;
  let weights = denseWeights(group.weight!.values(), chain.layout, inputs, outputs);
  if (answers.flattening === 'channels-last' && channels > 1) {
    weights = toChannelsFirst(weights, outputs, { height, width, channels });
  }
  const bias = group.bias?.values() ?? filled(outputs, 0);
  if (group !== chain.groups[0]) return { weight: weights, bias };
  const folded = foldIntoDense(weights, bias, answers.input, answers.shape);
  return { weight: folded.weights, bias: folded.bias };
}

function readConvolution(group: TensorGroup, chain: LayerChain, { input }: ForeignAnswers): Values {
  const { inputs, outputs, kernel } = sizesOf(group, chain.layout);
  const window = kernel ?? 1;
  const values = convolutionWeights(group.weight!.values(), chain.layout, inputs, outputs, window);
  const bias = group.bias?.values() ?? filled(outputs, 0);
  const isScaledHere = group === chain.groups[0] && input.means.every((mean) => mean === 0);
  if (!isScaledHere) return { weight: values, bias };
  const weight = values.map((value, index) => {
    const channel = Math.floor(index / (window * window)) % inputs;
    return value / ofChannel(input.deviations, channel);
  });
  return { weight, bias };
}

/** As the first layer it takes the scaling in: `((x - m) / d - mean) / s * w = (x - (m + d mean)) / s * (w / d)`. */
function readBatchNorm(group: TensorGroup, chain: LayerChain, { input, shape }: ForeignAnswers): Values {
  const { outputs } = sizesOf(group, chain.layout);
  const weight = group.weight?.values() ?? filled(outputs, 1);
  const bias = group.bias?.values() ?? filled(outputs, 0);
  const mean = group.mean!.values();
  const variance = group.variance!.values();
  if (group !== chain.groups[0]) return { weight, bias, running_mean: mean, running_var: variance };
  const pixels = outputs === shape.channels ? 1 : shape.height * shape.width;
  const of = (list: readonly number[], index: number): number => ofChannel(list, Math.floor(index / pixels));
  return {
    weight: weight.map((value, index) => value / of(input.deviations, index)),
    bias,
    running_mean: mean.map((value, index) => of(input.means, index) + of(input.deviations, index) * value),
    running_var: variance,
  };
}

/** What scales the image before a convolution, whose padding must stay zeros: `(x - m) / d`. */
function scalingValues({ input, shape: { channels } }: ForeignAnswers): Values {
  return {
    weight: Float32Array.from({ length: channels }, (_, channel) => 1 / ofChannel(input.deviations, channel)),
    bias: filled(channels, 0),
    running_mean: Float32Array.from({ length: channels }, (_, channel) => ofChannel(input.means, channel)),
    running_var: filled(channels, 1 - scalingEpsilon),
  };
}

function readValues(
  { component, group }: PlannedLayer,
  chain: LayerChain,
  answers: ForeignAnswers,
  inputShape: readonly number[],
): Values {
  if (group === null) return component.type === 'batch-norm' ? scalingValues(answers) : {};
  switch (group.kind) {
    case 'dense':
      return readDense(group, chain, answers, inputShape);
    case 'convolution':
      return readConvolution(group, chain, answers);
    case 'batch-norm':
      return readBatchNorm(group, chain, answers);
    case 'prelu': {
      const slopes = group.weight!.values();
      const channels = inputShape.at(-1) ?? 1;
      return { weight: slopes.length === 1 ? filled(channels, slopes[0]!) : slopes };
    }
  }
}

/**
 * The model. Throws `import.shape-mismatch` and `import.unsupported` where the answers or the layers can't be, and
 * `import.wrong-type` for weights that are no floats.
 */
export function assembleModel(chain: LayerChain, answers: ForeignAnswers, weftVersion: string): Model {
  const planned = planLayers(chain, answers);
  checkComponents(planned);
  const classCount = answers.classes.length;
  const shape: ImageShape = answers.shape;
  const layers = planned.slice(0, -1).map(({ component }) => component);
  const architecture = { shape, classCount, layers };
  const { placed, problem } = placeWhatFits(architecture);
  if (problem !== null) {
    const name = planned[problem.layer]?.group?.name ?? planned[problem.layer]?.component.type ?? '';
    throw new WeftError(
      'import.shape-mismatch',
      `"${name}" can't be where it is. ${problem.error.message}`,
      problem.error.remedy,
    );
  }
  const tensors = placed.flatMap(({ inputShape, parameterShapes }, index): NamedTensor[] => {
    const values = readValues(planned[index]!, chain, answers, inputShape);
    return parameterShapes.map(({ name, fileShape }) => {
      return { name: tensorName(index, name), shape: [...fileShape], data: values[name] ?? filled(0, 0) };
    });
  });
  return {
    name: answers.name,
    createdAt: new Date().toISOString(),
    weftVersion,
    architecture,
    preprocessing: { scale: pixelScale },
    classes: answers.classes,
    recipe: { ...presets[0]!.recipe, name: answers.name, layers },
    dataset: { id: answers.datasetId, fingerprint: '' },
    results: {
      epoch: 0,
      trainLoss: null,
      trainAccuracy: null,
      validationLoss: null,
      validationAccuracy: null,
      test: null,
    },
    tensors,
  };
}
