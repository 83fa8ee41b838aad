import type { Activation } from '../activations/activation.ts';
import type { FloatArray, Matrix, Region } from '../arena.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';

/** The part of a matrix that a call computes; ends are exclusive. */
export interface Part {
  fromRow: number;
  toRow: number;
  /** A multiple of `partColumns`: parts that two threads compute at once share no cache line. */
  fromColumn: number;
  toColumn: number;
}

/** Columns are shared out in this unit. */
export const partColumns = 16;

/** Images as bytes `(images, imageBytes)` and which of them to take. */
export interface ImageSource {
  images: Region<Uint8Array>;
  imageBytes: number;
  /** The images' numbers in the order of training; null takes them as they lie. */
  order: Region<Uint32Array> | null;
}

/**
 * The arithmetic of the network. Every number is made by one call in one fixed order, whatever the part, so that any
 * split among threads gives the same bits. Columns past a matrix's own, up to its stride, may be overwritten.
 */
export interface Kernels {
  readonly name: string;
  /** Rows of `output (rows, imageBytes)` = the source's images `first + row`, divided by 255. */
  gather(source: ImageSource, first: number, output: Matrix, fromRow: number, toRow: number): void;
  /** A part of `c (rows, columns) = a (rows, depth) b (depth, columns)`. */
  multiply(a: Matrix, b: Matrix, c: Matrix, part: Part): void;
  /** A part of `c (rows, columns) = a (rows, depth) bᵀ`, with `b (columns, depth)`. */
  multiplyByTranspose(a: Matrix, b: Matrix, c: Matrix, part: Part): void;
  /** A part of `c (rows, columns) = aᵀ b`, over the first `depth` rows of `a` and `b`; adds to `c` if `accumulate`. */
  multiplyTranspose(a: Matrix, b: Matrix, c: Matrix, depth: number, accumulate: boolean, part: Part): void;
  /** Adds `bias (1, columns)` to each row of a part. */
  addBias(bias: Matrix, output: Matrix, part: Part): void;
  /** `sums (1, columns)` = the sums over the first `depth` rows; adds to `sums` if `accumulate`. */
  sumRows(matrix: Matrix, sums: Matrix, depth: number, accumulate: boolean): void;
  /** A part of `output = activation(input)`; the two may be one matrix. */
  activate(activation: Activation, input: Matrix, output: Matrix, part: Part): void;
  /** A part of `dOutput *= slope`: the gradient of the output becomes that of the input. */
  backpropagate(activation: Activation, input: Matrix, output: Matrix, dOutput: Matrix, part: Part): void;
  /** Rows of logits become class probabilities, `e^z / sum e^z`. */
  softmax(logits: Matrix, fromRow: number, toRow: number): void;
  /**
   * Softmax, categorical cross-entropy and its gradient in one pass over rows: `losses[row] = -ln p[label]`,
   * `hits[row]` 1 where the label has the largest logit (the first one on a tie), else 0,
   * `dLogits = (p - onehot(label)) * scale`. The logits are left as `e^(z - max)`.
   */
  softmaxCrossEntropy(target: LossTarget, scale: number, fromRow: number, toRow: number): void;
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
  /** The optimizer's step on parameters `from` to `to - 1`, both multiples of `partColumns`. */
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

export interface LossTarget {
  /** `(rows, classes)` */
  logits: Matrix;
  dLogits: Matrix;
  /** One class a row. */
  labels: Region<Uint8Array>;
  losses: Region<FloatArray>;
  hits: Region<FloatArray>;
}

export interface Penalties {
  l1: number;
  l2: number;
}

/** One build of the kernels. */
export interface KernelBuild {
  /** As recorded with a run: `wasm-simd`, `reference`. */
  name: string;
  /** Memory that each thread's kernels need for themselves. */
  scratchBytes: number;
  /** The kernels on a memory, with the thread's scratch memory at `scratch`. */
  create(memory: WebAssembly.Memory, scratch: number): Kernels;
}
