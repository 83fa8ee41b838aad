import { describe, expect, it } from 'vitest';
import { encodeNpz } from '../../../../src-main/formats/npz.ts';
import {
  describeQuestions,
  findOpenQuestions,
  readAnswers,
  readLayerAnswers,
} from '../../../../src-main/hosts/cli/foreignAnswers.ts';
import { GivenOptions } from '../../../../src-main/hosts/cli/givenOptions.ts';
import { recogniseModel } from '../../../../src-main/imports/foreignModel.ts';

const optionsOf = (given: Record<string, string>): GivenOptions =>
  new GivenOptions(new Map(Object.entries(given)));
const array = (name: string, ...shape: number[]) => ({
  name,
  dtype: 'float32' as const,
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});
/** A convolution, a batch normalization, and two dense layers, for images of 28 x 28. */
const { sketch } = recogniseModel(
  encodeNpz([
    array('conv.weight', 4, 1, 3, 3),
    array('bn.weight', 4),
    array('bn.bias', 4),
    array('bn.running_mean', 4),
    array('bn.running_var', 4),
    array('fc1.weight', 8, 784),
    array('fc2.weight', 10, 8),
  ]),
  'net.npz',
  {},
  [],
  '0.1.0',
);

describe('the options of models import', () => {
  it('answer what a file does not say', () => {
    const options = optionsOf({
      scale: '0.1307,0.3081',
      image: '28x28',
      classes: 'cat, dog',
      epsilon: '0.001',
      layout: 'keras',
    });
    expect(readAnswers(options)).toEqual({
      input: { means: [0.1307], deviations: [0.3081] },
      shape: { height: 28, width: 28, channels: 1 },
      classes: ['cat', 'dog'],
      epsilon: 0.001,
      layout: 'keras',
    });
    expect(readAnswers(optionsOf({ scale: '0-255' })).input).toEqual({ means: [0], deviations: [1 / 255] });
    expect(readAnswers(optionsOf({ image: '32x32x3' })).shape?.channels).toBe(3);
  });

  it.each([
    ['scale', 'much'],
    ['scale', '1,0'],
    ['image', '28'],
    ['epsilon', '1'],
    ['layout', 'torch'],
  ])('are wrong usage where they make no sense: --%s %s', (name, value) => {
    expect(() => readAnswers(optionsOf({ [name]: value }))).toThrow(`--${name}`);
  });

  it('give an activation to those layers that have one, or one to each', () => {
    const activationsOf = (activation: string): string[] =>
      readLayerAnswers(optionsOf({ activation }), sketch).map((answer) => answer.activation);
    expect(activationsOf('tanh')).toEqual(['linear', 'tanh', 'tanh', 'linear']);
    expect(activationsOf('elu,linear,gelu')).toEqual(['elu', 'linear', 'gelu', 'linear']);
    expect(() => activationsOf('elu,gelu')).toThrow('3 hidden layers');
  });

  it('say how windows move', () => {
    const [first] = readLayerAnswers(optionsOf({ stride: '2', padding: '0', pooling: 'average' }), sketch);
    expect(first).toMatchObject({ stride: 2, padding: 0, pooling: 'average' });
    expect(() => readLayerAnswers(optionsOf({ pooling: 'some' }), sketch)).toThrow('--pooling');
  });

  it('that are missing are named with what would be assumed', () => {
    expect(describeQuestions(sketch)).toEqual([
      '--image 28x28x1',
      '--flatten channels-first',
      '--scale 0-1',
      '--activation linear,relu,relu',
      '--stride 1 --padding 1 --pooling max',
      '--epsilon 0.00001',
      '--classes "class 0,class 1,class 2,class 3,class 4,class 5,class 6,class 7,class 8,class 9"',
    ]);
    const given = optionsOf({ image: '28x28', dataset: 'mnist', activation: 'relu', padding: '1' });
    expect(findOpenQuestions(given, sketch)).toEqual(['flattening', 'input', 'epsilon']);
  });
});
