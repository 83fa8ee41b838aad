import type { Activation } from '../activations/activation.ts';
import type { FloatArray, Region } from '../region.ts';
import type { Matrix, Operand } from '../matrix.ts';
import type { DropoutKernels } from './dropout.ts';
import type { FlatteningKernels } from './flattening.ts';
import type { NormalizationKernels } from './normalization.ts';
import type { PoolingKernels } from './pooling.ts';
import type { PreluKernels } from './prelu.ts';
import type { WindowKernels } from './windows.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { AugmentationKernels } from './augmentation.ts';
import type { AveragingKernels } from './averaging.ts';
import type { ImageKernels } from './images.ts';
import type { LimitKernels } from './limits.ts';
import type { LossKernels } from './losses.ts';

/** The part of a matrix that a call computes; ends are exclusive. */
export interface Part {
  fromRow: number;
  toRow: number;
  /** A multiple of `panelColumns`. */
  fromColumn: number;
  toColumn: number;
}

/**
 * The arithmetic of the network. Every number is made by one call in one fixed order, whatever the part, so that any
 * split among threads gives the same bits. Activations have room for whole panels: what they hold past their own columns
 * may be overwritten. In parameters those columns are left as they are.
 */
export interface Kernels
  extends
    AugmentationKernels,
    AveragingKernels,
    DropoutKernels,
    FlatteningKernels,
    ImageKernels,
    LimitKernels,
    LossKernels,
    NormalizationKernels,
    PoolingKernels,
    PreluKernels,
    WindowKernels {
  readonly name: string;
  /**
   * A part of `c (rows, columns) = a (rows, depth) b (depth, columns)`; adds to `c` if `accumulate`. Sums are made in
   * blocks of a fixed depth, so they depend on `depth` alone.
   */
  multiply(a: Operand, b: Matrix, c: Matrix, depth: number, accumulate: boolean, part: Part): void;
  /** A part of `c (rows, columns) = a (rows, depth) bᵀ`, with `b (columns, depth)` in panels. */
  multiplyByTranspose(a: Operand, b: Matrix, c: Matrix, part: Part): void;
  /** Adds `bias (1, columns)` to each row of a part. */
  addBias(bias: Matrix, output: Matrix, part: Part): void;
  /**
   * Columns `fromColumn` (a multiple of `panelColumns`) to `toColumn - 1` of `sums (1, columns)` = the sums over the
   * first `depth` rows; adds to `sums` if `accumulate`.
   */
  sumRows(
    matrix: Matrix,
    sums: Matrix,
    depth: number,
    accumulate: boolean,
    fromColumn: number,
    toColumn: number,
  ): void;
  /** A part of `output = activation(input)`; the two may be one matrix. */
  activate(activation: Activation, input: Matrix, output: Matrix, part: Part): void;
  /** A part of `dOutput *= slope`: the gradient of the output becomes that of the input. */
  backpropagate(activation: Activation, input: Matrix, output: Matrix, dOutput: Matrix, part: Part): void;
  /**
   * Parameters `from` to `to - 1`: `g += l1 sign(w) + l2 w`. Weights that have shrunk to where numbers are subnormal
   * become 0.
   */
  penalize(
    parameters: Region<FloatArray>,
    gradients: Region<FloatArray>,
    penalties: Penalties,
    from: number,
    to: number,
  ): void;
  /** The optimizer's step on parameters `from` to `to - 1`, both multiples of `panelColumns`. */
  update(
    optimizer: Optimizer,
    constants: Region<Float64Array>,
    parameters: Region<FloatArray>,
    gradients: Region<FloatArray>,
    slots: readonly Region<FloatArray>[],
    from: number,
    to: number,
  ): void;
}

export interface Penalties {
  l1: number;
  l2: number;
}

/** One build of the kernels. */
export interface KernelBuild {
  /** As recorded with a run: `wasm-relaxed`, `reference`. */
  name: string;
  /** Memory that each thread's kernels need for themselves. */
  scratchBytes: number;
  /** The kernels on a memory, with the thread's scratch memory at `scratch`. */
  create(memory: WebAssembly.Memory, scratch: number): Kernels;
}
