// Plans a network: where each of its numbers lies and the flat lists of operations that a pass over it consists of.
// Planning allocates nothing and depends on the specification alone, so every thread plans for itself and agrees.
import type { Component } from '../../src-shared/schemas/component.ts';
import { placeLayers, tensorName, type PlacedLayer } from './architecture.ts';
import { Arena, strideOf, type FloatArray, type Matrix, type Precision, type Region } from './arena.ts';
import { choose, optimizers } from './catalogue.ts';
import { partColumns, type ImageSource, type Penalties } from './kernels/kernels.ts';
import type { LayerOutput, Parameter, ParameterShape, PlannedLayer } from './layers/layer.ts';
import { planLoss, planSoftmax, type PlannedLoss } from './losses/crossEntropy.ts';
import { rowUnit, type Operation } from './operation.ts';
import { maximumConstants } from './optimizers/optimizer.ts';
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

/** `predict` goes over the staged images; `gradients` over a batch to train on; `update` moves the parameters. */
export type PassName = 'predict' | 'gradients' | 'update';

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
  training: TrainingRegions | null;
  passes: Record<PassName, Operation[]>;
}

/** Numbers that a parameter takes in the arena. */
const roomFor = ({ rows, columns }: ParameterShape): number => rows * strideOf(columns);

interface ParameterBlock {
  values: Region<FloatArray>;
  gradients: Region<FloatArray> | null;
  slots: Region<FloatArray>[];
  /** The weights of all layers come first, up to here, then the biases. */
  weightCount: number;
  parameters: Parameter[];
  bytesPerNumber: number;
}

/** All parameters in one block, their gradients and the optimizer's slots in others of the same layout. */
function planParameters(
  arena: Arena,
  placed: readonly PlacedLayer[],
  specification: NetworkSpecification,
): ParameterBlock {
  const { training, precision } = specification;
  const wanted = placed.flatMap(({ parameterShapes }, index) =>
    parameterShapes.map((shape) => ({ shape, tensorName: tensorName(index, shape.name) })),
  );
  const isWeight = ({ shape }: (typeof wanted)[number]): boolean => shape.name === 'weight';
  const countOf = (some: typeof wanted): number => some.reduce((sum, { shape }) => sum + roomFor(shape), 0);
  const count = countOf(wanted);
  const slotCount =
    training === null ? 0 : choose(optimizers, training.optimizer, 'optimizer').entry.slots.length;
  const values = arena.numbers(count);
  const gradients = training === null ? null : arena.numbers(count);
  const slots = Array.from({ length: slotCount }, () => arena.numbers(count));

  const weightCount = countOf(wanted.filter(isWeight));
  const next = { weight: 0, bias: weightCount };
  const parameters = wanted.map(({ shape, tensorName }): Parameter => {
    const first = next[shape.name];
    next[shape.name] += roomFor(shape);
    const within = (region: Region<FloatArray>): Matrix =>
      arena.matrixWithin(region, first, shape.rows, shape.columns);
    return {
      ...shape,
      tensorName,
      values: within(values),
      gradient: gradients === null ? null : within(gradients),
    };
  });
  return {
    values,
    gradients,
    slots,
    weightCount,
    parameters,
    bytesPerNumber: precision === 'float32' ? 4 : 8,
  };
}

/** The operation that turns bytes into numbers, at the start of a pass. */
function planGather(source: ImageSource, output: Matrix, isStaged: boolean): Operation {
  return {
    split: 'rows',
    count: output.rows,
    unit: rowUnit,
    run: (kernels, batch, from, to) => kernels.gather(source, isStaged ? 0 : batch.first, output, from, to),
  };
}

/** The penalties' gradients and the optimizer's step, over all parameters at once. */
function planUpdate(
  block: ParameterBlock,
  gradients: Region<FloatArray>,
  constants: Region<Float64Array>,
  { optimizer, penalties }: TrainingSpecification,
): Operation {
  const { entry } = choose(optimizers, optimizer, 'optimizer');
  const { values, slots, weightCount } = block;
  const isPenalised = penalties.l1 > 0 || penalties.l2 > 0;
  return {
    split: 'parameters',
    count: values.length,
    unit: partColumns,
    run: (kernels, _batch, from, to) => {
      if (isPenalised && from < weightCount) {
        kernels.penalize(values, gradients, penalties, from, Math.min(to, weightCount));
      }
      kernels.update(entry, constants, values, gradients, slots, from, to);
    },
  };
}

/** Plans the network. Throws `recipe.invalid`. */
export function planNetwork(specification: NetworkSpecification): NetworkPlan {
  const { architecture, rows, training, precision } = specification;
  const arena = new Arena(precision);
  const placed = placeLayers(architecture);
  const block = planParameters(arena, placed, specification);
  const { height, width, channels } = architecture.shape;
  const imageBytes = height * width * channels;
  const staged = arena.bytes(rows * imageBytes);
  const input: LayerOutput = { output: arena.matrix(rows, imageBytes), dOutput: null };

  let last = input;
  let parameterIndex = 0;
  const planned: PlannedLayer[] = [];
  const layers = placed.map((one) => {
    const parameters = block.parameters.slice(parameterIndex, parameterIndex + one.parameterShapes.length);
    parameterIndex += parameters.length;
    const before = arena.sizeBytes;
    const layer = one.layer.plan({
      arena,
      component: one.component,
      input: last,
      parameters,
      rows,
      isTraining: training !== null,
    });
    planned.push(layer);
    last = layer;
    const copies = training === null ? 1 : 2 + block.slots.length;
    const parameterBytes =
      one.parameterShapes.reduce((sum, shape) => sum + roomFor(shape), 0) * block.bytesPerNumber;
    return { placed: one, memoryBytes: copies * parameterBytes + arena.sizeBytes - before };
  });

  const forward = planned.flatMap((layer) => layer.forward);
  const stagedSource: ImageSource = { images: staged, imageBytes, order: null };
  const plan: NetworkPlan = {
    arena,
    layers,
    parameters: block.parameters,
    staged,
    probabilities: last.output,
    training: null,
    passes: {
      predict: [planGather(stagedSource, input.output, true), ...forward, planSoftmax(last.output)],
      gradients: [],
      update: [],
    },
  };
  if (training === null || block.gradients === null || last.dOutput === null) return plan;

  const images = arena.bytes(training.imageCount * imageBytes);
  const labels = arena.bytes(training.imageCount);
  const order = arena.indices(training.imageCount);
  const constants = arena.doubles(maximumConstants);
  const loss = planLoss(arena, { logits: last.output, dLogits: last.dOutput }, labels, order);
  plan.training = { images, labels, order, constants, gradients: block.gradients, ...loss };
  plan.passes.gradients = [
    planGather({ images, imageBytes, order }, input.output, false),
    ...forward,
    loss.operation,
    ...planned.toReversed().flatMap((layer) => layer.backward),
    ...planned.flatMap((layer) => layer.gradients),
  ];
  plan.passes.update = [planUpdate(block, block.gradients, constants, training)];
  return plan;
}
