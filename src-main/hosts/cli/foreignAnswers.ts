// The options of `weft models import` as answers to what a file does not say.
import { WeftError } from '../../../src-shared/failure.ts';
import type { ForeignAnswers, ForeignSketch, LayerAnswer } from '../../../src-shared/schemas/foreignModel.ts';
import type { OptionUsage } from './command.ts';
import type { GivenOptions } from './givenOptions.ts';
import { UsageError } from './usageError.ts';

export const answerOptions: Readonly<Record<string, OptionUsage>> = {
  activation: {
    value: 'LIST',
    help: 'of the hidden layers: one for all ("relu"), or one for each ("relu,tanh")',
  },
  scale: {
    value: 'SCALE',
    help: 'what the network takes: 0-1, 0-255, -1-1, or MEAN,DEVIATION of pixels from 0 to 1',
  },
  classes: { value: 'LIST', help: 'names of the outputs, in their order, with commas' },
  dataset: { value: 'ID', help: 'the data set that it tells apart, which has the names of the classes' },
  image: { value: 'SHAPE', help: 'the image that it takes: 28x28 or 32x32x3' },
  layout: { value: 'NAME', help: 'pytorch for weights (out, in), keras for (in, out)' },
  flatten: {
    value: 'ORDER',
    help: 'how images become rows: channels-first (PyTorch) or channels-last (Keras)',
  },
  stride: { value: 'LIST', help: 'of the convolutions, one for all or one for each' },
  padding: { value: 'LIST', help: 'zeros around the image, of the convolutions' },
  pooling: {
    value: 'LIST',
    help: 'after each convolution: none, max, average (2 x 2 each) or global-average',
  },
  epsilon: { value: 'NUMBER', help: 'of the batch normalizations' },
  name: { value: 'NAME', help: 'of the model, else that of the file' },
};

const scales: Readonly<Record<string, ForeignAnswers['input']>> = {
  '0-1': { means: [0], deviations: [1] },
  '0-255': { means: [0], deviations: [1 / 255] },
  '-1-1': { means: [0.5], deviations: [0.5] },
};

const listOf = (options: GivenOptions, name: string): string[] | undefined =>
  options
    .text(name)
    ?.split(',')
    .map((part) => part.trim());

function readScale(text: string): ForeignAnswers['input'] {
  if (Object.hasOwn(scales, text)) return scales[text]!;
  const [mean = NaN, deviation = NaN, ...rest] = text.split(',').map(Number);
  if (rest.length > 0 || !Number.isFinite(mean) || !(deviation > 0)) {
    throw new UsageError(`--scale must be 0-1, 0-255, -1-1 or MEAN,DEVIATION, not "${text}".`);
  }
  return { means: [mean], deviations: [deviation] };
}

function readShape(text: string): ForeignAnswers['shape'] {
  const [, height, width, channels = '1'] = /^(\d{1,4})x(\d{1,4})(?:x(\d{1,2}))?$/.exec(text) ?? [];
  if (height === undefined || width === undefined) {
    throw new UsageError(`--image must be HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS, not "${text}".`);
  }
  return { height: Number(height), width: Number(width), channels: Number(channels) };
}

function readEpsilon(text: string): number {
  const value = Number(text);
  if (!(value >= 1e-8 && value <= 0.1)) {
    throw new UsageError(`--epsilon must be a number from 1e-8 to 0.1, not "${text}".`);
  }
  return value;
}

