// Models that other tools wrote, against PyTorch's own answers. One file, as PyTorch is started once for all of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { findPython } from '../../../scripts/testing/findPython.mjs';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import { decodeNpz, encodeNpz, type NamedNpyArray } from '../../../src-main/formats/npz.ts';
import { encodeSafetensors, type FileTensor } from '../../../src-main/formats/safetensors.ts';
import { recogniseModel, type GivenAnswers } from '../../../src-main/imports/foreignModel.ts';
import { decodeModel, encodeModel, type Model } from '../../../src-main/runs/modelFile.ts';
import { Random } from '../../../src-shared/random.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';

/** Both compute in float32, in another order; the probabilities are at most 1. */
const tolerance = 1e-5;

async function predict(model: Model, pixels: Uint8Array, count: number): Promise<Float32Array> {
  const { architecture, tensors } = decodeModel(encodeModel(model), 'model');
  const workerProgram = new URL('file:///unused');
  const predictor = await createPredictor({ architecture, tensors, threads: 1, workerProgram });
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  const probabilities = Float32Array.from(predictor.predict(pixels, indices));
  await predictor.close();
  return probabilities;
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);

const recognise = (bytes: Uint8Array, given: GivenAnswers = {}, fileName = 'net.npz') =>
  recogniseModel(bytes, fileName, given, [], '0.1.0');

const random = Random.fromSeed(11, 'foreign');
const filledArray = (name: string, ...shape: number[]): NamedNpyArray => {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, () => random.normal() / 4);
  return { name, dtype: 'float32', shape, data };
};
const archiveOf = (...arrays: NamedNpyArray[]): Uint8Array => encodeNpz(arrays);

const python = findPython('torch');
const reason = python === undefined ? ' (needs Python with PyTorch)' : '';

