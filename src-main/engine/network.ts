// Plans a network: where each of its numbers lies and the flat lists of operations that a pass over it consists of.
// Planning allocates nothing and depends on the specification alone, so every thread plans for itself and agrees.
import type { Component } from '../../src-shared/schemas/component.ts';
import { placeLayers, type PlacedLayer } from './architecture.ts';
import { Arena, type Precision } from './arena.ts';
import type { FloatArray, Region } from './region.ts';
import { choose, optimizers } from './catalogue.ts';
import type { ImageSource, Penalties } from './kernels/kernels.ts';
import type { GradientOperation, LayerOutput, Parameter, PlannedLayer } from './layers/layer.ts';
import { planLoss, planSoftmax, type PlannedLoss } from './losses/crossEntropy.ts';
import { panelColumns, panelsOf, roomForPanels, type Matrix } from './matrix.ts';
import { dividePass, rowUnit, type Operation, type Piece, type Thread } from './operation.ts';
import { maximumConstants } from './optimizers/optimizer.ts';
import { planParameters, type ParameterBlock } from './parameters.ts';
import type { Architecture } from './types.ts';

export interface TrainingSpecification {
  optimizer: Component;
  penalties: Penalties;
  /** How many images are kept in the arena to train on. */
  imageCount: number;
}

/** Everything that a plan depends on. Plain data: it is sent to the worker threads. */
export interface NetworkSpecification {
  architecture: Architecture;
  /** Images in one pass, at most. */
  rows: number;
  /** Null plans a network that only predicts. */
  training: TrainingSpecification | null;
  precision: Precision;
}

/**
 * `predict` goes over the staged images. Training goes over a batch, or a part of it, with `propagate`: forward, loss and
 * backward. Then `gradients` adds up the gradients of the parameters and `update` moves them; or `step` does both,
 * each parameter moved as soon as its gradient is known.
 */
export const passNames = ['predict', 'propagate', 'gradients', 'update', 'step'] as const;
export type PassName = (typeof passNames)[number];

/** What is in the arena for training only. */
export interface TrainingRegions extends PlannedLoss {
  images: Region<Uint8Array>;
  /** One class an image. */
  labels: Region<Uint8Array>;
  /** The images' numbers in the order in which the epoch takes them. */
  order: Region<Uint32Array>;
  /** Of the step under way, as the optimizer states them. */
  constants: Region<Float64Array>;
  gradients: Region<FloatArray>;
}

export interface NetworkPlan {
  arena: Arena;
  layers: { placed: PlacedLayer; memoryBytes: number }[];
  parameters: Parameter[];
  /** `(rows, imageBytes)`: the images to predict. */
  staged: Region<Uint8Array>;
  /** `(rows, classes)`, after the pass `predict`. */
  probabilities: Matrix;
  /** Numbers of its own that each thread needs. */
  scratchLength: number;
  training: TrainingRegions | null;
  passes: Record<PassName, Piece[]>;
}

/** Lines of parameters are shared in this unit: two low tiles of the matrix kernels. */
const lineUnit = 8;
/** An update reads and writes about this many numbers for each parameter, at the speed of memory: counted as work. */
const workOfUpdate = 50;

/** The operation that turns bytes into numbers, at the start of a pass. */
function planGather(source: ImageSource, output: Matrix, isStaged: boolean): Operation {
  return {
    split: 'rows',
    count: output.rows,
    unit: rowUnit,
    work: output.columns,
    run: ({ kernels, batch }, from, to) =>
      kernels.gather(source, isStaged ? 0 : batch.first, output, from, to),
  };
}

/** The penalties' gradients and the optimizer's step on numbers `from` to `to - 1` of the block. */
type Update = (thread: Thread, from: number, to: number) => void;

function planUpdate(
  { values, slots, weightCount }: ParameterBlock,
  gradients: Region<FloatArray>,
  constants: Region<Float64Array>,
  { optimizer, penalties }: TrainingSpecification,
): Update {
  const { entry } = choose(optimizers, optimizer, 'optimizer');
  const isPenalised = penalties.l1 > 0 || penalties.l2 > 0;
  return ({ kernels }, from, to) => {
    if (isPenalised && from < weightCount) {
      kernels.penalize(values, gradients, penalties, from, Math.min(to, weightCount));
    }
    kernels.update(entry, constants, values, gradients, slots, from, to);
  };
}

/** A gradient as an operation of its own. */
function planGradient(gradient: GradientOperation, rows: number): Operation {
  const { parameter, workPerImage } = gradient;
  return {
    split: 'parameters',
    count: panelsOf(parameter.columns) * parameter.rows,
    unit: lineUnit,
    work: workPerImage * rows,
    run: (thread, from, to) => gradient.run(thread, from, to),
  };
}

