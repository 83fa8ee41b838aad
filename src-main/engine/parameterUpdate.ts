// What becomes of the parameters once their gradients are known: penalties, limits, the optimizer's step, limits on the
// weights, the running average.
import type { Arena } from './arena.ts';
import { choose, optimizers } from './catalogue.ts';
import { panelColumns, panelsOf, type Matrix } from './matrix.ts';
import type { Operation, Thread } from './operation.ts';
import type { Parameter } from './layers/layer.ts';
import type { ParameterBlock } from './parameters.ts';
import type { FloatArray, Region } from './region.ts';
import type { TrainingSpecification } from './trainingSpecification.ts';

/** An update reads and writes about this many numbers for each parameter, at the speed of memory: counted as work. */
export const workOfUpdate = 50;
const workOfSquares = 10;
/** The sum of squares is made of those of blocks of this many numbers, whoever makes them. */
const numbersOfBlock = 4096;
/** Numbers that are scaled before they are used, while they and four others beside each are in the nearest cache. */
const numbersAtOnce = 1024;
/** So that gradients of 0 are not divided by 0; as PyTorch has it. */
const normEpsilon = 1e-6;

/** What an update needs beside the parameters. */
export interface UpdateRegions {
  gradients: Region<FloatArray>;
  /** Of the step under way, as the optimizer states them. */
  constants: Region<Float64Array>;
  /** The running average of what is trained, and what it keeps of itself in the step under way (1 number). */
  averages: Region<FloatArray> | null;
  averageKept: Region<Float64Array>;
}

/** Something done to numbers `from` to `to - 1` of the block. */
export type RangeWork = (thread: Thread, from: number, to: number) => void;

export interface PlannedUpdate {
  /** All of it for a range whose gradients are known; null where it depends on the gradients of all. */
  atOnce: RangeWork | null;
  /** All of it for all parameters, but for `afterwards`. */
  operations: Operation[];
  /** What needs the parameters of whole layers moved. */
  afterwards: Operation[];
}

/** Penalties and the limit on single numbers. */
function planGradientLimits(
  { values, weightCount }: ParameterBlock,
  gradients: Region<FloatArray>,
  { penalties, clipping }: TrainingSpecification,
): RangeWork {
  const isPenalised = penalties.l1 > 0 || penalties.l2 > 0;
  return ({ kernels }, from, to) => {
    if (isPenalised && from < weightCount) {
      kernels.penalize(values, gradients, penalties, from, Math.min(to, weightCount));
    }
    if (clipping.value !== null) kernels.limitValues(gradients, clipping.value, from, to);
  };
}

/** The optimizer's step, and the average where no more is done to the parameters. */
function planMove(
  { values, slots, weightCount }: ParameterBlock,
  { gradients, constants, averages, averageKept }: UpdateRegions,
  { optimizer, maxNorm }: TrainingSpecification,
): RangeWork {
  const { entry } = choose(optimizers, optimizer, 'optimizer');
  const firstAveraged = maxNorm === null ? 0 : weightCount;
  return ({ kernels }, from, to) => {
    kernels.update(entry, constants, values, gradients, slots, from, to);
    if (averages === null || to <= firstAveraged) return;
    kernels.average(averages, values, averageKept.data[0]!, Math.max(from, firstAveraged), to);
  };
}

/** The gradients' norm, all together, and then the update with those that are too long scaled down. */
function planLimitedUpdate(
  arena: Arena,
  trainedCount: number,
  gradients: Region<FloatArray>,
  norm: number,
  limitGradients: RangeWork,
  move: RangeWork,
): Operation[] {
  const blocks = arena.doubles(Math.ceil(trainedCount / numbersOfBlock));
  const factor = arena.doubles(1);
  return [
    {
      split: 'parameters',
      count: trainedCount,
      unit: numbersOfBlock,
      work: workOfSquares,
      run: (thread, from, to) => {
        for (let first = from; first < to; first += numbersOfBlock) {
          const end = Math.min(to, first + numbersOfBlock);
          limitGradients(thread, first, end);
          blocks.data[first / numbersOfBlock] = thread.kernels.sumSquares(gradients, first, end);
        }
      },
    },
    {
      split: 'columns',
      count: 1,
      unit: 1,
      work: blocks.length,
      run: () => {
        let sum = 0;
        for (let block = 0; block < blocks.length; block += 1) sum += blocks.data[block]!;
        factor.data[0] = Math.min(1, norm / (Math.sqrt(sum) + normEpsilon));
      },
    },
    {
      split: 'parameters',
      count: trainedCount,
      unit: panelColumns,
      work: workOfUpdate,
      run: (thread, from, to) => {
        const scale = factor.data[0]!;
        for (let first = from; first < to; first += numbersAtOnce) {
          const end = Math.min(to, first + numbersAtOnce);
          if (scale !== 1) thread.kernels.scale(gradients, scale, first, end);
          move(thread, first, end);
        }
      },
    },
  ];
}

/** Limits the norm of the weights into each unit, and then averages them, panel by panel. */
function planMaxNorm(
  parameters: readonly Parameter[],
  { averages, averageKept }: UpdateRegions,
  maxNorm: number,
): Operation[] {
  const panels = parameters
    .filter(({ kind }) => kind === 'weight')
    .flatMap(({ values }) =>
      Array.from({ length: panelsOf(values.columns) }, (_one, panel) => ({ values, panel })),
    );
  const numbersOf = ({ rows }: Matrix): number => rows * panelColumns;
  const numbers = panels.reduce((sum, { values }) => sum + numbersOf(values), 0);
  return [
    {
      split: 'columns',
      count: panels.length,
      unit: 1,
      work: (workOfSquares * numbers) / panels.length,
      run: ({ kernels }, from, to) => {
        for (let index = from; index < to; index += 1) {
          const { values, panel } = panels[index]!;
          kernels.limitColumns(values, panel, maxNorm);
          if (averages === null) continue;
          const first = values.first + panel * values.panelStride;
          kernels.average(averages, values.region, averageKept.data[0]!, first, first + numbersOf(values));
        }
      },
    },
  ];
}

/** Plans the update of a block of parameters. Throws `recipe.invalid` for an unknown optimizer. */
export function planUpdate(
  arena: Arena,
  block: ParameterBlock,
  regions: UpdateRegions,
  specification: TrainingSpecification,
): PlannedUpdate {
  const { clipping, maxNorm } = specification;
  const { trainedCount } = block;
  const limitGradients = planGradientLimits(block, regions.gradients, specification);
  const move = planMove(block, regions, specification);
  const afterwards = maxNorm === null ? [] : planMaxNorm(block.byLayer.flat(), regions, maxNorm);
  if (clipping.norm !== null) {
    const { gradients } = regions;
    const operations = planLimitedUpdate(arena, trainedCount, gradients, clipping.norm, limitGradients, move);
    return { atOnce: null, operations, afterwards };
  }
  const atOnce: RangeWork = (thread, from, to) => {
    limitGradients(thread, from, to);
    move(thread, from, to);
  };
  const whole: Operation = {
    split: 'parameters',
    count: trainedCount,
    unit: panelColumns,
    work: workOfUpdate,
    run: atOnce,
  };
  return { atOnce, operations: [whole], afterwards };
}