/** The answers that need no knowledge of the file. Throws a UsageError for a wrong value. */
export function readAnswers(options: GivenOptions): Partial<ForeignAnswers> {
  const scale = options.text('scale');
  const image = options.text('image');
  const epsilon = options.text('epsilon');
  const given: Record<keyof Omit<ForeignAnswers, 'layers'>, unknown> = {
    name: options.text('name'),
    layout: options.choice('layout', ['pytorch', 'keras']),
    shape: image === undefined ? undefined : readShape(image),
    flattening: options.choice('flatten', ['channels-first', 'channels-last']),
    input: scale === undefined ? undefined : readScale(scale),
    epsilon: epsilon === undefined ? undefined : readEpsilon(epsilon),
    classes: listOf(options, 'classes'),
    datasetId: options.text('dataset'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** One value for each of `count` places, from a list of one for all or one for each. */
function spread(list: readonly string[], count: number, option: string, what: string): string[] {
  if (list.length === 1) return Array.from({ length: count }, () => list[0]!);
  if (list.length === count) return [...list];
  throw new UsageError(`--${option} names ${list.length}, but the network has ${count} ${what}.`);
}

const whole = (text: string, option: string): number => {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} must be whole numbers, not "${text}".`);
};

const poolings: readonly LayerAnswer['pooling'][] = ['none', 'max', 'average', 'global-average'];

function poolingOf(text: string): LayerAnswer['pooling'] {
  const found = poolings.find((pooling) => pooling === text);
  if (found === undefined) {
    throw new UsageError(`--pooling must be of ${poolings.join(', ')}, not "${text}".`);
  }
  return found;
}

/** The sketch's answers for its layers with what the options say of them. Throws a UsageError where numbers don't fit. */
export function readLayerAnswers(options: GivenOptions, { layers, answers }: ForeignSketch): LayerAnswer[] {
  const said = answers.layers.map((answer) => ({ ...answer }));
  const activations = listOf(options, 'activation');
  if (activations !== undefined) {
    const hidden = said.slice(0, -1);
    // One for all is meant for those layers that have one at all.
    const wanted =
      activations.length === 1 ? hidden.filter(({ activation }) => activation !== 'linear') : hidden;
    const names = spread(activations, wanted.length, 'activation', 'hidden layers');
    wanted.forEach((answer, index) => (answer.activation = names[index]!));
  }
  const convolutions = said.filter((_, index) => layers[index]?.kind === 'convolution');
  const change = (option: string, set: (answer: LayerAnswer, text: string) => void): void => {
    const list = listOf(options, option);
    if (list === undefined) return;
    const values = spread(list, convolutions.length, option, 'convolutions');
    convolutions.forEach((answer, index) => set(answer, values[index]!));
  };
  change('stride', (answer, text) => (answer.stride = whole(text, 'stride')));
  change('padding', (answer, text) => (answer.padding = whole(text, 'padding')));
  change('pooling', (answer, text) => (answer.pooling = poolingOf(text)));
  return said;
}

/** Which options answer each question, as a person types them with what is assumed. */
export function describeQuestions({ questions, layers, answers }: ForeignSketch): string[] {
  const { height, width, channels } = answers.shape;
  const convolutions = answers.layers.filter((_, index) => layers[index]?.kind === 'convolution');
  const quoted = (text: string): string => (/[\s,]/.test(text) ? `"${text}"` : text);
  const [mean = 0] = answers.input.means;
  const [deviation = 1] = answers.input.deviations;
  const scale = Object.entries(scales).find(
    ([, { means, deviations }]) => means[0] === mean && deviations[0] === deviation,
  );
  return questions.map((question) => {
    switch (question) {
      case 'layout':
        return `--layout ${answers.layout}`;
      case 'shape':
        return `--image ${height}x${width}x${channels}`;
      case 'flattening':
        return `--flatten ${answers.flattening}`;
      case 'input':
        return `--scale ${scale?.[0] ?? `${mean},${deviation}`}`;
      case 'activations':
        return `--activation ${answers.layers
          .slice(0, -1)
          .map(({ activation }) => activation)
          .join(',')}`;
      case 'convolutions':
        return [
          `--stride ${convolutions.map(({ stride }) => stride).join(',')}`,
          `--padding ${convolutions.map(({ padding }) => padding).join(',')}`,
          `--pooling ${convolutions.map(({ pooling }) => pooling).join(',')}`,
        ].join(' ');
      case 'epsilon':
        return `--epsilon ${answers.epsilon}`;
      case 'classes':
        return answers.datasetId === ''
          ? `--classes ${quoted(answers.classes.join(','))}`
          : `--dataset ${answers.datasetId}`;
    }
  });
}

/** The options that answer each question; one of a row is enough. */
const answeredBy: Readonly<Record<ForeignSketch['questions'][number], readonly string[]>> = {
  layout: ['layout'],
  shape: ['image'],
  flattening: ['flatten'],
  input: ['scale'],
  activations: ['activation'],
  convolutions: ['stride', 'padding', 'pooling'],
  epsilon: ['epsilon'],
  classes: ['classes', 'dataset'],
};

/** The questions that no option answers. */
export function findOpenQuestions(options: GivenOptions, sketch: ForeignSketch): ForeignSketch['questions'] {
  return sketch.questions.filter((question) => !answeredBy[question].some((name) => options.has(name)));
}

/** Throws the sketch's problem. */
export function throwProblem({ problem }: ForeignSketch): void {
  if (problem !== null) throw new WeftError(problem.code, problem.message, problem.remedy);
}