/** A gradient with the update that follows it, a few lines at a time, so that they are still in the nearest cache. */
function planGradientAndUpdate(gradient: GradientOperation, rows: number, update: Update): Operation {
  const { parameter, linesAtOnce } = gradient;
  const { first } = parameter.values;
  const operation = planGradient(gradient, rows);
  return {
    ...operation,
    work: operation.work + workOfUpdate * panelColumns,
    run: (thread, from, to) => {
      for (let line = from; line < to; line += linesAtOnce) {
        const end = Math.min(to, line + linesAtOnce);
        gradient.run(thread, line, end);
        update(thread, first + line * panelColumns, first + end * panelColumns);
      }
    },
  };
}

/** Plans the layers one after the other, each on the output of the one before. */
function planLayers(
  arena: Arena,
  placed: readonly PlacedLayer[],
  block: ParameterBlock,
  input: LayerOutput,
  { rows, training, precision }: NetworkSpecification,
): { planned: PlannedLayer; placed: PlacedLayer; memoryBytes: number }[] {
  const bytesPerNumber = precision === 'float32' ? 4 : 8;
  const copies = training === null ? 1 : 2 + block.slots.length;
  let last = input;
  return placed.map((one, index) => {
    const before = arena.sizeBytes;
    const { layer, component, inputShape } = one;
    const parameters = block.byLayer[index] ?? [];
    const isTraining = training !== null;
    const planned = layer.plan({
      arena,
      index,
      component,
      inputShape,
      input: last,
      parameters,
      rows,
      isTraining,
    });
    last = planned;
    const room = parameters.reduce((sum, { rows, columns }) => sum + roomForPanels(rows, columns), 0);
    return { planned, placed: one, memoryBytes: copies * room * bytesPerNumber + arena.sizeBytes - before };
  });
}

/** Plans the network. Throws `recipe.invalid` and `layer.impossible`. */
export function planNetwork(specification: NetworkSpecification): NetworkPlan {
  const { architecture, rows, training, precision } = specification;
  const arena = new Arena(precision);
  const placed = placeLayers(architecture);
  const slotCount =
    training === null ? null : choose(optimizers, training.optimizer, 'optimizer').entry.slots.length;
  const block = planParameters(arena, placed, slotCount);
  const { height, width, channels } = architecture.shape;
  const imageBytes = height * width * channels;
  const staged = arena.bytes(rows * imageBytes);
  const input: LayerOutput = { output: arena.matrix(rows, imageBytes), dOutput: null };
  const layers = planLayers(arena, placed, block, input, specification);
  const planned = layers.map((layer) => layer.planned);
  const last = planned.at(-1) ?? input;
  const divide = (operations: readonly Operation[]): Piece[] => dividePass(operations, rows);

  const stagedSource: ImageSource = { images: staged, imageBytes, order: null };
  const plan: NetworkPlan = {
    arena,
    layers,
    parameters: block.byLayer.flat(),
    staged,
    probabilities: last.output,
    scratchLength: Math.max(0, ...planned.map((layer) => layer.scratchLength)),
    training: null,
    passes: {
      predict: divide([
        planGather(stagedSource, input.output, true),
        ...planned.flatMap((layer) => layer.predict ?? layer.forward),
        planSoftmax(last.output),
      ]),
      propagate: [],
      gradients: [],
      update: [],
      step: [],
    },
  };
  if (training === null || block.gradients === null || last.dOutput === null) return plan;

  const images = arena.bytes(training.imageCount * imageBytes);
  const labels = arena.bytes(training.imageCount);
  const order = arena.indices(training.imageCount);
  const constants = arena.doubles(maximumConstants);
  const loss = planLoss(arena, { logits: last.output, dLogits: last.dOutput }, labels, order);
  plan.training = { images, labels, order, constants, gradients: block.gradients, ...loss };
  plan.passes.propagate = divide([
    planGather({ images, imageBytes, order }, input.output, false),
    ...planned.flatMap((layer) => layer.forward),
    loss.operation,
    ...planned.toReversed().flatMap((layer) => layer.backward),
  ]);
  const gradients = planned.flatMap((layer) => layer.gradients);
  const update = planUpdate(block, block.gradients, constants, training);
  plan.passes.gradients = divide(gradients.map((one) => planGradient(one, rows)));
  plan.passes.update = divide([
    {
      split: 'parameters',
      count: block.trainedCount,
      unit: panelColumns,
      work: workOfUpdate,
      run: update,
    },
  ]);
  plan.passes.step = divide(gradients.map((one) => planGradientAndUpdate(one, rows, update)));
  return plan;
}
