import { describe, expect, it } from 'vitest';
import { onnx } from '../../../src-main/exports/onnx/onnx.ts';
import { decodeOnnx, encodeOnnx } from '../../../src-main/formats/onnx/file.ts';
import type { GraphProto } from '../../../src-main/formats/onnx/messages.ts';
import { largestDifferenceAllowed, largestDifferenceOf } from '../../../src-main/exports/check.ts';
import { predict, randomImages, randomModel } from './models.ts';

const shape = { height: 8, width: 8, channels: 3 };
const model = randomModel(
  [
    { type: 'convolution', filters: 4, kernel: 3, stride: 2, padding: 1, activation: 'leaky-relu' },
    { type: 'batch-norm' },
    { type: 'activation', activation: 'gelu' },
    { type: 'max-pooling' },
    { type: 'prelu' },
    { type: 'dense', units: 6, activation: 'silu' },
  ],
  shape,
);
const file = onnx.make({ model, data: null, examples: null });

/** The file with something else in its graph. */
function changed(change: (graph: GraphProto) => void): Uint8Array {
  // Of a copy: the tensors that are read are views of the bytes.
  const written = decodeOnnx(file.slice(), 'model.onnx');
  change(written.graph!);
  return encodeOnnx(written);
}

const nodeOf = (graph: GraphProto, opType: string) => graph.node.find((node) => node.opType === opType)!;

describe('an ONNX file that is read back', () => {
  it('says which operators it needs, what it takes and gives, and all that a model file says', () => {
    const { graph, opsetImport, metadataProps, producerName } = decodeOnnx(file, 'model.onnx');
    expect(producerName).toBe('Weft');
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]]);
    expect(graph!.input.map(({ name }) => name)).toEqual(['images']);
    expect(graph!.output.map(({ name }) => name)).toEqual(['probabilities', 'logits']);
    const dimensions = graph!.input[0]!.type!.tensorType!.shape!.dim;
    expect(dimensions.map(({ dimParam, dimValue }) => dimParam || dimValue)).toEqual(['batch', 8n, 8n, 3n]);
    const known = new Map(metadataProps.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
    expect(known.get('classes')).toEqual(model.classes);
    expect(known.get('recipe')).toEqual(model.recipe);
    const said = Object.keys(model).filter((key) => key !== 'tensors');
    expect(said).toContain('results');
    expect([...known.keys()]).toEqual(expect.arrayContaining(said));
  });

  it.each<[string, RegExp, (graph: GraphProto) => void]>([
    ['an unknown operator', /Tan is no layer/, (graph) => (nodeOf(graph, 'LeakyRelu').opType = 'Tan')],
    ['a missing node', /takes/, (graph) => graph.node.splice(4, 1)],
    [
      'another scale',
      /takes/,
      (graph) => graph.initializer.find(({ name }) => name === 'preprocessing.scale')!.rawData.fill(1),
    ],
    ['another slope', /alpha of .* is not/, (graph) => (nodeOf(graph, 'LeakyRelu').attribute[0]!.f = 0.2)],
    [
      'windows that are not square',
      /kernel_shape of .* is 3,2/,
      (graph) => (nodeOf(graph, 'Conv').attribute[0]!.ints = [3n, 2n]),
    ],
    [
      'an attribute that is gone',
      /has no epsilon/,
      (graph) => (nodeOf(graph, 'BatchNormalization').attribute = []),
    ],
    [
      'weights that are cut',
      /is not made of/,
      (graph) => (graph.initializer[1]!.rawData = new Uint8Array(8)),
    ],
    [
      'channels in another order',
      /perm of/,
      (graph) => (nodeOf(graph, 'Transpose').attribute[0]!.ints = [0n, 3n, 2n, 1n]),
    ],
    [
      'half of GELU',
      /Mul is missing/,
      (graph) => (graph.node = graph.node.filter((node) => node.name !== 'layers.2.Mul.2')),
    ],
    ['no end', /Softmax is missing/, (graph) => graph.node.pop()],
    ['floats for pixels', /takes no bytes/, (graph) => (graph.input[0]!.type!.tensorType!.elemType = 1)],
  ])('with %s is refused with the reason', (_name, reason, change) => {
    expect(() => onnx.readBack(changed(change), 'model.onnx')).toThrow(reason);
  });

  it('with one weight that is off says something else', async () => {
    const images = randomImages(shape, 20);
    const off = changed((graph) => {
      const weight = graph.initializer.find(({ name }) => name === 'layers.0.weight')!;
      new DataView(weight.rawData.buffer, weight.rawData.byteOffset).setFloat32(0, 1, true);
    });
    const own = await predict(model, images);
    const same = largestDifferenceOf(own, await predict(onnx.readBack(file, 'model.onnx'), images));
    expect(same).toBeLessThanOrEqual(largestDifferenceAllowed);
    const difference = largestDifferenceOf(own, await predict(onnx.readBack(off, 'model.onnx'), images));
    expect(difference).toBeGreaterThan(largestDifferenceAllowed);
  });

  it('that is no ONNX file is refused by its name', () => {
    expect(() => onnx.readBack(Uint8Array.of(255, 255, 255, 255), 'picture.onnx')).toThrow(
      /"picture.onnx" is not a readable ONNX file/,
    );
  });
});
