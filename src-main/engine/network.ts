// Plans a network: where each of its numbers lies and the flat lists of operations that a pass over it consists of.
// Planning allocates nothing and depends on the specification alone, so every thread plans for itself and agrees.
import { placeLayers, type PlacedLayer } from './architecture.ts';
import { Arena, type Precision } from './arena.ts';
import { planAugmentation } from './augmentation.ts';
import type { FloatArray, Region } from './region.ts';
import { choose, optimizers } from './catalogue.ts';
import type { ImageSource } from './kernels/images.ts';
import type { GradientOperation, LayerOutput, Parameter, PlannedLayer } from './layers/layer.ts';
import { planLoss, planSoftmax, type LossSource, type PlannedLoss } from './losses/crossEntropy.ts';
import { panelColumns, panelsOf, roomForPanels, type Matrix } from './matrix.ts';
import { dividePass, rowUnit, type Operation, type Piece } from './operation.ts';
import { maximumConstants } from './optimizers/optimizer.ts';
import { planParameters, type ParameterBlock } from './parameters.ts';
import { planUpdate, workOfUpdate, type RangeWork, type UpdateRegions } from './parameterUpdate.ts';
import type { TrainingSpecification } from './trainingSpecification.ts';
import type { Architecture } from './types.ts';

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
 * each parameter moved as soon as its gradient is known, where no limit on all gradients together forbids it. `swap`
 * exchanges what is trained with its running average.
 */
export const passNames = ['predict', 'propagate', 'gradients', 'update', 'step', 'swap'] as const;
export type PassName = (typeof passNames)[number];

/** What is in the arena for training only. */
export interface TrainingRegions extends PlannedLoss, LossSource, UpdateRegions {
  images: Region<Uint8Array>;
  /** What the step's images are changed by, one word; null where they are left as they are. */
  augmentationKey: Region<Uint32Array> | null;
  /** All parameters; what is trained of them lies first, as in `averages`. */
  values: Region<FloatArray>;
  /** What the optimizer remembers, under its names; laid out as what is trained is. */
  slots: { name: string; region: Region<FloatArray> }[];
  /** Whether there is a pass `step`. */
  canMoveAtOnce: boolean;
}

export interface NetworkPlan {
  arena: Arena;
  layers: { placed: PlacedLayer; memoryBytes: number }[];
  parameters: Parameter[];
  /** `(rows, imageBytes)`: the images to predict. */
  staged: Region<Uint8Array>;
  /** `(rows, features)`, after the pass `predict`: what the output layer sees. */
  hidden: Matrix;
  /** `(rows, classes)`, after the pass `predict`. */
  probabilities: Matrix;
  /** Numbers of its own that each thread needs. */
  scratchLength: number;
  training: TrainingRegions | null;
  passes: Record<PassName, Piece[]>;
}

/** Lines of parameters are shared in this unit: two low tiles of the matrix kernels. */
const lineUnit = 8;
/** The operation that turns the bytes of the images to predict into numbers. */
function planStagedGather(images: Region<Uint8Array>, imageBytes: number, output: Matrix): Operation {
  const source: ImageSource = { images, imageBytes, order: null };
  return {
    split: 'rows',
    count: output.rows,
    unit: rowUnit,
    work: output.columns,
    run: ({ kernels }, from, to) => kernels.gather(source, 0, output, from, to),
  };
}

