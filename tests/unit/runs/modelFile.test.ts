import { describe, expect, it } from 'vitest';
import { WeftError } from '../../../src-shared/failure.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type FileTensor,
} from '../../../src-main/formats/safetensors.ts';
import {
  changeModelFile,
  decodeModel,
  encodeModel,
  summarizeModel,
} from '../../../src-main/runs/modelFile.ts';
import { exampleModel } from './exampleModel.ts';

/** A file of the example model with its tensors and metadata changed. */
function tamperedFile(change: {
  tensors?: (tensors: FileTensor[]) => FileTensor[];
  metadata?: (metadata: Map<string, string>) => void;
}): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeModel(exampleModel()), 'example');
  change.metadata?.(metadata);
  return encodeSafetensors(change.tensors?.(tensors) ?? tensors, metadata);
}

function refusalOf(bytes: Uint8Array): WeftError {
  try {
    decodeModel(bytes, 'broken.safetensors');
  } catch (error) {
    if (error instanceof WeftError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

/** The metadata value under `key` replaced by one that `change` makes of it. */
const withValue = (key: string, change: (value: Record<string, unknown>) => unknown): Uint8Array =>
  tamperedFile({
    metadata: (metadata) => {
      const value = JSON.parse(metadata.get(key)!) as Record<string, unknown>;
      metadata.set(key, JSON.stringify(change(value)));
    },
  });

const withFirstTensor = (change: (tensor: FileTensor) => FileTensor): Uint8Array =>
  tamperedFile({ tensors: ([first, ...others]) => [change(first!), ...others] });

describe('a model file', () => {
  it('gives back the model that was written, every weight bit for bit', () => {
    const model = exampleModel();
    expect(decodeModel(encodeModel(model), 'example')).toEqual(model);
  });

  it('keeps the temperature that it is given beside the same tensors, until it is taken away', () => {
    const plain = encodeModel(exampleModel());
    const cooled = changeModelFile(plain, { temperature: 1.5 }, 'example');
    expect(decodeModel(cooled, 'example')).toEqual({ ...exampleModel(), temperature: 1.5 });
    const renamed = changeModelFile(cooled, { name: 'Other' }, 'example');
    expect(decodeModel(renamed, 'example').temperature).toBe(1.5);
    expect(changeModelFile(cooled, { temperature: null }, 'example')).toEqual(plain);
  });

  it('refuses a temperature that no model can have', () => {
    for (const temperature of ['0', '-1', '1e9', '"warm"']) {
      const file = tamperedFile({ metadata: (metadata) => metadata.set('temperature', temperature) });
      expect(refusalOf(file)).toMatchObject({ code: 'model.wrong-metadata' });
    }
  });

  it('lets the model predict the same probabilities, bit for bit', async () => {
    const model = exampleModel();
    const loaded = decodeModel(encodeModel(model), 'example');
    const pixels = Uint8Array.from({ length: 50 * 12 }, (_, place) => (place * 37) % 256);
    const indices = Uint32Array.from({ length: 50 }, (_, image) => image);
    const probabilities = await Promise.all(
      [model, loaded].map(async ({ architecture, tensors }) => {
        const workerProgram = new URL('file:///unused');
        const predictor = await createPredictor({ architecture, tensors, threads: 1, workerProgram });
        const predicted = Array.from(predictor.predict(pixels, indices));
        await predictor.close();
        return predicted;
      }),
    );
    expect(probabilities[1]).toEqual(probabilities[0]);
    expect(probabilities[0]).toHaveLength(150);
  });

  it('names its tensors plainly and says in JSON what they are', () => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(exampleModel()), 'example');
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['layers.0.weight', [5, 12]],
      ['layers.0.bias', [5]],
      ['layers.1.weight', [3, 5]],
      ['layers.1.bias', [3]],
    ]);
    expect(JSON.parse(metadata.get('classes')!)).toEqual(['cat', 'dog', 'Straße']);
    expect(JSON.parse(metadata.get('preprocessing')!)).toEqual({ scale: 1 / 255 });
    expect(metadata.get('weftFormat')).toBe('1');
  });

  it('can change its name and results and keeps its tensors', () => {
    const model = exampleModel();
    const results = { ...model.results, test: { loss: 1, accuracy: 0.5, looks: 2 } };
    const changed = changeModelFile(encodeModel(model), { name: 'Other', results }, 'example');
    expect(decodeModel(changed, 'example')).toEqual({ ...model, name: 'Other', results });
  });

  it('is summed up as the network that it holds', () => {
    expect(summarizeModel(exampleModel()).parameters).toBe(12 * 5 + 5 + 5 * 3 + 3);
  });

  const refused: [string, string, () => Uint8Array][] = [
    ['fewer than 8 bytes', 'safetensors.too-short', () => new Uint8Array(7)],
    ['a file cut short', 'safetensors.data-past-end', () => encodeModel(exampleModel()).slice(0, -4)],
    [
      'trailing bytes',
      'safetensors.trailing-bytes',
      () => Uint8Array.from([...encodeModel(exampleModel()), 0]),
    ],
    [
      'a file of another tool',
      'model.not-weft',
      () => tamperedFile({ metadata: (metadata) => metadata.clear() }),
    ],
    [
      'an unknown version',
      'model.unknown-version',
      () => tamperedFile({ metadata: (metadata) => void metadata.set('weftFormat', '2') }),
    ],
    [
      'metadata without its classes',
      'model.wrong-metadata',
      () => tamperedFile({ metadata: (metadata) => void metadata.delete('classes') }),
    ],
    [
      'metadata that is not JSON',
      'model.wrong-metadata',
      () => tamperedFile({ metadata: (metadata) => void metadata.set('recipe', '{') }),
    ],
    [
      'a malformed recipe',
      'model.wrong-metadata',
      () => withValue('recipe', (recipe) => ({ ...recipe, epochs: -1 })),
    ],
    [
      'a recipe with an optimizer that does not exist',
      'model.wrong-recipe',
      () => withValue('recipe', (recipe) => ({ ...recipe, optimizer: { type: 'magic' } })),
    ],
    [
      'a layer that does not exist',
      'model.wrong-architecture',
      () => withValue('architecture', (architecture) => ({ ...architecture, layers: [{ type: 'magic' }] })),
    ],
    [
      'more classes named than the network tells apart',
      'model.wrong-architecture',
      () => withValue('architecture', (architecture) => ({ ...architecture, classCount: 4 })),
    ],
    [
      'corrections that are not those of its dataset',
      'model.wrong-metadata',
      () =>
        tamperedFile({
          metadata: (metadata) => void metadata.set('corrections', '[{"index":3,"label":1}]'),
        }),
    ],
    ['another pixel scale', 'model.wrong-metadata', () => withValue('preprocessing', () => ({ scale: 1 }))],
    [
      'a shape that disagrees with the architecture',
      'model.shape-mismatch',
      () => withFirstTensor((tensor) => ({ ...tensor, shape: [12, 5] })),
    ],
    [
      'a tensor of another type',
      'model.wrong-tensor',
      () => withFirstTensor((tensor) => ({ ...tensor, dtype: 'I32' })),
    ],
    [
      'a missing tensor',
      'model.missing-tensor',
      () => tamperedFile({ tensors: (tensors) => tensors.slice(1) }),
    ],
    [
      'a tensor too many',
      'model.unknown-tensor',
      () =>
        tamperedFile({
          tensors: (tensors) => [
            ...tensors,
            { name: 'layers.0.moment', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
          ],
        }),
    ],
    [
      'a weight that is not a number',
      'model.not-finite',
      () =>
        withFirstTensor((tensor) => {
          const values = new Float32Array(60);
          values[59] = Number.NaN;
          return { ...tensor, bytes: bytesOf(values) };
        }),
    ],
  ];

  it.each(refused)('is refused with %s, by the code %s and with its name', (_what, code, makeFile) => {
    const error = refusalOf(makeFile());
    expect(error.code).toBe(code);
    expect(error.message).toContain('broken.safetensors');
  });
});
