// Weft's side of a comparison with PyTorch: the same steps on the same images from the same weights.
import { choose, optimizers } from '../../src-main/engine/catalogue.ts';
import { kernelBuildNamed } from '../../src-main/engine/kernels/select.ts';
import type { PassName } from '../../src-main/engine/network.ts';
import type { Batch } from '../../src-main/engine/operation.ts';
import { numberOf } from '../../src-main/engine/options.ts';
import { readTensors, writeTensors } from '../../src-main/engine/tensors.ts';
import { planEngine } from '../../src-main/engine/threads/enginePlan.ts';
import { runPass } from '../../src-main/engine/threads/runPass.ts';
import type { NamedTensor } from '../../src-main/engine/types.ts';
import { recipeSchema, type Recipe } from '../../src-shared/schemas/recipe.ts';
import * as v from 'valibot';
import { smallRecipe } from '../unit/engine/samples.ts';
import type { GoldenCase } from './goldenCases.ts';

export interface TrainedCase {
  /** Mean loss of each step's images before its update, penalties left out. */
  losses: number[];
  tensors: NamedTensor[];
  /** `(images, classes)` */
  probabilities: Float32Array;
}

const recipeOf = ({ layers, optimizer, options }: GoldenCase): Recipe =>
  v.parse(recipeSchema, { ...smallRecipe, layers, optimizer, ...options });

/** Takes the case's steps on the kernels of that name. Throws what planning a network throws. */
export function trainSteps(golden: GoldenCase, kernelName: string): TrainedCase {
  const [height, width, channels] = golden.shape;
  const recipe = recipeOf(golden);
  const imageCount = golden.labels.length;
  const plan = planEngine({
    network: {
      architecture: {
        shape: { height, width, channels },
        classCount: golden.classCount,
        layers: recipe.layers,
      },
      rows: imageCount,
      training: { optimizer: recipe.optimizer, penalties: recipe.penalties, imageCount },
      precision: 'float32',
    },
    threads: 1,
    kernels: kernelName,
  });
  const memory = plan.arena.createMemory();
  plan.arena.bind(memory.buffer);
  const { training } = plan;
  if (training === null) throw new Error('The network was planned for training.');
  const kernels = kernelBuildNamed(kernelName).create(memory, plan.scratch[0]!.byteOffset);
  const run = (pass: PassName, batch: Batch): void =>
    runPass(plan.passes[pass], kernels, batch, 0, 1, () => undefined);

  training.images.data.set(golden.pixels);
  training.labels.data.set(golden.labels);
  writeTensors(plan.parameters, golden.initial);
  const { entry, component } = choose(optimizers, recipe.optimizer, 'optimizer');
  const losses = golden.batches.map((images, step) => {
    training.order.data.set(images);
    const batch: Batch = { rows: images.length, first: 0, startsSum: true, scale: 1 / images.length };
    run('gradients', batch);
    const sum = images.reduce((total, _image, row) => total + training.losses.data[row]!, 0);
    entry.writeConstants(component, step + 1, numberOf(component, 'learningRate'), training.constants.data);
    run('update', batch);
    return sum / images.length;
  });

  plan.staged.data.set(golden.pixels);
  run('predict', { rows: imageCount, first: 0, startsSum: true, scale: 1 });
  const { probabilities } = plan;
  const table = Float32Array.from({ length: imageCount * golden.classCount }, (_value, index) => {
    const row = Math.floor(index / golden.classCount);
    return probabilities.data[row * probabilities.stride + (index % golden.classCount)]!;
  });
  return { losses, tensors: readTensors(plan.parameters), probabilities: table };
}
