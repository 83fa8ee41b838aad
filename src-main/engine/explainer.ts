// Looks into a trained network: what each layer makes of an image, and how each pixel moves the answer.
import { Arena } from './arena.ts';
import { placeLayers } from './architecture.ts';
import { selectKernels } from './kernels/select.ts';
import type { LayerOutput, PlannedLayer } from './layers/layer.ts';
import type { Matrix } from './matrix.ts';
import type { Operation, Thread } from './operation.ts';
import { planParameters } from './parameters.ts';
import { writeTensors } from './tensors.ts';
import type { Architecture, NamedTensor } from './types.ts';

/** What one layer gave for an image. */
export interface LayerActivations {
  /** As in the summary of the network: `Dense 128, ReLU`. */
  label: string;
  /** `[units]` or `[height, width, channels]`. */
  shape: readonly number[];
  values: Float32Array<ArrayBuffer>;
}

/** One image through the network. */
export interface Explanation {
  /** Of every layer but the output's. */
  layers: LayerActivations[];
  /** What the softmax makes the probabilities of, one a class. */
  logits: Float32Array;
  /**
   * `(height, width, channels)`: the gradient of `logit[forClass] - logit[againstClass]` by each pixel, from 0 to 1
   * (Simonyan, Vedaldi & Zisserman 2014 take that of one logit).
   */
  gradient: Float32Array<ArrayBuffer>;
}

export interface Explainer {
  /** `pixels` are the bytes of one image. */
  explain(pixels: Uint8Array, forClass: number, againstClass: number): Explanation;
}

/** One image at a time. */
const rows = 1;

const rowOf = ({ data, first, columns }: Matrix): Float32Array<ArrayBuffer> =>
  Float32Array.from(data.subarray(first, first + columns));

/**
 * A trained network that can be gone back through as it predicts: nothing is dropped, and running statistics count.
 * Throws `recipe.invalid`, `model.missing-tensor` and `model.shape-mismatch`.
 */
export function createExplainer(architecture: Architecture, tensors: readonly NamedTensor[]): Explainer {
  const arena = new Arena('float32');
  const placed = placeLayers(architecture);
  const { byLayer } = planParameters(arena, placed, null);
  const { height, width, channels } = architecture.shape;
  const imageBytes = height * width * channels;
  const image = arena.bytes(imageBytes);
  const input = arena.matrix(rows, imageBytes);
  const dInput = arena.matrix(rows, imageBytes);
  const planned: PlannedLayer[] = [];
  let last: LayerOutput = { output: input, dOutput: dInput };
  for (const [index, { layer, component, inputShape }] of placed.entries()) {
    const parameters = byLayer[index] ?? [];
    const common = { arena, index, component, inputShape, input: last, parameters, rows };
    const one = layer.plan({ ...common, isTraining: true, isFrozen: true });
    planned.push(one);
    last = one;
  }
  const build = selectKernels();
  const kernelScratch = arena.bytes(build.scratchBytes);
  const scratch = arena.numbers(Math.max(0, ...planned.map((one) => one.scratchLength)));
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  writeTensors(byLayer.flat(), tensors);
  const thread: Thread = {
    kernels: build.create(memory, kernelScratch.byteOffset),
    batch: { rows, first: 0, startsSum: true, scale: 1, noise: 0 },
    scratch,
  };
  const run = (operations: readonly Operation[]): void => {
    for (const one of operations) one.run(thread, 0, one.split === 'rows' ? rows : one.count);
  };

  return {
    explain(pixels, forClass, againstClass) {
      image.data.set(pixels);
      thread.kernels.gather({ images: image, imageBytes, order: null }, 0, input, 0, rows);
      for (const one of planned) run(one.predict ?? one.forward);
      const { output: logits, dOutput: dLogits } = last;
      const layers = planned.slice(0, -1).map((one, index): LayerActivations => {
        const { layer, component, outputShape } = placed[index]!;
        return { label: layer.label(component), shape: [...outputShape], values: rowOf(one.output) };
      });
      const found = { layers, logits: rowOf(logits) };
      if (dLogits === null) return { ...found, gradient: new Float32Array(imageBytes) };
      for (let one = 0; one < logits.columns; one += 1) {
        dLogits.set(0, one, Number(one === forClass) - Number(one === againstClass));
      }
      for (const one of planned.toReversed()) run(one.backward);
      return { ...found, gradient: rowOf(dInput) };
    },
  };
}
