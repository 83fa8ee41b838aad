// Models with random weights, and what they say of random images.
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import { describeTensors } from '../../../src-main/engine/tensors.ts';
import type { Network } from '../../../src-main/exports/exportFormat.ts';
import type { Model } from '../../../src-main/runs/modelFile.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { exampleModel } from '../runs/exampleModel.ts';

const seed = 11;

/** Numbers around those of trained networks; variances are positive. */
function drawTensor(name: string, shape: number[], random: Random): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, () =>
    name.endsWith('running_var') ? random.uniform(0.5, 2) : random.normal() / Math.sqrt(fanIn),
  );
}

export function randomModel(layers: readonly Component[], shape: ImageShape): Model {
  const example = exampleModel();
  const architecture = { shape, classCount: example.classes.length, layers: [...layers] };
  const random = Random.fromSeed(seed, 'random model');
  return {
    ...example,
    architecture,
    recipe: { ...example.recipe, layers: [...layers] },
    tensors: describeTensors(architecture).map(({ name, shape: tensorShape }) => {
      return { name, shape: tensorShape, data: drawTensor(name, tensorShape, random) };
    }),
  };
}

/** `(count, height, width, channels)` bytes. */
export function randomImages({ height, width, channels }: ImageShape, count: number): Uint8Array {
  const random = Random.fromSeed(seed, 'random images');
  return Uint8Array.from({ length: count * height * width * channels }, () => random.below(256));
}

/** The probabilities of all images, `(images, classes)`, in Weft's own engine. */
export async function predict({ architecture, tensors }: Network, pixels: Uint8Array): Promise<Float32Array> {
  const { height, width, channels } = architecture.shape;
  const predictor = await createPredictor({
    architecture,
    tensors,
    threads: 1,
    workerProgram: new URL('file:///no-worker-is-needed-for-one-thread.js'),
  });
  const count = pixels.length / (height * width * channels);
  const probabilities = predictor.predict(
    pixels,
    Uint32Array.from({ length: count }, (_value, image) => image),
  );
  await predictor.close();
  return Float32Array.from(probabilities);
}
