import { describe, expect, it } from 'vitest';
import { drawCheckImages, type CheckImages } from '../../../src-main/exports/checkImages.ts';
import { compareExport, largestDifferenceAllowed } from '../../../src-main/exports/check.ts';
import { exportModel } from '../../../src-main/exports/exportModel.ts';
import { makers } from '../../../src-main/exports/makers.ts';
import { decodeNpz } from '../../../src-main/formats/npz.ts';
import { exportFormats } from '../../../src-shared/exportFormats.ts';
import { atTemperature } from '../../../src-shared/metrics/calibration.ts';
import { predict, randomImages, randomModel } from './models.ts';

const colour = { height: 8, width: 7, channels: 3 };
const grey = { height: 8, width: 7, channels: 1 };
const layers = [
  { type: 'convolution', filters: 6, kernel: 3, padding: 1, activation: 'gelu' },
  { type: 'batch-norm' },
  { type: 'max-pooling' },
  { type: 'flatten' },
  { type: 'dropout', rate: 0.5 },
  { type: 'dense', units: 9, activation: 'silu' },
  { type: 'prelu' },
];
const options = { threads: 1, workerProgram: new URL('file:///no-worker-is-needed-for-one-thread.js') };

/** Images as if they were held out: every third of the pixels' images, with labels. */
function heldOut(shape: typeof colour): CheckImages {
  const indices = Uint32Array.from({ length: 300 }, (_value, place) => 3 * place);
  return {
    source: 'validation',
    pixels: randomImages(shape, 900),
    indices,
    labels: Uint8Array.from(indices, (image) => image % 2),
  };
}

describe('an export', () => {
  it.each(exportFormats)(
    'as $id is handed over once it was read back and says the same',
    async ({ id, ending }) => {
      const model = randomModel(layers, colour);
      const images = heldOut(colour);
      const exported = await exportModel(
        { format: id, model, data: null, images, withExamples: false },
        options,
      );
      expect(exported.fileName).toBe(`example${ending}`);
      const covers = ending.endsWith('.zip') ? 'weights' : 'file';
      expect(exported.check).toMatchObject({ covers, images: 300, source: 'validation' });
      expect(exported.check.largestDifference).toBeLessThanOrEqual(largestDifferenceAllowed);
      expect(exported.check.reloadedAccuracy).toBe(exported.check.ownAccuracy);
      expect(exported.check.ownAccuracy).toBeGreaterThan(0);
      expect(exported.check.ownAccuracy).toBeLessThan(1);
      const reloaded = await predict(makers[id].readBack(exported.bytes, exported.fileName), images.pixels);
      const own = await predict(model, images.pixels);
      expect(Math.max(...reloaded.map((value, place) => Math.abs(value - own[place]!)))).toBeLessThanOrEqual(
        largestDifferenceAllowed,
      );
    },
  );

  it.each(exportFormats)('as $id predicts at the temperature that the model has', async ({ id }) => {
    const model = { ...randomModel(layers, grey), temperature: 3 };
    const images = heldOut(grey);
    const { bytes, fileName } = await exportModel(
      { format: id, model, data: null, images, withExamples: false },
      options,
    );
    const reloaded = await predict(makers[id].readBack(bytes, fileName), images.pixels);
    const expected = atTemperature(await predict(model, images.pixels), model.classes.length, 3);
    expect(
      Math.max(...reloaded.map((value, place) => Math.abs(value - expected[place]!))),
    ).toBeLessThanOrEqual(largestDifferenceAllowed);
  });

  it.each(exportFormats)('as $id is the same bytes each time', async ({ id }) => {
    const model = randomModel(layers, grey);
    const request = { format: id, model, data: null, images: drawCheckImages(grey), withExamples: true };
    const [first, second] = [await exportModel(request, options), await exportModel(request, options)];
    expect(first).toEqual(second);
  });

  it('without held-out images is compared on pictures that Weft draws, and claims no accuracy', async () => {
    const model = randomModel(layers, grey);
    const images = drawCheckImages(grey);
    const { check } = await exportModel(
      { format: 'npz', model, data: null, images, withExamples: false },
      options,
    );
    expect(check).toMatchObject({ images: 256, source: 'drawn', ownAccuracy: null, reloadedAccuracy: null });
  });

  it('is refused when the file that was made says something else', () => {
    const images = { ...drawCheckImages(grey), indices: Uint32Array.of(0, 1) };
    const own = Float32Array.of(0.6, 0.4, 0.5, 0.5);
    const compare =
      (...reloaded: number[]) =>
      () =>
        compareExport('model.onnx', images, own, Float32Array.from(reloaded));
    expect(compare(0.6, 0.4, 0.5, 0.5)().largestDifference).toBe(0);
    expect(compare(0.600005, 0.399995, 0.5, 0.5)().largestDifference).toBeGreaterThan(4e-6);
    expect(compare(0.6001, 0.3999, 0.5, 0.5)).toThrow(/"model.onnx" was not handed over.*differ by up to/);
    expect(compare(0.6, 0.4, 0.499999, 0.500001)).toThrow(/takes 1 of 2 images for another class/);
    expect(compare(0.6, 0.4, Number.NaN, 0.5)).toThrow('differ by up to NaN');
    expect(compare(0.6, 0.4)).toThrow('another number of probabilities');
  });

  it('of a network whose numbers overflow is refused', async () => {
    const model = randomModel([{ type: 'dense', units: 9, activation: 'linear' }], grey);
    for (const { data } of model.tensors) data.fill(3e38);
    const request = { model, data: null, images: drawCheckImages(grey), withExamples: false };
    await expect(exportModel({ format: 'onnx', ...request }, options)).rejects.toMatchObject({
      code: 'model.not-finite',
    });
  });

  it('can come with examples: the first 256 images, what they show, and what the model says of them', async () => {
    const model = randomModel(layers, colour);
    const images = heldOut(colour);
    const { examples } = await exportModel(
      { format: 'onnx', model, data: null, images, withExamples: true },
      options,
    );
    expect(examples?.fileName).toBe('example-examples.npz');
    const arrays = new Map(decodeNpz(examples!.bytes, 'examples').map((array) => [array.name, array]));
    expect(arrays.get('images')?.shape).toEqual([256, 8, 7, 3]);
    expect(arrays.get('labels')?.data).toEqual(images.labels!.slice(0, 256));
    const pixels = arrays.get('images')!.data;
    expect(pixels.slice(0, 168)).toEqual(images.pixels.slice(0, 168));
    expect(pixels.slice(168, 336)).toEqual(images.pixels.slice(3 * 168, 4 * 168));
    expect(arrays.get('probabilities')?.data).toEqual(await predict(model, Uint8Array.from(pixels, Number)));
  });
});