/** The same with the images of a batch, or those made of them, mixed in pairs where `partnerShare` says how. */
function planBatchGather(
  source: ImageSource,
  partnerShare: Region<Float64Array> | null,
  output: Matrix,
): Operation {
  return {
    split: 'rows',
    count: output.rows,
    unit: rowUnit,
    work: output.columns,
    run: ({ kernels, batch }, from, to) => {
      const first = source.order === null ? 0 : batch.first;
      if (partnerShare === null) kernels.gather(source, first, output, from, to);
      else kernels.gatherMixed(source, first, batch.rows, partnerShare.data[0]!, output, from, to);
    },
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
function planGradientAndUpdate(gradient: GradientOperation, rows: number, update: RangeWork): Operation {
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

/** The trained parameters change places with their running averages. */
function planSwap({ values, trainedCount }: ParameterBlock, averages: Region<FloatArray>): Operation {
  return {
    split: 'parameters',
    count: trainedCount,
    unit: panelColumns,
    work: workOfUpdate,
    run: ({ kernels }, from, to) => kernels.swap(values, averages, from, to),
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
  const averageCopies = training === null || training.weightAveraging === null ? 0 : 1;
  const copies = training === null ? 1 : 2 + block.slots.length + averageCopies;
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
      isFrozen: false,
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
  const slotNames =
    training === null ? null : choose(optimizers, training.optimizer, 'optimizer').entry.slots;
  const block = planParameters(arena, placed, slotNames?.length ?? null);
  const { height, width, channels } = architecture.shape;
  const imageBytes = height * width * channels;
  const staged = arena.bytes(rows * imageBytes);
  const input: LayerOutput = { output: arena.matrix(rows, imageBytes), dOutput: null };
  const layers = planLayers(arena, placed, block, input, specification);
  const planned = layers.map((layer) => layer.planned);
  const last = planned.at(-1) ?? input;
  const divide = (operations: readonly Operation[]): Piece[] => dividePass(operations, rows);

  const plan: NetworkPlan = {
    arena,
    layers,
    parameters: block.byLayer.flat(),
    staged,
    hidden: planned.at(-2)?.output ?? input.output,
    probabilities: last.output,
    scratchLength: Math.max(0, ...planned.map((layer) => layer.scratchLength)),
    training: null,
    passes: {
      predict: divide([
        planStagedGather(staged, imageBytes, input.output),
        ...planned.flatMap((layer) => layer.predict ?? layer.forward),
        planSoftmax(last.output),
      ]),
      propagate: [],
      gradients: [],
      update: [],
      step: [],
      swap: [],
    },
  };
  if (training === null || block.gradients === null || last.dOutput === null) return plan;

  const { imageCount } = training;
  const lossSource: LossSource = {
    labels: arena.bytes(imageCount),
    order: arena.indices(imageCount),
    classWeights: training.classWeights === 'none' ? null : arena.numbers(architecture.classCount),
    partnerShare: training.mixup === 0 ? null : arena.doubles(1),
    smoothing: training.labelSmoothing,
  };
  const loss = planLoss(arena, { logits: last.output, dLogits: last.dOutput }, lossSource);
  const updateRegions: UpdateRegions = {
    gradients: block.gradients,
    constants: arena.doubles(maximumConstants),
    averages: training.weightAveraging === null ? null : arena.numbers(block.trainedCount),
    averageKept: arena.doubles(1),
  };
  const update = planUpdate(arena, block, updateRegions, training);
  const { atOnce } = update;
  const images = arena.bytes(imageCount * imageBytes);
  const batchSource: ImageSource = { images, imageBytes, order: lossSource.order };
  const augmented = planAugmentation(arena, batchSource, architecture.shape, rows, training);
  plan.scratchLength = Math.max(plan.scratchLength, augmented?.scratchLength ?? 0);
  plan.training = {
    ...lossSource,
    ...loss,
    ...updateRegions,
    images,
    augmentationKey: augmented?.key ?? null,
    values: block.values,
    slots: block.slots.map((region, index) => ({ name: slotNames?.[index] ?? '', region })),
    canMoveAtOnce: atOnce !== null,
  };
  plan.passes.propagate = divide([
    ...(augmented === null ? [] : [augmented.operation]),
    planBatchGather(augmented?.output ?? batchSource, lossSource.partnerShare, input.output),
    ...planned.flatMap((layer) => layer.forward),
    loss.operation,
    ...planned.toReversed().flatMap((layer) => layer.backward),
  ]);
  const gradients = planned.flatMap((layer) => layer.gradients);
  plan.passes.gradients = divide(gradients.map((one) => planGradient(one, rows)));
  plan.passes.update = divide([...update.operations, ...update.afterwards]);
  if (atOnce !== null) {
    const moves = gradients.map((one) => planGradientAndUpdate(one, rows, atOnce));
    plan.passes.step = divide([...moves, ...update.afterwards]);
  }
  const { averages } = updateRegions;
  if (averages !== null) plan.passes.swap = divide([planSwap(block, averages)]);
  return plan;
}