describe.skipIf(python === undefined)(`models that PyTorch made predict the same in Weft${reason}`, () => {
  const casesSchema = v.array(
    v.object({
      name: v.string(),
      shape: v.tuple([v.number(), v.number(), v.number()]),
      pixels: v.array(v.number()),
      probabilities: v.array(v.number()),
    }),
  );
  let folder = '';
  let cases: v.InferOutput<typeof casesSchema> = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weft-foreign-'));
    execFileSync(python!, [join(import.meta.dirname, 'foreign_models.py'), folder]);
    cases = v.parse(casesSchema, JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const activations = (...names: string[]): GivenAnswers => ({
    layers: names.map((activation) => ({ activation, stride: 1, padding: 0, pooling: 'none' as const })),
  });
  const standardized = { means: [0.1307], deviations: [0.3081] };
  /** What a person has to say beside the defaults. */
  const said: Record<string, GivenAnswers> = {
    mlp: activations('relu', 'tanh', 'linear'),
    raw: { input: { means: [0], deviations: [1 / 255] }, ...activations('sigmoid', 'linear') },
    norms: { input: standardized },
    lenet: { input: standardized },
    colour: {},
  };

  it.each(Object.keys(said))('%s', async (name) => {
    const one = cases.find((known) => known.name === name)!;
    const archive = readFileSync(join(folder, `${name}.npz`));
    const { sketch, assemble } = recognise(archive, said[name]);
    expect(sketch.problem).toBeNull();
    expect(Object.values(sketch.answers.shape)).toEqual(one.shape);
    const count = one.pixels.length / (one.shape[0] * one.shape[1] * one.shape[2]);
    const probabilities = await predict(assemble(), Uint8Array.from(one.pixels), count);
    expect(largestDifference(probabilities, one.probabilities)).toBeLessThan(tolerance);
  });

  it('as safetensors, sorted by name as that library writes them', async () => {
    const one = cases.find(({ name }) => name === 'norms')!;
    const arrays = decodeNpz(readFileSync(join(folder, 'norms.npz')), 'norms.npz');
    const tensors = arrays
      .map(({ name, dtype, shape, data }): FileTensor => {
        return { name, shape, dtype: dtype === 'int64' ? 'I64' : 'F32', bytes: bytesOf(data) };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const file = encodeSafetensors(tensors, new Map([['format', 'pt']]));
    const { sketch, assemble } = recognise(file, said['norms'], 'norms.safetensors');
    expect(sketch.layers.map(({ kind }) => kind)).toEqual(['dense', 'batch-norm', 'dense', 'prelu', 'dense']);
    const probabilities = await predict(assemble(), Uint8Array.from(one.pixels), 5);
    expect(largestDifference(probabilities, one.probabilities)).toBeLessThan(tolerance);
  });
});

describe('a network of another tool', () => {
  it('is recognised in NumPy names and layout, with what its file does not say', () => {
    const file = archiveOf(
      filledArray('W1', 784, 30),
      filledArray('b1', 1, 30),
      filledArray('W2', 30, 10),
      filledArray('b2', 1, 10),
    );
    const { sketch } = recognise(file);
    expect(sketch.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [784, 30],
      [30, 10],
    ]);
    expect(sketch.questions).toEqual(['shape', 'input', 'activations', 'classes']);
    expect(sketch.answers).toMatchObject({
      name: 'net',
      layout: 'keras',
      shape: { height: 28, width: 28, channels: 1 },
    });
    expect(sketch.answers.layers.map(({ activation }) => activation)).toEqual(['relu', 'linear']);
    expect(sketch.problem).toBeNull();
  });

  it('gives the same in either layout', async () => {
    const [w1, b1, w2, b2] = [
      filledArray('W1', 12, 7),
      filledArray('b1', 7),
      filledArray('W2', 7, 3),
      filledArray('b2', 3),
    ];
    const turned = ({ name, shape, data }: NamedNpyArray, as: string): NamedNpyArray => {
      const [rows = 1, columns = 1] = shape;
      const values = Float32Array.from({ length: data.length }, (_, index) =>
        Number(data[(index % rows) * columns + Math.floor(index / rows)]),
      );
      return { name: `${name}${as}`, dtype: 'float32', shape: [columns, rows], data: values };
    };
    const shape = { height: 4, width: 3, channels: 1 };
    const pixels = Uint8Array.from({ length: 24 }, (_, index) => index * 10);
    const keras = recognise(archiveOf(w1, b1, w2, b2), { shape });
    const pytorch = recognise(archiveOf(turned(w1, ''), b1, turned(w2, ''), b2), { shape });
    expect([keras.sketch.answers.layout, pytorch.sketch.answers.layout]).toEqual(['keras', 'pytorch']);
    expect(await predict(pytorch.assemble(), pixels, 2)).toEqual(await predict(keras.assemble(), pixels, 2));
  });

  it('is asked for its layout only where the shapes fit both', () => {
    const square = archiveOf(
      filledArray('fc1.weight', 16, 16),
      filledArray('fc1.bias', 16),
      filledArray('fc2.weight', 16, 16),
    );
    expect(recognise(square).sketch).toMatchObject({ answers: { layout: 'pytorch' } });
    expect(recognise(square).sketch.questions).toContain('layout');
    expect(recognise(square, { layout: 'keras' }).sketch.answers.layout).toBe('keras');
    expect(recognise(square).sketch.notes.join()).toContain('"fc2"');
  });

  it('with convolutions in Keras layout flattens its images as Keras does', async () => {
    // One 1 x 1 filter a channel that copies it, so that the dense layer sees the image in the order of flattening.
    const copy: NamedNpyArray = {
      name: 'c/kernel',
      dtype: 'float32',
      shape: [1, 1, 2, 2],
      data: Float32Array.of(1, 0, 0, 1),
    };
    const dense = filledArray('d/kernel', 8, 3);
    const { sketch, assemble } = recognise(archiveOf(copy, dense), {
      shape: { height: 2, width: 2, channels: 2 },
      layers: [
        { activation: 'linear', stride: 1, padding: 0, pooling: 'none' },
        { activation: 'linear', stride: 1, padding: 0, pooling: 'none' },
      ],
    });
    expect(sketch.answers.flattening).toBe('channels-last');
    const pixels = Uint8Array.of(0, 255, 51, 102, 153, 204, 25, 75);
    const sums = [0, 1, 2].map((output) =>
      pixels.reduce((sum, pixel, index) => sum + (pixel / 255) * Number(dense.data[index * 3 + output]), 0),
    );
    const exponentials = sums.map(Math.exp);
    const total = exponentials.reduce((sum, one) => sum + one, 0);
    const expected = exponentials.map((one) => one / total);
    expect(largestDifference(await predict(assemble(), pixels, 1), expected)).toBeLessThan(tolerance);
  });

  it('without names is read in the order of its arrays', () => {
    const arrays = [
      filledArray('arr_0', 16, 4),
      filledArray('arr_1', 4),
      ...[2, 3, 4, 5].map((number) => filledArray(`arr_${number}`, 4)),
      filledArray('arr_6', 4, 10),
      filledArray('arr_7', 10),
    ];
    const { sketch } = recognise(archiveOf(...arrays.toReversed()));
    expect(sketch.layers.map(({ kind, tensors }) => [kind, tensors.length])).toEqual([
      ['dense', 2],
      ['batch-norm', 4],
      ['dense', 2],
    ]);
    expect(sketch.answers.epsilon).toBe(1e-3);
  });

  it('of half, brain and double floats becomes one of 32-bit floats, and is said to', () => {
    const tensor = (
      name: string,
      dtype: FileTensor['dtype'],
      shape: number[],
      bytes: Uint8Array,
    ): FileTensor => {
      return { name, dtype, shape, bytes };
    };
    const file = encodeSafetensors(
      [
        tensor('0.weight', 'F64', [2, 4], bytesOf(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 0.1))),
        tensor('0.bias', 'F16', [2], bytesOf(Uint16Array.of(0x3c00, 0xc100))),
        tensor('1.weight', 'BF16', [2, 2], bytesOf(Uint16Array.of(0x3f80, 0xc000, 0, 0x3e80))),
      ],
      new Map(),
    );
    const { sketch, assemble } = recognise(file);
    expect(sketch.notes.join()).toContain('F64 and F16 and BF16');
    const { tensors } = assemble();
    expect(tensors.map(({ data }) => [...data])).toEqual([
      [1, 2, 3, 4, 5, 6, 7, Math.fround(0.1)],
      [1, -2.5],
      [1, -2, 0, 0.25],
      [0, 0],
    ]);
  });

  it('takes names and classes of the dataset that it fits', () => {
    const file = archiveOf(filledArray('W1', 16, 3));
    const datasets = [
      { id: 'other', name: 'Other', classes: ['x'], shape: { height: 4, width: 4, channels: 1 } },
      {
        id: 'pets',
        name: 'Pets',
        classes: ['cat', 'dog', 'cow'],
        shape: { height: 4, width: 4, channels: 1 },
      },
    ];
    const { sketch } = recogniseModel(file, 'net.npz', {}, datasets, '0.1.0');
    expect(sketch.answers).toMatchObject({ datasetId: 'pets', classes: ['cat', 'dog', 'cow'] });
  });

  it.each<[string, string, NamedNpyArray[], string]>([
    ['unknown-tensor', 'an unknown name', [filledArray('mystery', 4, 3)], '"mystery"'],
    ['unsupported', 'one-dimensional convolutions', [filledArray('0.weight', 4, 3, 3)], '"0.weight"'],
    ['unsupported', 'layer normalization', [filledArray('n.weight', 4), filledArray('n.bias', 4)], '"n"'],
    ['unsupported', 'a bias alone', [filledArray('0.bias', 4)], '"0.bias"'],
    ['unsupported', 'an empty weight', [filledArray('0.weight', 1e9, 0)], '"0.weight"'],
    [
      'broken-chain',
      'layers that do not follow one another',
      [filledArray('fc1.weight', 7, 16), filledArray('fc2.weight', 3, 9)],
      '"fc2" takes 9',
    ],
    [
      'broken-chain',
      'a bias of another length',
      [filledArray('fc1.weight', 7, 16), filledArray('fc1.bias', 5)],
      '"fc1.bias" has 5',
    ],
    [
      'broken-chain',
      'one output',
      [filledArray('fc1.weight', 1, 16), filledArray('fc1.bias', 1)],
      '2 to 256 classes',
    ],
    ['broken-chain', 'no dense layer', [filledArray('c.weight', 4, 1, 3, 3)], 'no dense layer'],
    [
      'broken-chain',
      'windows that are not square',
      [filledArray('c.weight', 4, 1, 3, 5), filledArray('d.weight', 3, 4)],
      'not square',
    ],
  ])('is refused with import.%s: %s', (what, _description, arrays, place) => {
    expect(() => recognise(archiveOf(...arrays))).toThrow(
      expect.objectContaining({ code: `import.${what}`, message: expect.stringContaining(place) as string }),
    );
  });

  it.each<[string, GivenAnswers, string]>([
    ['import.shape-mismatch', { shape: { height: 5, width: 4, channels: 1 } }, 'takes 16 numbers'],
    ['import.wrong-answer', { classes: ['a', 'b'] }, '3 outputs'],
    ['import.wrong-answer', { layers: [] }, '1 layers'],
    [
      'import.wrong-answer',
      { layers: [{ activation: 'swoosh', stride: 1, padding: 0, pooling: 'none' }] },
      'one of',
    ],
    ['import.wrong-answer', { input: { means: [0, 0], deviations: [1] } }, '2 numbers'],
  ])('says what is wrong with an answer: %s', (code, given, place) => {
    const { sketch, assemble } = recognise(archiveOf(filledArray('W1', 16, 3)), given);
    expect(sketch.problem).toMatchObject({ code, message: expect.stringContaining(place) as string });
    expect(assemble).toThrow(expect.objectContaining({ code }));
  });

  it('of whole numbers is refused: quantized weights are no weights', () => {
    const array: NamedNpyArray = { name: 'W1', dtype: 'int8', shape: [4, 2], data: new Int8Array(8) };
    expect(recognise(archiveOf(array)).sketch.problem?.code).toBe('import.wrong-type');
  });
});
