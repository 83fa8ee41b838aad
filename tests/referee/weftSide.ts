// Weft's side of a comparison with PyTorch: the same steps on the same images from the same weights.
import { choose, optimizers } from '../../src-main/engine/catalogue.ts';
import { averageKeptAt } from '../../src-main/engine/keptWeights.ts';
import { kernelBuildNamed } from '../../src-main/engine/kernels/select.ts';
import { balancedClassWeights } from '../../src-main/engine/losses/classWeights.ts';
import type { PassName } from '../../src-main/engine/network.ts';
import type { Batch } from '../../src-main/engine/operation.ts';
import { numberOf } from '../../src-main/engine/options.ts';
import { readTensors, writeTensors } from '../../src-main/engine/tensors.ts';
import { planEngine } from '../../src-main/engine/threads/enginePlan.ts';
import { runsOf } from '../../src-main/engine/threads/passRun.ts';
import { trainingSpecificationOf } from '../../src-main/engine/trainingSpecification.ts';
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

/**
 * The two ways in which the engine takes a step: each parameter moved as soon as its gradient is known, or the gradients
 * of parts of the batch added up before anything moves.
 */
export const waysOfAStep = ['at once', 'in parts'] as const;
export type WayOfAStep = (typeof waysOfAStep)[number];

/** Images of a part, so that the batches of the cases are of more than one. */
const rowsOfPart = 8;

/** Where images are normalized by the batch or mixed with the next one of it, a part of one is another batch. */
const isDivisible = ({ layers, partnerShares }: GoldenCase): boolean =>
  partnerShares.length === 0 && !layers.some(({ type }) => type === 'batch-norm');

/** Takes the case's steps on the kernels of that name. Throws what planning a network throws. */
export function trainSteps(golden: GoldenCase, kernelName: string, way: WayOfAStep): TrainedCase {
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
      training: trainingSpecificationOf(recipe, imageCount),
      precision: 'float32',
    },
    threads: 1,
    kernels: kernelName,
  });
  const memory = plan.arena.createMemory();
  plan.arena.bind(memory.buffer);
  const { training, probabilities } = plan;
  if (training === null) throw new Error('The network was planned for training.');
  const kernels = kernelBuildNamed(kernelName).create(memory, plan.kernelScratch[0]!.byteOffset);
  const runs = runsOf(plan);
  const run = (pass: PassName, batch: Batch): void => {
    runs[pass].runAll({ kernels, batch, scratch: plan.scratch[0]! }, 0, 1, () => undefined);
  };

  training.images.data.set(golden.pixels);
  training.labels.data.set(golden.labels);
  training.classWeights?.data.set(balancedClassWeights(golden.labels, golden.classCount));
  writeTensors(plan.parameters, golden.initial);
  training.averages?.data.set(training.values.data.subarray(0, training.averages.length));
  const { weightAveraging } = recipe;
  const { entry, component } = choose(optimizers, recipe.optimizer, 'optimizer');
  const losses = golden.batches.map((images, step) => {
    training.order.data.set(images);
    entry.writeConstants(component, step + 1, numberOf(component, 'learningRate'), training.constants.data);
    training.partnerShare?.data.set([golden.partnerShares[step] ?? 0]);
    if (weightAveraging !== null)
      training.averageKept.data[0] = averageKeptAt(step + 1, weightAveraging.decay);
    const movesAtOnce = way === 'at once' && training.canMoveAtOnce;
    const rows = way === 'in parts' && isDivisible(golden) ? rowsOfPart : images.length;
    let sum = 0;
    for (let first = 0; first < images.length; first += rows) {
      const part = Math.min(rows, images.length - first);
      const batch: Batch = { rows: part, first, startsSum: first === 0, scale: 1 / images.length, noise: 0 };
      run('propagate', batch);
      for (let row = 0; row < part; row += 1) sum += training.losses.data[row]!;
      run(movesAtOnce ? 'step' : 'gradients', batch);
      if (!movesAtOnce && first + part === images.length) run('update', batch);
    }
    return sum / images.length;
  });

  const whole: Batch = { rows: imageCount, first: 0, startsSum: true, scale: 1, noise: 0 };
  run('swap', whole);
  plan.staged.data.set(golden.pixels);
  run('predict', whole);
  const table = Float32Array.from({ length: imageCount * golden.classCount }, (_value, index) =>
    probabilities.get(Math.floor(index / golden.classCount), index % golden.classCount),
  );
  return { losses, tensors: readTensors(plan.parameters), probabilities: table };
}
