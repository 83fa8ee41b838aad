import { Random } from '../../../src-shared/random.ts';
import { activations } from '../activations/catalogue.ts';
import { Arena } from '../arena.ts';
import { panelMatrix, roomForPanels, type Matrix, type Operand } from '../matrix.ts';
import type { KernelBuild, Kernels, Part } from './kernels.ts';
import { referenceKernels } from './reference.ts';

/** Odd sizes, so that every kernel also meets its rest. */
const sizes = { rows: 7, depth: 19, columns: 13 };
/** Float32 sums of some 20 products and the approximated exponentials stay well within this. */
const tolerance = 1e-5;

function wholeOf({ rows, columns }: Matrix): Part {
  return { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
}

interface Matrices {
  a: Matrix;
  /** `a` and its transpose, as left sides. */
  rows: Operand;
  columns: Operand;
  b: Matrix;
  /** In panels. */
  bt: Matrix;
  c: Matrix;
  d: Matrix;
}

/** Runs what every network needs on the same numbers; the results in one list. */
function run(kernels: Kernels, arena: Arena, memory: WebAssembly.Memory, matrices: Matrices): number[] {
  const { a, rows, columns, b, bt, c, d } = matrices;
  arena.bind(memory.buffer);
  const random = Random.fromSeed(1, 'self-check');
  for (const matrix of [a, b, bt])
    matrix.data.forEach((_value, index) => (matrix.data[index] = random.uniform(-1, 1)));
  const results: number[] = [];
  const keep = (matrix: Matrix): void => {
    for (let row = 0; row < matrix.rows; row += 1) {
      for (let column = 0; column < matrix.columns; column += 1) results.push(matrix.get(row, column));
    }
  };
  kernels.multiplyByTranspose(rows, bt, c, wholeOf(c));
  keep(c);
  kernels.multiply(rows, b, c, sizes.depth, false, wholeOf(c));
  kernels.addBias(b, c, wholeOf(c));
  keep(c);
  kernels.multiply(columns, c, d, sizes.rows, false, wholeOf(d));
  kernels.multiply(columns, c, d, sizes.rows, true, wholeOf(d));
  keep(d);
  for (const activation of activations) {
    kernels.multiply(rows, b, c, sizes.depth, false, wholeOf(c));
    kernels.activate(activation, c, c, wholeOf(c));
    keep(c);
  }
  kernels.softmax(c, 0, sizes.rows);
  keep(c);
  return results;
}

/** Whether the build, run on this machine, gives the reference's numbers on a small example. */
export function agreesWithReference(build: KernelBuild): boolean {
  const arena = new Arena('float32');
  const { rows, depth, columns } = sizes;
  const a = arena.matrix(rows, depth);
  const matrices = {
    a,
    rows: arena.operand(a),
    columns: arena.transposedOperand(a),
    b: arena.matrix(depth, columns),
    bt: panelMatrix(arena.numbers(roomForPanels(columns, depth)), 0, columns, depth),
    c: arena.matrix(rows, columns),
    d: arena.matrix(depth, columns),
  };
  const scratch = arena.bytes(build.scratchBytes);
  const memory = arena.createMemory();
  try {
    const expected = run(referenceKernels, arena, memory, matrices);
    const actual = run(build.create(memory, scratch.byteOffset), arena, memory, matrices);
    return expected.every(
      (value, index) => Math.abs(value - actual[index]!) <= tolerance * Math.max(1, Math.abs(value)),
    );
  } catch {
    return false;
  }
}
