import { describe, expect, it } from 'vitest';
import { activations } from '../../../src-main/engine/activations/catalogue.ts';
import { layers as catalogueLayers } from '../../../src-main/engine/catalogue.ts';
import { onnx } from '../../../src-main/exports/onnx/onnx.ts';
import { largestDifferenceOf } from '../../../src-main/exports/check.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import { presets } from '../../../src-shared/presets.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { predict, randomImages, randomModel } from './models.ts';
import { onnxRunTolerance, runOnnx } from '../../onnxRuntime.ts';

const grey = { height: 9, width: 8, channels: 1 };
const colour = { height: 9, width: 8, channels: 3 };
const imageCount = 5;

const dense: Component = { type: 'dense', units: 6, activation: 'tanh' };
const convolution: Component = { type: 'convolution', filters: 5, kernel: 3, stride: 2, padding: 1 };

/** How far ONNX Runtime, and what Weft reads back, are from the model itself. */
async function compare(layers: readonly Component[], shape = grey) {
  const model = randomModel(layers, shape);
  const images = randomImages(shape, imageCount);
  const own = await predict(model, images);
  const file = onnx.make({ model, data: null, examples: null });
  const { height, width, channels } = shape;
  const sides = channels === 1 ? [height, width] : [height, width, channels];
  const { probabilities, logits } = await runOnnx(file, images, [imageCount, ...sides]);
  expect(logits).toHaveLength(own.length);
  const readBack = await predict(onnx.readBack(file, 'model.onnx'), images);
  return { runtime: largestDifferenceOf(own, probabilities), readBack: largestDifferenceOf(own, readBack) };
}

describe('an ONNX file gives the same probabilities in ONNX Runtime, and read back in Weft', () => {
  const single = catalogueLayers.map(({ description }) => defaultComponent(description));
  it.each(single)('with the layer $type on grey images', async (layer) => {
    const { runtime, readBack } = await compare([layer]);
    expect(runtime).toBeLessThan(onnxRunTolerance);
    expect(readBack).toBeLessThan(onnxRunTolerance);
  });

  it.each(single)('with the layer $type on colour images, behind a convolution', async (layer) => {
    const { runtime, readBack } = await compare([{ ...convolution, stride: 1 }, layer], colour);
    expect(runtime).toBeLessThan(onnxRunTolerance);
    expect(readBack).toBeLessThan(onnxRunTolerance);
  });

  const onRows = ['dense', 'flatten', 'dropout', 'batch-norm', 'activation', 'prelu'];
  it.each(single.filter(({ type }) => onRows.includes(type)))(
    'with the layer $type on rows of numbers',
    async (layer) => {
      const { runtime, readBack } = await compare([dense, layer]);
      expect(runtime).toBeLessThan(onnxRunTolerance);
      expect(readBack).toBeLessThan(onnxRunTolerance);
    },
  );

  it.each(activations.map(({ type }) => type))(
    'with the activation %s in every place',
    async (activation) => {
      const { runtime, readBack } = await compare([
        { ...convolution, activation },
        { type: 'activation', activation },
        { type: 'dense', units: 7, activation },
        { type: 'activation', activation },
      ]);
      expect(runtime).toBeLessThan(onnxRunTolerance);
      expect(readBack).toBeLessThan(onnxRunTolerance);
    },
  );

  it('with windows that leave pixels out and a batch norm of the smallest epsilon', async () => {
    const { runtime, readBack } = await compare(
      [
        { type: 'batch-norm', epsilon: 1e-8 },
        { type: 'convolution', filters: 3, kernel: 4, stride: 3, padding: 2 },
        { type: 'average-pooling', size: 2, stride: 1 },
        { type: 'batch-norm', epsilon: 0.1 },
        { type: 'flatten' },
        { type: 'flatten' },
      ],
      colour,
    );
    expect(runtime).toBeLessThan(onnxRunTolerance);
    expect(readBack).toBeLessThan(onnxRunTolerance);
  });

  it.each(presets)('with the network of the preset $id', async ({ recipe }) => {
    const { runtime, readBack } = await compare(recipe.layers, { height: 28, width: 28, channels: 1 });
    expect(runtime).toBeLessThan(onnxRunTolerance);
    expect(readBack).toBeLessThan(onnxRunTolerance);
  });
});
